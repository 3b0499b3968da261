"""The background a little softer under the dub, where it is so loud that it would cover it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dubline.domain.script import TurnedDown
from dubline.domain.time import Span, ticks
from dubline.sound.loudness import HOP_SECONDS, SILENCE, integrated
from dubline.sound.pcm import Samples

ABOVE = 9.0
"""LU a voice should stand above what lies under it."""
LEAST, MOST = 0.5, 4.0
"""dB a background is turned down by: less is not heard, more is noticed as coming and going."""

FALL, RISE = ticks(0.3), ticks(0.6)
"""Slow enough that nobody hears it begin or end."""

HOP = ticks(HOP_SECONDS)

Powers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Level:
    """How loud a take is played, in LUFS, and when."""

    span: Span
    loudness: float


def ducked(replaced: Sequence[Span], takes: Sequence[Level], background: Powers) -> list[TurnedDown]:
    """For each stretch without its original voice; `background` has K-weighted powers of every HOP."""
    found = []
    for span in replaced:
        heard = [take for take in takes if take.span.overlap(span)]
        under = integrated(background[span.start // HOP : -(-span.end // HOP)])
        if not heard or under <= SILENCE:
            continue
        missing = min(MOST, ABOVE - (min(take.loudness for take in heard) - under))
        if missing >= LEAST:
            found.append(TurnedDown(span=span, decibels=round(missing, 1)))
    return found


def gains(first: int, length: int, places: Sequence[TurnedDown]) -> Samples:
    """The background's factor at each moment of a range; the way down and up lies within each place."""
    decibels = np.zeros(length, dtype=np.float32)
    for place in places:
        low, high = max(0, place.span.start - first), min(length, place.span.end - first)
        if low < high:
            decibels[low:high] = _slope(np.arange(low + first, high + first), place)
    return np.asarray(10 ** (-decibels / 20), dtype=np.float32)


def _slope(at: npt.NDArray[np.int64], place: TurnedDown) -> Powers:
    span = place.span
    scale = min(1.0, span.length / (FALL + RISE))
    corners = [span.start, span.start + scale * FALL, span.end - scale * RISE, span.end]
    return np.interp(at, corners, [0.0, place.decibels, place.decibels, 0.0])
