"""Mel spectra of speech: 25 ms windows every 10 ms, Slaney's scale, each band's weights summing to one area.

Power, not decibels: that is what the speaker encoder was trained on.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import SPEECH_RATE, Samples

Mel = npt.NDArray[np.float32]

WINDOW, HOP = 400, 160
FRAMES_PER_BLOCK = 3000
"""Half a minute at once keeps the complex spectra of an hour out of memory."""

_KNEE_HZ, _HZ_PER_MEL, _KNEE_MEL = 1000.0, 200.0 / 3, 15.0
_LOG_STEP = np.log(6.4) / 27.0


def power_mel(samples: Samples, bands: int) -> Mel:
    """[frames, bands] of 16 kHz mono sound; frame i is centred on sample 160 × i, silence around."""
    frames = 1 + samples.size // HOP
    padded = np.pad(samples, WINDOW // 2)
    views = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    filters, shape = _filters(bands), _hann()
    mel = np.empty((frames, bands), dtype=np.float32)
    for first in range(0, frames, FRAMES_PER_BLOCK):
        spectra = np.fft.rfft(views[first : first + FRAMES_PER_BLOCK] * shape, axis=1)
        mel[first : first + len(spectra)] = np.square(np.abs(spectra)) @ filters
    return mel


@cache
def _hann() -> Samples:
    """Periodic, as spectra want it."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


@cache
def _filters(bands: int) -> npt.NDArray[np.float64]:
    """[bins, bands]: triangles between neighbouring points of the scale, of equal area."""
    points = _hertz(np.linspace(0.0, float(_mels(SPEECH_RATE / 2)), bands + 2))
    bins = np.linspace(0.0, SPEECH_RATE / 2, WINDOW // 2 + 1)[:, None]
    low, peak, high = points[:-2], points[1:-1], points[2:]
    rising, falling = (bins - low) / (peak - low), (high - bins) / (high - peak)
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(triangles * 2.0 / (high - low), dtype=np.float64)


def _mels(hertz: float) -> float:
    if hertz < _KNEE_HZ:
        return hertz / _HZ_PER_MEL
    return float(_KNEE_MEL + np.log(hertz / _KNEE_HZ) / _LOG_STEP)


def _hertz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    linear = mels * _HZ_PER_MEL
    curved = _KNEE_HZ * np.exp(_LOG_STEP * (mels - _KNEE_MEL))
    return np.where(mels < _KNEE_MEL, linear, curved)
