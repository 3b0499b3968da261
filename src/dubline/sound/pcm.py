"""Sound as everybody here passes it around: float32 samples and their rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dubline.domain.time import TICKS_PER_SECOND, Span

Samples = npt.NDArray[np.float32]

PROGRAMME_RATE = TICKS_PER_SECOND
SPEECH_RATE = 16_000


@dataclass(frozen=True)
class Sound:
    """Samples shaped [frames] for mono or [frames, channels], full scale at ±1."""

    samples: Samples
    rate: int

    @property
    def frames(self) -> int:
        return int(self.samples.shape[0])

    @property
    def duration(self) -> float:
        return self.frames / self.rate

    @property
    def channels(self) -> int:
        return 1 if self.samples.ndim == 1 else int(self.samples.shape[1])

    def mono(self) -> Sound:
        """One channel. Where the channels cancel each other, the louder one is taken instead of their sum."""
        if self.channels == 1:
            return Sound(self.samples.reshape(-1), self.rate)
        return Sound(_downmix(self.samples), self.rate)

    def cut(self, span: Span) -> Sound:
        """The part inside a span, shorter where the sound ends early."""
        first, last = (moment * self.rate // TICKS_PER_SECOND for moment in (span.start, span.end))
        return Sound(self.samples[max(0, first) : max(0, last)], self.rate)


def _downmix(samples: Samples) -> Samples:
    mixed = samples.mean(axis=1, dtype=np.float32)
    powers = np.square(samples, dtype=np.float32).mean(axis=0)
    loudest = int(powers.argmax())
    if float(np.square(mixed).mean()) < 0.05 * float(powers[loudest]):
        return np.ascontiguousarray(samples[:, loudest])
    return np.asarray(mixed, dtype=np.float32)


def silence(frames: int, rate: int, channels: int = 1) -> Sound:
    shape = frames if channels == 1 else (frames, channels)
    return Sound(np.zeros(shape, dtype=np.float32), rate)
