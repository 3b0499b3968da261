"""Which windows of a sound are listened to, at what level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.engines.speaker.ge2e.network import BANDS
from dubline.sound.mel import HOP, Mel, power_mel
from dubline.sound.pcm import SPEECH_RATE, Sound

Frames = npt.NDArray[np.int64]

TICKS_PER_FRAME = TICKS_PER_SECOND * HOP // SPEECH_RATE

LEVEL = 10 ** (-30 / 20)
"""Speech is brought to −30 dBFS: the network hears power, not decibels."""


def heard(sound: Sound, speech: Sequence[Span]) -> Mel:
    """The sound's mel spectra at the level its speech should have."""
    samples = sound.samples.reshape(-1)
    spoken = [samples[_sample(span.start) : _sample(span.end)] for span in speech]
    power = sum(float(np.square(part, dtype=np.float64).sum()) for part in spoken)
    rms = np.sqrt(power / max(1, sum(part.size for part in spoken)))
    gain = LEVEL / rms if rms > 0 else 1.0
    return power_mel(samples, BANDS) * np.float32(gain**2)


def starts(first: int, last: int, length: int, step: int) -> Frames:
    """Where windows of a length begin that fill a stretch; a short stretch has one, around its middle."""
    if last - first <= length:
        return np.array([max(0, (first + last - length) // 2)], dtype=np.int64)
    return np.append(np.arange(first, last - length, step), last - length)


def frames_of(span: Span) -> tuple[int, int]:
    return span.start // TICKS_PER_FRAME, -(-span.end // TICKS_PER_FRAME)


def span_of(start: int, length: int) -> Span:
    return Span(start=start * TICKS_PER_FRAME, end=(start + length) * TICKS_PER_FRAME)


def _sample(moment: int) -> int:
    return moment * SPEECH_RATE // TICKS_PER_SECOND
