"""How loud a programme is, and what it sounds like when nothing happens."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Samples, Sound
from dubline.sound.resample import at_rate
from dubline.sound.spectrum import Frames

MOMENT = 0.1
"""Seconds. Long enough for a window of the spectrum, short enough to fit between two sentences."""
QUIETEST = 0.1
MOST_MOMENTS = 200
SILENCE_POWER = 1e-9
"""−90 dBFS. Below it there is no room, only digital silence."""


def powers(sound: Sound, seconds: float) -> npt.NDArray[np.float32]:
    """Mean square of each stretch of that length over all channels; of the whole where it is shorter."""
    size = max(1, min(round(seconds * sound.rate), sound.frames))
    count = sound.frames // size
    stretches = sound.samples[: count * size].reshape(count, size * sound.channels)
    # einsum, because squaring ten minutes first would hold them in memory twice.
    sums = np.einsum("ij,ij->i", stretches, stretches)
    return np.asarray(sums / stretches.shape[1], dtype=np.float32)


def room_tone(sound: Sound, rate: int, frames: Frames) -> Samples:
    """Magnitudes [channels, bins] in the quietest tenth of a programme of [frames, channels].

    Seen at `rate` through windows of `frames`. The median, so that the end of a word in a few of the quiet
    moments does not count. Silence where there is none but digital silence, or less than a window.
    """
    size = round(MOMENT * sound.rate)
    none = np.zeros((sound.channels, frames.bins), dtype=np.float32)
    if sound.frames < size or round(MOMENT * rate) < frames.size:
        return none
    levels = powers(sound, MOMENT)
    quietest = np.argsort(levels, kind="stable")
    quietest = quietest[levels[quietest] > SILENCE_POWER][: max(1, round(QUIETEST * len(levels)))]
    if not len(quietest):
        return none
    chosen = quietest[:: -(-len(quietest) // MOST_MOMENTS)]
    moments = [Sound(sound.samples[at * size : (at + 1) * size], sound.rate) for at in chosen]
    heard = np.stack([at_rate(moment, rate).samples[: frames.size].T for moment in moments])
    return np.asarray(np.median(np.abs(frames.spectra(heard)[..., 0, :]), axis=0), dtype=np.float32)
