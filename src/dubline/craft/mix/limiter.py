"""A true-peak limiter whose gain is 1.0 wherever nothing is too loud.

The gain at a moment depends only on the sound within REACH of it and on a grid that starts with the programme,
so a programme mixed in blocks is the same, bit by bit, wherever the blocks are cut.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Samples

CEILING = 10 ** (-1.1 / 20)
"""−1 dBTP with a tenth kept for rounding and for the reader's own interpolation."""

CELL = 48
"""Frames for which one gain is decided: a millisecond."""

SMOOTH = 24
"""Cells over which a gain comes before a peak and goes after it."""

TAPS = 24
PHASES = 4
REACH = (2 * SMOOTH + 4) * CELL + TAPS
"""Frames before and after a moment that its gain may depend on."""

Curve = npt.NDArray[np.float64]


def limited(samples: Samples, first: int, share: Samples) -> Samples:
    """The samples with their peaks held under the ceiling; `first` is the programme's frame they start at. Only
    where `share` is 1: what nobody touched stays as it came, however loud it was made."""
    if len(samples) == 0 or float(np.abs(samples).max()) * _worst_case() <= CEILING:
        return samples
    gains = 1.0 - share * (1.0 - _gains(samples, first))
    return (samples * gains[:, None]).astype(np.float32)


def _gains(samples: Samples, first: int) -> Curve:
    lead = first % CELL
    peaks = np.concatenate([np.zeros(lead), _true_peaks(samples)])
    peaks = np.concatenate([peaks, np.zeros(-len(peaks) % CELL)])
    worst = peaks.reshape(-1, CELL).max(axis=1)
    reduction = 1.0 - np.minimum(1.0, CEILING / np.maximum(worst, 1e-9))
    smooth = _averaged(_held(reduction))
    edges = np.concatenate([smooth[:1], smooth])
    return 1.0 - _between(edges)[lead : lead + len(samples)]


def _held(reduction: Curve) -> Curve:
    """The greatest reduction near each cell: an average of these is never less than a peak needs."""
    reach = SMOOTH + 1
    padded = np.pad(reduction, reach)
    held: Curve = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    return held


def _averaged(held: Curve) -> Curve:
    """Term by term in a fixed order: a running sum would remember where its block began."""
    weights = np.hanning(2 * SMOOTH + 3)[1:-1]
    padded = np.pad(held, SMOOTH)
    total = np.zeros(len(held))
    for at, weight in enumerate(weights / weights.sum()):
        total += weight * padded[at : at + len(held)]
    return total


def _between(edges: Curve) -> Curve:
    """Straight lines from cell to cell."""
    share = (np.arange(CELL) + 0.5) / CELL
    return ((1 - share) * edges[:-1, None] + share * edges[1:, None]).reshape(-1)


def _true_peaks(samples: Samples) -> Curve:
    """Greatest magnitude around each frame, over all channels; between frames too where that could matter."""
    peaks: Curve = np.abs(samples).max(axis=1).astype(np.float64)
    padded = np.pad(samples, ((TAPS // 2, TAPS // 2), (0, 0)))
    for start, end in _loud_runs(peaks):
        between = [_between_frames(padded[start : end + TAPS], phase) for phase in _filters()]
        np.maximum.reduce([peaks[start:end], *between], out=peaks[start:end])
    return peaks


def _loud_runs(peaks: Curve) -> list[tuple[int, int]]:
    """Stretches in which a frame is loud enough for the ceiling to be passed beside it."""
    loud = np.flatnonzero(peaks * _worst_case() > CEILING)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > 2 * TAPS)
    starts, ends = loud[np.concatenate([[0], breaks + 1])], loud[np.concatenate([breaks, [len(loud) - 1]])]
    return [
        (max(0, int(start) - TAPS), min(len(peaks), int(end) + TAPS + 1))
        for start, end in zip(starts, ends, strict=True)
    ]


def _between_frames(padded: Samples, phase: tuple[float, ...]) -> Curve:
    count = len(padded) - TAPS
    total = np.zeros((count, *padded.shape[1:]))
    for tap, weight in enumerate(phase):
        total += weight * padded[tap : tap + count]
    highest: Curve = np.abs(total).max(axis=1)
    return highest


@cache
def _filters() -> tuple[tuple[float, ...], ...]:
    """Windowed sinc, a quarter, half and three quarters of the way to the next frame."""
    taps = np.arange(TAPS) - TAPS // 2
    filters = []
    for phase in range(1, PHASES):
        at = taps - phase / PHASES
        window = np.cos(np.pi * at / (TAPS + 2)) ** 2
        weights = np.sinc(at) * window
        filters.append(tuple(float(weight) for weight in weights / weights.sum()))
    return tuple(filters)


@cache
def _worst_case() -> float:
    """How much louder than its samples a sound can be between them, as far as these filters can tell."""
    return max(sum(abs(weight) for weight in phase) for phase in _filters())
