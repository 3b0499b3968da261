"""Cuts silence off the ends of speech without cutting the quiet consonants there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Samples, Sound

HOP_SECONDS = 0.005
WINDOW_HOPS = 2
BELOW_PEAK_DB = 55.0
"""A trailing /s/ or /f/ lies 20 to 45 dB under the loudest vowel; a synthesizer's silence 65 dB and more."""
ABOVE_FLOOR_DB = 8.0
KEEP_BEFORE = 0.015
KEEP_AFTER = 0.030
FADE_SECONDS = 0.005


def trim(sound: Sound) -> Sound:
    """Mono speech from its first audible sound to its last, faded over 5 ms at both ends; empty if none."""
    levels = _levels(sound)
    if levels.size == 0 or not np.isfinite(levels.max()):
        return Sound(sound.samples[:0], sound.rate)
    # A percentile and not the minimum: digital zero at one end says nothing about the noise at the other.
    floor = float(np.percentile(levels[np.isfinite(levels)], 2)) + ABOVE_FLOOR_DB
    peak = float(levels.max())
    audible = np.flatnonzero(levels > min(max(floor, peak - BELOW_PEAK_DB), peak - BELOW_PEAK_DB / 2))
    hop = round(HOP_SECONDS * sound.rate)
    first = max(0, int(audible[0]) * hop - round(KEEP_BEFORE * sound.rate))
    last = (int(audible[-1]) + WINDOW_HOPS) * hop + round(KEEP_AFTER * sound.rate)
    return fade(Sound(sound.samples[first:last], sound.rate))


def fade(sound: Sound, length: float = FADE_SECONDS) -> Sound:
    """Both ends brought to zero, so that neither clicks."""
    frames = min(round(length * sound.rate), sound.frames // 2)
    ramp = np.linspace(0.0, 1.0, frames, endpoint=False, dtype=np.float32)
    samples = sound.samples.copy()
    samples[:frames] *= ramp
    samples[sound.frames - frames :] *= ramp[::-1]
    return Sound(samples, sound.rate)


def _levels(sound: Sound) -> npt.NDArray[np.float64]:
    """Decibels per hop over a window of two hops; consonants raised by a pre-emphasis."""
    hop = round(HOP_SECONDS * sound.rate)
    whole = sound.frames // hop
    if whole < WINDOW_HOPS:
        return np.zeros(0)
    energies = np.square(_raised(sound.samples)[: whole * hop]).reshape(whole, hop).sum(axis=1)
    windows = np.convolve(energies, np.ones(WINDOW_HOPS), mode="valid") / (WINDOW_HOPS * hop)
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(windows), dtype=np.float64)


def _raised(samples: Samples) -> npt.NDArray[np.float64]:
    wide = samples.astype(np.float64)
    return np.asarray(wide - 0.7 * np.concatenate(([0.0], wide[:-1])), dtype=np.float64)
