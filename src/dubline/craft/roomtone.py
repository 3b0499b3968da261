"""The sound of a room in which nobody speaks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Samples, Sound, silence

LOOP_SECONDS = 5.0
WINDOW = 4096
QUIETEST_SHARE = 0.05
Spectrum = npt.NDArray[np.float64]

AUDIBLE = 10 ** (-84 / 20)
"""Below this a room is as good as silent, and so is its tone."""


def room_tone(programme: Sound, background: Sound) -> Sound:
    """A loop of noise that brings a background back up to the quietest the programme ever is.

    Made from a stretch of the programme and of the background under it, both at 48 kHz stereo. It has the
    colour of the programme's quietest moments and no more power than separation took from them.
    """
    size = min(programme.frames, background.frames) // WINDOW
    frames = round(LOOP_SECONDS * programme.rate)
    if size == 0:
        return silence(frames, programme.rate, programme.channels)
    floor = _floor(programme.samples, size)
    missing = np.maximum(floor - _floor(background.samples, size), 0.0)
    if float(np.sqrt(missing.sum(axis=0).max())) / WINDOW < AUDIBLE:
        return silence(frames, programme.rate, programme.channels)
    return Sound(_noise(missing, frames), programme.rate)


def _floor(samples: Samples, size: int) -> Spectrum:
    """Mean power spectrum of the quietest windows, digital silence left out."""
    windows = samples[: size * WINDOW].reshape(size, WINDOW, -1)
    powers = np.square(windows, dtype=np.float64).mean(axis=(1, 2))
    heard = np.flatnonzero(powers > 0)
    if not len(heard):
        return np.zeros((WINDOW // 2 + 1, windows.shape[2]))
    quietest = heard[np.argsort(powers[heard], kind="stable")][: max(1, int(size * QUIETEST_SHARE))]
    spectra = np.fft.rfft(windows[quietest] * np.hanning(WINDOW)[None, :, None], axis=1)
    floor: Spectrum = np.square(np.abs(spectra)).mean(axis=0)
    return floor


def _noise(power: Spectrum, frames: int) -> Samples:
    """Random phases from a fixed seed under the given spectrum: seamless as a loop, the same every time."""
    random = np.random.default_rng(48_000)
    bins = np.linspace(0, len(power) - 1, frames // 2 + 1)
    channels = []
    for channel in power.T:
        magnitude = np.sqrt(np.interp(bins, np.arange(len(power)), channel))
        phases = np.exp(2j * np.pi * random.random(len(magnitude)))
        wave = np.fft.irfft(magnitude * phases, frames)
        wanted = np.sqrt(2 * channel.sum() / (WINDOW * WINDOW * 0.375))
        channels.append(wave * wanted / max(float(np.sqrt(np.mean(wave * wave))), 1e-12))
    return np.stack(channels, axis=1).astype(np.float32)
