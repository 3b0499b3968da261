"""Who speaks: found apart as they are, and dubbed in voices that can be told apart and stand near the originals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from math import log2

import numpy as np
import numpy.typing as npt

from dubline.craft.hearing import spoken_words
from dubline.domain.script import Line
from dubline.domain.speech import Turn

Vector = npt.NDArray[np.float32]
Pairs = Mapping[tuple[str, str], float]
"""How much somebody found and somebody true have in common."""


def right_share(common: Pairs, whole: float) -> float | None:
    """What lies on the right speaker where every speaker found stands for at most one true one, chosen best."""
    from scipy.optimize import linear_sum_assignment

    if not whole:
        return None
    found, true = sorted({pair[0] for pair in common}), sorted({pair[1] for pair in common})
    table = np.zeros((len(found), len(true)))
    for (one, other), weight in common.items():
        table[found.index(one), true.index(other)] = weight
    return float(table[linear_sum_assignment(-table)].sum()) / whole


def lines_on_right_speaker(lines: Sequence[Line], truth: Sequence[Turn]) -> float | None:
    """Every line belongs to the true speaker whom it shares most time with; lines in silence are wrong."""
    common: dict[tuple[str, str], float] = defaultdict(float)
    for line in lines:
        shares: dict[str, int] = defaultdict(int)
        for turn in truth:
            shares[turn.speaker] += turn.span.overlap(line.span)
        if any(shares.values()):
            common[line.speaker, max(sorted(shares), key=lambda name: shares[name])] += 1
    return right_share(common, len(lines))


def words_on_right_speaker(
    lines: Sequence[Line], said_by: Sequence[tuple[str, str]], language: str
) -> float | None:
    """Where only the order of words is known: recognised words laid beside the true ones, each with its speaker."""
    true = [(word, speaker) for text, speaker in said_by for word in spoken_words(text, language)]
    found = [
        (word, line.speaker)
        for line in sorted(lines, key=lambda line: line.span.start)
        for word in spoken_words(line.source_text, language)
    ]
    common: dict[tuple[str, str], float] = defaultdict(float)
    for mine, theirs in aligned([word for word, _ in found], [word for word, _ in true]):
        common[found[mine][1], true[theirs][1]] += 1
    return right_share(common, sum(common.values()))


def aligned(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Places of words that stand for each other when the fewest words are changed, dropped or added."""
    costs = np.zeros((len(one) + 1, len(other) + 1), dtype=np.int64)
    costs[:, 0], costs[0, :] = range(len(one) + 1), range(len(other) + 1)
    for row, word in enumerate(one, start=1):
        for column, theirs in enumerate(other, start=1):
            change = costs[row - 1, column - 1] + (word != theirs)
            costs[row, column] = min(change, costs[row - 1, column] + 1, costs[row, column - 1] + 1)
    pairs: list[tuple[int, int]] = []
    row, column = len(one), len(other)
    while row and column:
        if costs[row, column] == costs[row - 1, column - 1] + (one[row - 1] != other[column - 1]):
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif costs[row, column] == costs[row - 1, column] + 1:
            row -= 1
        else:
            column -= 1
    return pairs[::-1]


def cosine(one: Vector, other: Vector) -> float:
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size else 0.0


def nearest_pair(voices: Mapping[str, Vector]) -> float | None:
    """The cosine of the two speakers whose dub voices are most alike: 1 is one voice for both."""
    pairs = combinations(sorted(voices), 2)
    return max((cosine(voices[one], voices[other]) for one, other in pairs), default=None)


def mean_vector(rows: Vector) -> Vector:
    """The middle of several unit vectors, as long as one of them."""
    middle = rows.mean(axis=0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), dtype=np.float32)


def semitones(one: float, other: float) -> float:
    """How far apart two pitches are."""
    return abs(12 * log2(one / other))
