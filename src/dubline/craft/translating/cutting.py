"""A translated sentence cut back into the lines it was spoken in.

Word order differs between languages, so a cut has no one right place. Each line translated by itself shows
roughly which words belong to it; length and punctuation settle the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

STEM = 4
LEAST_SHARED = 0.6
LENGTH_WEIGHT = 20.0
AFTER_PUNCTUATION = 0.3
AFTER_SMALL_WORD = -0.1
_SMALL = """
el la los las un una unos unas de del a al en con por para sin sobre y e o u que se no su sus mi tu lo le les
os as um uma do da dos das no na nos nas em com ao aos the an and of to in
les des du et au aux dans il gli i uno di che è
"""
SMALL_WORDS = frozenset(_SMALL.split())


def cut(sentence: str, sources: Sequence[str], guides: Sequence[str]) -> list[str]:
    """As many pieces as there are source lines, none empty; the guides where there are too few words."""
    words = sentence.split()
    if len(sources) == 1:
        return [sentence]
    if len(words) < len(sources):
        return list(guides)
    belongs = _belonging(words, guides)
    wanted = _wanted_ends(words, sources)
    ends = _best_ends(words, belongs, wanted)
    return [" ".join(words[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def alike(piece: str, guide: str) -> bool:
    """Whether most words of two texts are the same."""
    own, other = (Counter(_stem(word) for word in text.split()) for text in (piece, guide))
    shared = (own & other).total()
    return 2 * shared >= LEAST_SHARED * (own.total() + other.total())


def _stem(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())[:STEM]


def _belonging(words: Sequence[str], guides: Sequence[str]) -> list[list[float]]:
    """For each line and word, how much the word speaks for the line; small words speak softly."""
    stems = [Counter(_stem(word) for word in guide.split()) for guide in guides]
    table = []
    for counted in stems:
        row = []
        for word in words:
            stem = _stem(word)
            lines = sum(stem in other for other in stems)
            weight = 0.2 if word.lower() in SMALL_WORDS else 1.0
            row.append(weight / lines if stem and stem in counted else 0.0)
        table.append(row)
    return table


def _wanted_ends(words: Sequence[str], sources: Sequence[str]) -> list[float]:
    """Where each line would end, in characters of the sentence, if lengths translated evenly."""
    total = sum(len(word) + 1 for word in words)
    lengths = [len(source) + 1 for source in sources]
    ends = [sum(lengths[: place + 1]) for place in range(len(lengths))]
    return [end / ends[-1] * total for end in ends]


def _best_ends(
    words: Sequence[str], belongs: Sequence[Sequence[float]], wanted: Sequence[float]
) -> list[int]:
    """Dynamic programming over line and number of words used so far."""
    lines, count = len(belongs), len(words)
    at = [0]
    for word in words:
        at.append(at[-1] + len(word) + 1)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for line in range(lines):
        sums = [0.0]
        for value in belongs[line]:
            sums.append(sums[-1] + value)
        reached: dict[int, tuple[float, int]] = {}
        for end in range(line + 1, count - (lines - line - 1) + 1):
            if line == lines - 1 and end != count:
                continue
            place = _place_value(words, end, at, wanted[line]) if end < count else 0.0
            options = (
                (score + sums[end] - sums[start] + place, -start)
                for start, (score, _) in best[line].items()
                if start < end
            )
            score, start = max(options)
            reached[end] = (score, -start)
        best.append(reached)
    ends = [count]
    for line in range(lines, 1, -1):
        ends.insert(0, best[line][ends[0]][1])
    return ends


def _place_value(words: Sequence[str], end: int, at: Sequence[int], wanted: float) -> float:
    off = (at[end] - wanted) / at[-1]
    value = -LENGTH_WEIGHT * off * off
    last = words[end - 1]
    if last[-1] in ",.;:!?…":
        return value + AFTER_PUNCTUATION
    return value + (AFTER_SMALL_WORD if last.lower() in SMALL_WORDS else 0.0)
