"""Which windows of a sound are listened to, counted in frames of its mel spectra."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.sound.mel import HOP
from dubline.sound.pcm import SPEECH_RATE

Frames = npt.NDArray[np.int64]

TICKS_PER_FRAME = TICKS_PER_SECOND * HOP // SPEECH_RATE


def starts(first: int, last: int, length: int, step: int) -> Frames:
    """Where windows of a length begin that fill a stretch; a short stretch has one, around its middle."""
    if last - first <= length:
        return np.array([max(0, (first + last - length) // 2)], dtype=np.int64)
    return np.append(np.arange(first, last - length, step), last - length)


def windows(first: int, last: int, length: int, step: int, least: int) -> list[tuple[int, int]]:
    """Start and length of windows that fill a stretch; one that is shorter than a window has its own length,
    in tens of frames so that many of them go through the network at once."""
    if last - first > length:
        return [(int(start), length) for start in starts(first, last, length, step)]
    own = max(least, min(length, (last - first) // 10 * 10))
    return [(max(0, (first + last - own) // 2), own)]


def frames_of(span: Span) -> tuple[int, int]:
    return span.start // TICKS_PER_FRAME, -(-span.end // TICKS_PER_FRAME)


def span_of(start: int, length: int) -> Span:
    return Span(start=start * TICKS_PER_FRAME, end=(start + length) * TICKS_PER_FRAME)
