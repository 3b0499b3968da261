"""How fast sound dies away in a recording, heard from its speech alone.

A voice can fall silent no faster than its room lets it. So the fastest of its decays, in a few bands, tell how
the room rings; slower ones may be the speaker's own (after Ratnam et al. 2003 and Prego et al. 2012). A microphone
close to the mouth hears faster decays than a distant one in the same room, and that is as well: what counts is how
the recording sounds.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import SPEECH_RATE, Samples, Sound

EDGES = (250.0, 500.0, 1000.0, 2000.0, 4000.0)
"""Hz between which levels are followed, an octave each."""
SIZE, HOP = 512, 128
MOST_SECONDS = 60.0
"""Speech that is looked at; more changes the answer no more."""

LOUD, DEEP, OVER_NOISE, DROP = 20.0, 45.0, 6.0, 15.0
"""dB: a decay begins at most LOUD under loud speech, is followed until it is DEEP under it or only OVER_NOISE over
the noise, and counts if it falls by DROP."""
FLUTTER = 2.0
"""dB a decay may rise on its way down: many echoes together never fall evenly."""
KNEE, FEWEST_FRAMES = 3.0, 4
"""dB at its start that still are the voice; what is over sooner has no slope."""

FEWEST, SELDOM = 12, 0.5
"""Decays of which the fastest are looked for, in all and a second: in noise only few get far, and those are slow."""
FASTEST = 30
"""Percentile that is the room's: faster ones are chance. Synthetic rooms that ring for 0.2, 0.4 and 0.7 s come out
as 0.2, 0.4 and 0.6 s, alone and when taken out of music by separation."""

SHORTEST, LONGEST = 0.1, 1.0

Numbers = npt.NDArray[np.float64]


def decay_of(voice: Sound) -> float:
    """Seconds in which 16 kHz mono speech falls by 60 dB where it falls fast; 0 where it does so too seldom."""
    times = [time for levels in _levels(voice.samples.reshape(-1)) for time in _times(levels)]
    if len(times) < max(FEWEST, SELDOM * min(voice.duration, MOST_SECONDS)):
        return 0.0
    return round(float(np.clip(np.percentile(times, FASTEST), SHORTEST, LONGEST)), 2)


def _levels(samples: Samples) -> list[Numbers]:
    """dB over time, band by band."""
    if samples.size < SIZE:
        return []
    samples = samples[: round(MOST_SECONDS * SPEECH_RATE)]
    frames = np.lib.stride_tricks.sliding_window_view(samples, SIZE)[::HOP]
    window = np.hanning(SIZE).astype(np.float32)
    powers = np.square(np.abs(np.fft.rfft(frames * window, axis=1)))
    hertz = np.fft.rfftfreq(SIZE, 1 / SPEECH_RATE)
    bands = [powers[:, (hertz >= low) & (hertz < high)].sum(axis=1) for low, high in pairwise(EDGES)]
    return [10 * np.log10(np.convolve(band, (0.25, 0.5, 0.25), mode="same") + 1e-12) for band in bands]


def _times(levels: Numbers) -> list[float]:
    """How long each decay would take for 60 dB."""
    loud, noise = np.percentile(levels, (95, 5))
    falling = np.flatnonzero((levels[:-1] >= loud - LOUD) & (np.diff(levels) < 0))
    lowest = float(max(noise + OVER_NOISE, loud - DEEP))
    heights, foot = levels.tolist(), 0
    times: list[float] = []
    for start in falling.tolist():
        if start >= foot:
            foot = _foot(heights, start, lowest)
            if heights[start] - heights[foot] >= DROP:
                times.extend(_time(levels[start : foot + 1]))
    return times


def _foot(heights: list[float], start: int, lowest: float) -> int:
    """Where a decay ends: before it rises again, or in the noise."""
    foot = start
    for place in range(start, len(heights)):
        if heights[place] <= lowest or heights[place] >= heights[foot] + FLUTTER:
            break
        if heights[place] < heights[foot]:
            foot = place
    return foot


def _time(decay: Numbers) -> list[float]:
    """From the slope of a straight line through it; none where it is over too soon to have one."""
    below = decay[decay <= decay[0] - KNEE]
    if len(below) < FEWEST_FRAMES:
        return []
    slope = float(np.polyfit(np.arange(len(below)) * HOP / SPEECH_RATE, below, 1)[0])
    return [-60 / slope] if slope < 0 else []
