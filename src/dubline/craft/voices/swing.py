"""How far a melody swings: speech made livelier or calmer about its own middle pitch.

A voice is a row of periods. They are laid closer together where the melody is to be higher and farther apart where it
is to be lower, each as it was recorded: so the formants stay where they are (pitch-synchronous overlap-add). Where
nothing is voiced the sound is laid as it was.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.craft.voices.pitch_marks import STEP, Melody, Places, marks, melody
from dubline.sound.pcm import SPEECH_RATE, Sound

Numbers = npt.NDArray[np.float64]

NARROWEST, WIDEST = 0.8, 1.25

LEAST = 0.05
"""What nobody hears is not worth touching the sound for."""

LOUDEST = 0.95
SMOOTH_STEPS = 7
"""A ratio that jumps from period to period is heard as roughness."""

THINNEST = 0.3
"""Of the windows' sum: what is thinner is not raised to its full height, but left as a faint dip."""


def widen(sound: Sound, factor: float) -> Sound:
    """Mono speech whose melody moves `factor` times as far from its middle, at its own length to the frame."""
    if abs(factor - 1) < LEAST or sound.frames == 0:
        return sound
    sung = melody(sound)
    if sung is None:
        return sound
    laid = _laid(sound, marks(sound, sung), _ratios(sung, factor))
    peak = float(np.abs(laid).max())
    return Sound((laid * min(1.0, LOUDEST / max(peak, 1e-9))).astype(np.float32), sound.rate)


def _ratios(sung: Melody, factor: float) -> Numbers:
    """Step by step, what the pitch is multiplied by."""
    ratios = np.ones(len(sung.voiced))
    for start, end in sung.stretches():
        wanted = np.pad((factor - 1) * sung.semitones[start:end], SMOOTH_STEPS // 2, "edge")
        even = np.convolve(wanted, np.full(SMOOTH_STEPS, 1 / SMOOTH_STEPS), "valid")
        ratios[start:end] = 2 ** (even / 12)
    return ratios


def _laid(sound: Sound, at: Places, ratios: Numbers) -> Numbers:
    """Each new period takes the recorded one that is nearest in time, so nothing drifts."""
    wave = sound.samples.reshape(-1).astype(np.float64)
    own = np.interp(at * SPEECH_RATE / sound.rate, np.arange(len(ratios)) * STEP, ratios)
    out, windows = np.zeros(len(wave)), np.zeros(len(wave))
    place = 0.0
    while True:
        nearest = int(np.abs(at - place).argmin())
        _add(out, windows, wave, at, nearest, round(place))
        if place >= len(wave):
            return out / np.maximum(windows, THINNEST)
        step = at[min(nearest + 1, len(at) - 1)] - at[min(nearest, len(at) - 2)]
        place += step / own[nearest]


def _add(out: Numbers, windows: Numbers, wave: Numbers, at: Places, mark: int, place: int) -> None:
    """The wave from the mark before to the mark after, faded in and out around the mark itself."""
    before, here, after = at[max(mark - 1, 0)], at[mark], at[min(mark + 1, len(at) - 1)]
    rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(here - before) / max(here - before, 1))
    fall = 0.5 + 0.5 * np.cos(np.pi * np.arange(after - here) / max(after - here, 1))
    window = np.concatenate((rise, fall))
    shift = place - here
    first, last = max(before, -shift), min(after, len(wave) - shift)
    if last > first:
        piece = window[first - before : last - before]
        out[first + shift : last + shift] += piece * wave[first:last]
        windows[first + shift : last + shift] += piece
