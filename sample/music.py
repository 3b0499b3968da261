"""A quiet tune, computed: soft chords, a plucked figure over them, a little room around both."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve

from dubline.sound.pcm import PROGRAMME_RATE as RATE

Wave = npt.NDArray[np.float64]

BEAT = 0.72
CHORDS = ((48, 55, 64, 71), (45, 52, 60, 67), (41, 57, 64, 69), (43, 50, 59, 69))
"""C major 7, A minor 7, F major 7, G 9 as MIDI notes: bass first."""
LAST = (36, 55, 64, 76)
FIGURE = (1, 2, 3, 2, 1, 3, 2, 3)
"""Which note of the chord is plucked on each eighth of a bar."""


def tune(length: int) -> Wave:
    """Stereo music of so many samples that ends on its home chord and fades away."""
    dry = np.zeros((length, 2))
    bar = 4 * BEAT
    bars = max(1, int(length / RATE / bar))
    for place in range(bars + 1):
        chord = LAST if place == bars else CHORDS[place % len(CHORDS)]
        _chord(dry, place * bar, chord, bar * 1.25)
        _plucks(dry, place * bar, chord, 1 if place == bars else len(FIGURE))
    wet = dry + 0.35 * _room(dry)
    wet[-RATE:] *= np.cos(np.linspace(0, np.pi / 2, RATE))[:, None] ** 2
    return np.asarray(wet / np.abs(wet).max())


def _chord(music: Wave, at: float, notes: tuple[int, ...], seconds: float) -> None:
    """A pad that swells and goes, each note a little to one side."""
    time = np.arange(int(seconds * RATE)) / RATE
    swell = np.sin(np.pi * np.clip(time / seconds, 0, 1)) ** 0.8
    for place, note in enumerate(notes):
        pitch = _hertz(note)
        tone = sum(
            np.sin(2 * np.pi * pitch * part * time * (1 + 0.0007 * part)) / part**2 for part in (1, 2, 3)
        )
        strength = 0.16 if place == 0 else 0.07
        _add(music, at, strength * tone * swell, 0.5 + 0.12 * (place - 1.5))


def _plucks(music: Wave, at: float, notes: tuple[int, ...], many: int) -> None:
    for eighth in range(many):
        note = notes[FIGURE[eighth]] + 12
        strength = 0.20 if eighth % 4 == 0 else 0.13
        _add(music, at + eighth * BEAT / 2, strength * _pluck(note), 0.35 if eighth % 2 else 0.65)


def _pluck(note: int) -> Wave:
    """Struck wood and metal, as of a thumb piano."""
    time = np.arange(int(1.6 * RATE)) / RATE
    pitch = _hertz(note)
    tone = np.sin(2 * np.pi * pitch * time) * np.exp(-3.6 * time)
    tone += 0.28 * np.sin(2 * np.pi * 2 * pitch * time) * np.exp(-7 * time)
    tone += 0.10 * np.sin(2 * np.pi * 5.4 * pitch * time) * np.exp(-28 * time)
    return np.asarray(tone * np.minimum(1.0, time / 0.004))


def _add(music: Wave, at: float, sound: Wave, right: float) -> None:
    start = int(at * RATE)
    part = sound[: max(0, len(music) - start)]
    music[start : start + len(part), 0] += part * np.cos(right * np.pi / 2)
    music[start : start + len(part), 1] += part * np.sin(right * np.pi / 2)


def _room(dry: Wave) -> Wave:
    random = np.random.default_rng(7)
    time = np.arange(int(1.3 * RATE)) / RATE
    echoes = random.standard_normal((len(time), 2)) * np.exp(-4.5 * time)[:, None]
    echoes /= np.sqrt(np.square(echoes).sum(axis=0))
    return np.column_stack([fftconvolve(dry[:, side], echoes[:, side])[: len(dry)] for side in (0, 1)])


def _hertz(note: int) -> float:
    return float(440.0 * 2.0 ** ((note - 69) / 12))
