"""A take that swells and dies away as the voice it stands for did.

Where a line is stressed and where it falls is told by its loudness over half seconds. Another language has its words
in another order, so only the broad shape is taken over, at a few places of the line, and only part of the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dubline.domain.time import Span, ticks
from dubline.sound.loudness import HOP_SECONDS, weighted_powers
from dubline.sound.pcm import Sound

POINTS = 7
"""Places from the start of a line to its end at which its loudness is known. With five, a line of several phrases
followed its original hardly better than before; nine brought nothing more."""

REACH = 0.4
"""Seconds of speech on either side of a place that count for it, at least: a syllable alone is no shape."""

SHORTEST = 1.0
"""Seconds of speech; in less there is no shape to follow."""

MADE_UP, LEAST, MOST = 0.5, 1.0, 3.0
"""Share of the difference, from which it is worth it, and its bound, both in dB."""

AUDIBLE_SHARE = 0.01
"""Hops softer than this share of the loud ones are pauses."""
SILENT = 1e-8
"""Power below which nothing is heard at all."""

TOGETHER = ticks(0.1)
"""Of another voice in a line; with more its loudness is of both."""

Contour = tuple[float, ...]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Spoken:
    """The hops in which a voice is heard: their middles in seconds, and how powerful they are."""

    moments: Numbers
    powers: Numbers

    @property
    def start(self) -> float:
        return float(self.moments[0]) - HOP_SECONDS / 2

    @property
    def length(self) -> float:
        return float(self.moments[-1] - self.moments[0]) + HOP_SECONDS


def contour_of(voice: Sound) -> Contour:
    """Loudness in dB around its own mean, from the first sound to the last; empty where it says nothing."""
    spoken = _spoken(voice)
    return () if spoken is None else _rounded(_shape(spoken))


def towards(original: Contour, take: Sound) -> Contour:
    """What is done to a take, in dB at even places over all of it, so that it goes more as the original did.

    0 dB on average over its speech, by how much each moment adds to its loudness: a line is as loud as before. Where
    a place would be moved too far the whole curve is flattened, since a bound on one place would move that mean.
    """
    spoken = _spoken(take) if original else None
    if spoken is None:
        return ()
    wanted = MADE_UP * (np.array(original) - _shape(spoken))
    places = (np.linspace(0, take.duration, POINTS) - spoken.start) / spoken.length
    curve = np.interp(places, np.linspace(0, 1, POINTS), wanted)
    curve -= np.average(_between(curve, spoken.moments / take.duration), weights=spoken.powers)
    most = float(np.abs(curve).max())
    return () if most < LEAST else _rounded(curve * min(1.0, MOST / most))


def swelled(take: Sound, curve: Contour) -> Sound:
    """A mono take with its loudness moved along a curve."""
    if not curve or take.frames == 0:
        return take
    decibels = _between(np.array(curve), (np.arange(take.frames) + 0.5) / take.frames)
    samples = take.samples.reshape(-1) * 10 ** (decibels / 20)
    return Sound(samples.astype(np.float32), take.rate)


def alone(span: Span, others: Sequence[Span], unsure: Sequence[Span]) -> bool:
    """Whether what was separated in a line is its own voice and all of it: nobody else speaks in it, and none of
    it stayed in the background."""
    return not any(span.overlap(place) for place in unsure) and all(
        span.overlap(other) <= TOGETHER for other in others
    )


def _spoken(voice: Sound) -> _Spoken | None:
    powers = weighted_powers(voice)
    if len(powers) == 0:
        return None
    heard = powers > max(SILENT, AUDIBLE_SHARE * float(np.percentile(powers, 90)))
    moments = np.asarray((np.flatnonzero(heard) + 0.5) * HOP_SECONDS, dtype=np.float64)
    spoken = _Spoken(moments, powers[heard])
    return spoken if len(moments) and spoken.length >= SHORTEST - HOP_SECONDS / 2 else None


def _shape(spoken: _Spoken) -> Numbers:
    """Powers and not decibels are averaged, so that stressed syllables make the shape and not faint ends of words."""
    places = (spoken.moments - spoken.start) / spoken.length
    reach = max(REACH / spoken.length, 1 / (POINTS - 1))
    away = np.abs(np.linspace(0, 1, POINTS)[:, None] - places) / reach
    # Never quite nothing: a place in a long pause has the loudness of the whole.
    weights = np.cos(np.pi / 2 * np.minimum(away, 1)) ** 2 + 1e-6
    levels = 10 * np.log10(weights @ spoken.powers / weights.sum(axis=1))
    return np.asarray(levels - _between(levels, places).mean())


def _between(points: Numbers, places: Numbers) -> Numbers:
    return np.asarray(np.interp(places, np.linspace(0, 1, len(points)), points))


def _rounded(levels: Numbers) -> Contour:
    return tuple(round(float(level), 2) for level in levels)
