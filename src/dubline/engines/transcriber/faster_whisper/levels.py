"""How loud speech is, and bringing quiet speech to the level the recogniser was trained at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Samples

FRAME_SECONDS = 0.01
SILENT_DB = -75.0
"""A window whose loudest moment is below this holds nothing anybody could hear."""
WANTED_DB = -26.0
QUIET_DB = -40.0
MOST_GAIN_DB = 40.0

Levels = npt.NDArray[np.float64]


def frame_levels(samples: Samples, rate: int) -> Levels:
    """RMS level in dBFS of each 10 ms."""
    size = max(1, round(rate * FRAME_SECONDS))
    whole = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    power = np.square(whole - whole.mean(axis=1, keepdims=True)).mean(axis=1)
    return np.asarray(10.0 * np.log10(power + 1e-12))


def speech_level(levels: Levels) -> float:
    """The level of the louder parts, which is speech wherever there is any."""
    return float(np.percentile(levels, 90)) if len(levels) else SILENT_DB


def is_silent(levels: Levels) -> bool:
    return len(levels) == 0 or float(levels.max()) < SILENT_DB


def raised(samples: Samples, rate: int) -> Samples:
    """Quiet speech made as loud as ordinary speech; everything else untouched."""
    level = speech_level(frame_levels(samples, rate))
    if level >= QUIET_DB or level < SILENT_DB:
        return samples
    gain = 10 ** (min(WANTED_DB - level, MOST_GAIN_DB) / 20)
    peak = float(np.abs(samples).max())
    return np.asarray(samples * min(gain, 0.99 / peak), dtype=np.float32)
