"""From one sample rate to another."""

from __future__ import annotations

import numpy as np
import soxr

from dubline.sound.pcm import Sound


def at_rate(sound: Sound, rate: int) -> Sound:
    if sound.rate == rate:
        return sound
    return Sound(np.asarray(soxr.resample(sound.samples, sound.rate, rate), dtype=np.float32), rate)
