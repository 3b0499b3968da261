"""What the network says in one go: as many phrases as it takes, cut where a speaker would breathe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dubline.engines.synthesizer.kokoro.clauses import SENTENCE_ENDS

LONGEST = 400
"""Tokens. The network takes 510, but hurries in the last hundred."""

_SENTENCE_PAUSE = 0.35
_CLAUSE_PAUSE = 0.15

Length = Callable[[str], int]


@dataclass(frozen=True)
class Breath:
    """Phonemes for one run of the network, and the silence after it at normal rate."""

    phonemes: str
    pause: float


def breaths(phrases: Sequence[str], length: Length, longest: int = LONGEST) -> list[Breath]:
    """The phrases gathered, none longer than `longest` tokens."""
    found: list[list[str]] = [[]]
    for phrase in (piece for whole in phrases for piece in _pieces(whole, length, longest)):
        current = found[-1]
        if current and length("".join(current)) + length(phrase) > longest:
            kept = _last_sentence(current, length, longest)
            found[-1] = current[:kept]
            found.append(current[kept:])
        found[-1].append(phrase)
    return [_breath("".join(group)) for group in found if length("".join(group)) > 0]


def _pieces(phrase: str, length: Length, longest: int) -> list[str]:
    """A phrase too long for one breath, cut between words; between letters only where there are no words."""
    if length(phrase) <= longest:
        return [phrase]
    middle = len(phrase) // 2
    spaces = [at for at, char in enumerate(phrase) if char == " " and 0 < at < len(phrase) - 1]
    cut = min(spaces, key=lambda at: abs(at - middle)) + 1 if spaces else middle
    return [*_pieces(phrase[:cut], length, longest), *_pieces(phrase[cut:], length, longest)]


def _last_sentence(group: Sequence[str], length: Length, longest: int) -> int:
    """How many phrases to keep: up to the last end of a sentence, unless that wastes two thirds of a breath."""
    for kept in range(len(group), 0, -1):
        ends = group[kept - 1].rstrip(' "”)')[-1:] in SENTENCE_ENDS
        if ends and length("".join(group[:kept])) > longest // 3:
            return kept
    return len(group)


def _breath(phonemes: str) -> Breath:
    text = phonemes.strip()
    ends = text.rstrip('"”)')[-1:] in SENTENCE_ENDS
    return Breath(text, _SENTENCE_PAUSE if ends else _CLAUSE_PAUSE)
