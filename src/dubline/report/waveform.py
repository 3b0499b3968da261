"""Waveforms small enough to sit in a page: the loudest sample of each slice of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dubline.domain.script import Line
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.sound.pcm import Samples, Sound

PEAKS = 220
"""Slices per waveform on a card."""

FULL = 100
"""A peak of 100 is full scale."""

_ROOM = TICKS_PER_SECOND * 3 // 10


@dataclass(frozen=True)
class LineWave:
    """Peaks of the original and of the dub over one window, so that both lie on the same time axis."""

    window: Span
    original: tuple[int, ...]
    dub: tuple[int, ...]


def peaks(samples: Samples, n: int) -> list[int]:
    """`n` numbers from 0 to 100: the loudest sample of each of `n` equal slices."""
    mono = np.abs(samples) if samples.ndim == 1 else np.abs(samples).max(axis=1)
    if n <= 0 or not len(mono):
        return [0] * max(0, n)
    edges = np.arange(n) * len(mono) // n
    highest = np.maximum.reduceat(mono, edges)
    return [int(value) for value in np.rint(np.clip(np.nan_to_num(highest), 0.0, 1.0) * FULL)]


def coarser(values: Sequence[int], n: int) -> list[int]:
    """The same waveform with at most `n` peaks."""
    if len(values) <= n:
        return list(values)
    edges = [index * len(values) // n for index in range(n + 1)]
    return [max(values[low:high]) for low, high in pairwise(edges)]


def window(line: Line, programme: int) -> Span:
    """The stretch of the timeline worth showing for a line: original and dub with a little room around."""
    spans = [line.span] if line.fit is None else [line.span, line.fit.span]
    start = max(0, min(span.start for span in spans) - _ROOM)
    end = min(max(programme, start), max(span.end for span in spans) + _ROOM)
    return Span(start=start, end=max(start, end))


def line_wave(shown: Span, original: Sound, dub: Sound, n: int = PEAKS) -> LineWave:
    """The wave of a line from the sounds cut at its window; one that ends early counts as silent after."""
    return LineWave(shown, _over(shown, original, n), _over(shown, dub, n))


def _over(shown: Span, sound: Sound, n: int) -> tuple[int, ...]:
    missing = shown.length * sound.rate // TICKS_PER_SECOND - sound.frames
    samples = sound.samples
    if missing > 0:
        samples = np.concatenate([samples, np.zeros((missing, *samples.shape[1:]), dtype=np.float32)])
    return tuple(peaks(samples, n))
