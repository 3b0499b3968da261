"""How far a voice's formants lie apart, which tells the length of the throat and mouth it comes from.

A loud or lively man may speak as high as a woman; his third and fourth formants stay where they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Sound
from dubline.sound.resample import at_rate

Numbers = npt.NDArray[np.float64]

RATE = 11_000
"""Puts the first five formants of most voices below half of it."""

ORDER, FRAME, HOP = 11, 330, 165
PRE_EMPHASIS = 0.97
LOWEST, HIGHEST, WIDEST = 150.0, 5200.0, 600.0
MOST_FRAMES = 2000
QUIETEST_SHARE = 0.05
FEWEST = 25


@dataclass(frozen=True)
class VocalTract:
    """`spacing` in Hz between formants; `trust` from 0 to 1 by how often four of them were found."""

    spacing: float
    trust: float


def vocal_tract(parts: Sequence[Sound]) -> VocalTract | None:
    """None where too little is heard."""
    frames = _frames(parts)
    if len(frames) < FEWEST:
        return None
    poles = _poles(_predictors(frames))
    hertz = np.angle(poles) * RATE / (2 * np.pi)
    widths = -np.log(np.abs(poles) + 1e-9) * RATE / np.pi
    formant = (hertz > LOWEST) & (hertz < HIGHEST) & (widths < WIDEST)
    found = np.sort(np.where(formant, hertz, np.inf), axis=1)[:, :4]
    complete = found[np.isfinite(found[:, 3])]
    if len(complete) < FEWEST:
        return None
    third, fourth = np.median(complete[:, 2:], axis=0)
    trust = float(np.clip((len(complete) / len(found) - 0.4) / 0.3, 0.0, 1.0))
    return VocalTract(spacing=float(third / 2.5 + fourth / 3.5) / 2, trust=trust)


def _frames(parts: Sequence[Sound]) -> Numbers:
    views = []
    for part in parts:
        samples = at_rate(part, RATE).samples.reshape(-1).astype(np.float64)
        if samples.size > FRAME:
            sharp = samples[1:] - PRE_EMPHASIS * samples[:-1]
            views.append(np.lib.stride_tricks.sliding_window_view(sharp, FRAME)[::HOP])
    if not views:
        return np.zeros((0, FRAME))
    step = -(-sum(map(len, views)) // MOST_FRAMES)
    frames = np.concatenate([view[::step] for view in views])
    powers = np.square(frames).mean(axis=1)
    loud = float(np.percentile(powers, 90))
    return np.asarray(frames[powers > max(QUIETEST_SHARE * loud, 1e-14)], dtype=np.float64)


def _predictors(frames: Numbers) -> Numbers:
    """[frames, ORDER] coefficients of linear prediction (autocorrelation method)."""
    spectra = np.square(np.abs(np.fft.rfft(frames * np.hamming(FRAME), 1024, axis=1)))
    likeness = np.fft.irfft(spectra, axis=1)[:, : ORDER + 1]
    likeness[:, 0] *= 1.0001  # keeps the equations solvable where a frame is a pure tone
    lags = np.abs(np.arange(ORDER)[:, None] - np.arange(ORDER))
    return np.asarray(np.linalg.solve(likeness[:, lags], likeness[:, 1:, None])[..., 0], dtype=np.float64)


def _poles(predictors: Numbers) -> npt.NDArray[np.complex128]:
    companions = np.zeros((len(predictors), ORDER, ORDER))
    companions[:, 0] = predictors
    companions[:, np.arange(1, ORDER), np.arange(ORDER - 1)] = 1.0
    return np.asarray(np.linalg.eigvals(companions), dtype=np.complex128)
