"""A take as bright or as dull as the voice it stands for: the original's microphone and room, in broad strokes.

The original's long-term spectrum is held against that of a synthesizer's studio voices. Only part of the difference
is made up for, and never more than a few decibels: a voice that is hard to understand needs no second one.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dubline.sound.loudness import loudness
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound

BANDS = (250.0, 500.0, 1000.0, 2000.0, 3000.0, 4000.0, 6000.0)
"""Hz. Lower lies the pitch of the voice, which is not the room's doing."""
LOW, HIGH = 180.0, 8000.0
MIDDLE = slice(1, 4)
"""Bands against which the others are measured."""

STUDIO = (10.6, 7.4, -0.7, -6.7, -11.2, -17.1, -18.5)
"""dB, how synthesized voices sound: the mean of takes of six Kokoro voices, spread 1 to 4 dB."""

MADE_UP, MOST = 0.5, 6.0
"""Share of the difference, and its bound in dB."""

SIZE, HOP = 1024, 512
AUDIBLE_SHARE = 0.01
"""Frames softer than this share of the loud ones are pauses."""
MOST_FRAMES = 4000

PADDING = 0.05
"""Seconds on both sides in which a filter without delay rings out."""

Colour = tuple[float, ...]
Numbers = npt.NDArray[np.float64]


def colour_of(voice: Sound) -> Colour:
    """Long-term spectrum of 16 kHz mono speech in dB by band; empty where there is no sound."""
    samples = voice.samples.reshape(-1)
    if samples.size < SIZE:
        return ()
    frames = np.lib.stride_tricks.sliding_window_view(samples, SIZE)[::HOP]
    frames = frames[:: -(-len(frames) // MOST_FRAMES)]
    spectra = np.square(np.abs(np.fft.rfft(frames * np.hanning(SIZE), axis=1)))
    powers = spectra.sum(axis=1)
    loud = float(np.percentile(powers, 95))
    if loud <= 0:
        return ()
    levels = _by_band(spectra[powers > AUDIBLE_SHARE * loud].mean(axis=0))
    return tuple(round(float(level), 1) for level in levels - levels[MIDDLE].mean())


def _by_band(spectrum: Numbers) -> Numbers:
    hertz = np.fft.rfftfreq(SIZE, 1 / SPEECH_RATE)
    edges = [LOW, *np.sqrt(np.multiply(BANDS[:-1], BANDS[1:])), HIGH]
    means = [spectrum[(hertz >= low) & (hertz < high)].mean() for low, high in pairwise(edges)]
    return 10 * np.log10(np.maximum(means, 1e-20))


def towards(original: Colour) -> Colour:
    """What is done to a take, in dB by band, so that it sounds a little more like the original."""
    if not original:
        return ()
    wanted = MADE_UP * (np.array(original) - np.array(STUDIO))
    smooth = np.convolve(np.pad(wanted, 1, mode="edge"), (0.25, 0.5, 0.25), mode="valid")
    return tuple(round(float(gain), 1) for gain in np.clip(smooth, -MOST, MOST))


def coloured(take: Sound, gains: Colour) -> Sound:
    """A mono take with each band at its gain, as loud and as long as before."""
    if not gains or take.frames == 0:
        return take
    padding = round(PADDING * take.rate)
    padded = np.pad(take.samples.reshape(-1), padding)
    shaped = np.fft.irfft(np.fft.rfft(padded) * _response(len(padded), take.rate, gains), len(padded))
    sound = Sound(np.asarray(shaped[padding : padding + take.frames], dtype=np.float32), take.rate)
    return Sound(_as_loud(sound, take), take.rate)


def _response(size: int, rate: int, gains: Colour) -> Numbers:
    """Straight lines between the bands over the logarithm of frequency, level beyond them."""
    octaves = np.log2(np.maximum(np.fft.rfftfreq(size, 1 / rate), 1.0))
    return np.asarray(10 ** (np.interp(octaves, np.log2(BANDS), gains) / 20))


def _as_loud(sound: Sound, before: Sound) -> Samples:
    factor = 10 ** ((loudness(before) - loudness(sound)) / 20)
    return np.asarray(sound.samples * np.float32(factor), dtype=np.float32)
