"""Whether a take says what it should, and what to try where it does not.

A synthesizer now and then babbles, swallows a word or stays silent. It hears nothing of it, so somebody has to
listen: what a recogniser understands, how long it took and how loud it is tell most of what goes wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dubline.craft.hearing import spoken_words, word_error_rate
from dubline.craft.speakable import speakable

TOLERATED_ERRORS = 0.34
"""Recognisers put a word wrong now and then; a third of them, and more than one, is a bad take."""

QUIETEST = -50.0
"""LUFS below which nobody hears anything."""

SHORTEST, LONGEST = 0.5, 1.9
"""Of the expected length: outside, something was swallowed or made up."""

EMPTY, BABBLE, MISHEARD = 3.0, 1.0, 1.0
"""How bad it is, on top of each other; misheard counts by its share of wrong words."""

NUDGES = (0.0, -0.05, 0.05, -0.1, 0.1)
"""A voice says the same words at the same rate the same way each time: another take is a little slower or quicker."""

MOST_TRIES = 3
RATE_STEP = 0.1

_CONJUNCTION = re.compile(
    r"(?<=[\w])(?= (?:y|o|pero|que|e|ou|mas|et|ou|mais|ma|and|or|but|because) \w)", re.IGNORECASE
)


@dataclass(frozen=True)
class Listened:
    """A take as it came out. `heard` is none where nobody can listen in this language."""

    text: str
    language: str
    seconds: float
    expected: float
    loudness: float
    heard: str | None

    @property
    def wrong(self) -> float | None:
        """Word error rate."""
        return None if self.heard is None else wrong_words(self.text, self.heard, self.language)

    @property
    def badness(self) -> float:
        """0 for a good take; orders bad ones."""
        lasting = self.seconds / self.expected if self.expected > 0 else 1.0
        bad = EMPTY * (self.loudness < QUIETEST) + BABBLE * (not SHORTEST <= lasting <= LONGEST)
        if self.wrong is not None and misheard(self.text, self.wrong, self.language):
            bad += MISHEARD * min(self.wrong, 1.0)
        return bad


def wrong_words(text: str, heard: str, language: str) -> float:
    """Word error rate of what was understood, however figures and signs are written on either side."""
    return word_error_rate(speakable(text, language), speakable(heard, language), language)


def misheard(text: str, wrong: float, language: str) -> bool:
    words = len(spoken_words(speakable(text, language), language))
    return wrong > TOLERATED_ERRORS and (round(wrong * words) > 1 or wrong >= 1.0)


def tries(text: str, rate: float, rates: tuple[float, float]) -> Sequence[tuple[str, float]]:
    """Texts and rates to try one after the other, until one comes out well: as ordered; a little slower, or
    quicker where slower is not to be had; then with a breath before its conjunctions."""
    slowest, fastest = rates
    slower, quicker = round(rate - RATE_STEP, 2), round(rate + RATE_STEP, 2)
    other = slower if slower >= slowest else min(quicker, fastest)
    breathed = _CONJUNCTION.sub(",", text)
    wanted = ((text, rate), (text, other), (breathed, rate))
    return tuple(dict.fromkeys(wanted))[:MOST_TRIES]


def nudged(rate: float, number: int, rates: tuple[float, float]) -> float:
    """The rate of a line's nth take."""
    slowest, fastest = rates
    near = (round(rate + nudge, 2) for nudge in NUDGES)
    able = list(dict.fromkeys([rate, *(each for each in near if slowest <= each <= fastest)]))
    return able[number % len(able)]
