"""How far a translation can be trusted to say what was said, without knowing both languages.

The text is translated back and compared with the source. A small network now and then invents a sentence; that
does not find its way back. What is compared is letters in a row, as chrF does, so that other endings and another
order of words cost little.
"""

from __future__ import annotations

import re
from collections import Counter

_SMALL_WORDS = """
the and but for you your are was were has have had that this these those with from what which who they them
their there here then than not can will would could should been being its his her she him our out into about
just very all any some one que los las una uno por para con del como más pero sus les des une est pas dans pour
avec qui sur não uma dos das com che non per una gli della sono
"""
_SMALL = frozenset(_SMALL_WORDS.split())
LONGEST_GRAM = 4
SHORTEST_JUDGED = 12
"""Letters; below, a length says nothing: "Okay" is "Vale", "Never mind" is "No importa"."""
BEARABLE_LENGTH = (0.4, 2.4)
ODD_LENGTH = 0.6
NUMBER_LOST = 0.6
UNKNOWN_WORDS = 0.6


def similarity(one: str, other: str) -> float:
    """0 to 1: what two texts have in common, half of it by the words that carry meaning: "thank you for the visit"
    and "thank you for your kind words" agree in everything else."""
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return float(first == second)
    whole = _shared(first, second)
    meant = _meant(first)
    return (whole + _shared(meant, _meant(second))) / 2 if meant else whole


def _shared(one: str, other: str) -> float:
    """The share of letters in a row, one to four of them, that two texts have in common."""
    shares = []
    for length in range(1, LONGEST_GRAM + 1):
        own, its = _grams(one, length), _grams(other, length)
        if own:
            shares.append(2 * (own & its).total() / (own.total() + its.total()))
    return sum(shares) / len(shares) if shares else 0.0


def _meant(text: str) -> str:
    return " ".join(word for word in text.split() if len(word) > 2 and word not in _SMALL)


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
