"""How far a translation can be trusted to say what was said, without knowing both languages.

The text is translated back and compared with the source. A small network now and then invents a sentence; that
does not find its way back. What is compared is letters in a row, as chrF does, so that other endings and another
order of words cost little.
"""

from __future__ import annotations

import re
from collections import Counter

LONGEST_GRAM = 4
SHORTEST_JUDGED = 12
"""Letters; below, a length says nothing: "Okay" is "Vale", "Never mind" is "No importa"."""
BEARABLE_LENGTH = (0.4, 2.4)
ODD_LENGTH = 0.6
NUMBER_LOST = 0.6
UNKNOWN_WORDS = 0.6


def similarity(one: str, other: str) -> float:
    """0 to 1: the share of letters in a row, one to four of them, that two texts have in common."""
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return float(first == second)
    shares = []
    for length in range(1, LONGEST_GRAM + 1):
        own, its = _grams(first, length), _grams(second, length)
        if own and its:
            shares.append(2 * (own & its).total() / (own.total() + its.total()))
    return sum(shares) / len(shares)


def estimate(
    source: str, text: str, back: str | None, *, untranslated: int = 0, numbers_lost: int = 0
) -> float:
    """0 to 1 for a translation and what came of it on the way back; without a way back nothing speaks against it."""
    value = 1.0 if back is None else similarity(source, back)
    value *= NUMBER_LOST if numbers_lost else 1.0
    value *= _length_factor(source, text)
    share = min(1.0, 2 * untranslated / max(1, len(text.split())))
    return value * (1.0 - (1.0 - UNKNOWN_WORDS) * share)


def _length_factor(source: str, text: str) -> float:
    if len(source) < SHORTEST_JUDGED:
        return 1.0
    least, most = BEARABLE_LENGTH
    return 1.0 if least <= len(text) / len(source) <= most else ODD_LENGTH


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _grams(text: str, length: int) -> Counter[str]:
    return Counter(text[at : at + length] for at in range(len(text) - length + 1))
