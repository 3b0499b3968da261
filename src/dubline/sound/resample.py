"""From one sample rate to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import soxr

from dubline.sound.pcm import Samples, Sound


def at_rate(sound: Sound, rate: int) -> Sound:
    if sound.rate == rate:
        return sound
    return Sound(np.asarray(soxr.resample(sound.samples, sound.rate, rate), dtype=np.float32), rate)


def piecewise(pieces: Iterable[Samples], channels: int, rate: int, target: int) -> Iterator[Samples]:
    """The same samples as `at_rate` gives for the whole, from pieces of [frames, channels] as they come."""
    stream = soxr.ResampleStream(rate, target, channels, dtype="float32")
    for piece in pieces:
        yield np.asarray(stream.resample_chunk(piece), dtype=np.float32).reshape(-1, channels)
    end = np.zeros((0, channels), dtype=np.float32)
    yield np.asarray(stream.resample_chunk(end, last=True), dtype=np.float32).reshape(-1, channels)
