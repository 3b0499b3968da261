"""Where a voice could not be taken out of the background, and what is done about it there.

Whoever still hears speech in the background while somebody speaks hears the original under the dub. Taking more away
would tear holes into everything else; so the background is turned down as a whole for that time, as a broadcaster's
voice-over does, no further than needed and never to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dubline.domain.script import TurnedDown
from dubline.domain.time import Span, seconds, ticks
from dubline.sound.pcm import Samples

STEP = 0.1
"""Seconds for which one power of programme and background is known."""

UNNOTICED = 18.0
"""dB under the original voice; what is left of it below that is not noticed under a dub of the same loudness."""
LEAST, MOST = 1.0, 12.0
"""dB a background is turned down by: less is not heard, more would be a hole."""

SHORTEST = 0.4
"""Seconds of speech; a syllable is no voice that stayed."""
TOGETHER = ticks(1.5)
"""Stretches closer than this are one: a background that goes up and down is worse than one that stays down."""

RAMP = ticks(0.25)

Powers = npt.NDArray[np.float32]


def audible(speech: Sequence[Span], programme: Powers, background: Powers) -> float:
    """Seconds of speech under which the background is loud enough to hide a voice in it."""
    steps = np.zeros(len(background), dtype=bool)
    for span in speech:
        steps[_steps(span)] = True
    loud = background > programme[: len(background)] * 10 ** (-UNNOTICED / 10)
    return float(np.count_nonzero(steps & loud)) * STEP


def still_heard(
    speech: Sequence[Span], left: Sequence[Span], programme: Powers, background: Powers
) -> list[TurnedDown]:
    """Where speech is found in the background, too, and how far that must go down there."""
    found: list[TurnedDown] = []
    for span in _shared(speech, left):
        part = _steps(span)
        level = _decibels(background[part]) - _decibels(programme[part])
        if (needed := min(MOST, UNNOTICED + level)) >= LEAST:
            found.append(TurnedDown(span=span, decibels=round(needed, 1)))
    return _joined(found)


def turned_down(background: Samples, places: Sequence[TurnedDown]) -> Samples:
    """The background [frames, channels] with each place at its level, softly down and up again around it."""
    decibels = np.zeros(len(background), dtype=np.float32)
    for place in places:
        corners = [
            place.span.start - RAMP,
            place.span.start,
            place.span.end,
            place.span.end + RAMP,
        ]
        low, high = max(0, corners[0]), min(len(background), corners[-1])
        slope = np.interp(np.arange(low, high), corners, [0.0, place.decibels, place.decibels, 0.0])
        np.maximum(decibels[low:high], slope, out=decibels[low:high], casting="same_kind")
    return np.asarray(background * 10 ** (-decibels[:, None] / 20), dtype=np.float32)


def _shared(speech: Sequence[Span], left: Sequence[Span]) -> list[Span]:
    both = [
        Span(start=max(span.start, other.start), end=min(span.end, other.end))
        for span in speech
        for other in left
        if span.overlap(other)
    ]
    return [span for span in both if seconds(span.length) >= SHORTEST]


def _joined(places: Sequence[TurnedDown]) -> list[TurnedDown]:
    joined: list[TurnedDown] = []
    for place in places:
        if joined and place.span.start - joined[-1].span.end < TOGETHER:
            joined[-1] = _one(joined[-1], place)
        else:
            joined.append(place)
    return joined


def _one(first: TurnedDown, second: TurnedDown) -> TurnedDown:
    span = Span(start=first.span.start, end=second.span.end)
    return TurnedDown(span=span, decibels=max(first.decibels, second.decibels))


def _steps(span: Span) -> slice:
    first, last = (int(seconds(moment) / STEP) for moment in (span.start, span.end))
    return slice(first, max(last, first + 1))


def _decibels(powers: Powers) -> float:
    return 10 * float(np.log10(max(float(powers.mean()) if len(powers) else 0.0, 1e-12)))
