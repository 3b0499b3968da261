"""A take comes nearer to the original's colour, gently, as loud and as long as before."""

from __future__ import annotations

import numpy as np
import pytest

from dubline.craft.mix.colour import BANDS, MOST, STUDIO, colour_of, coloured, towards
from dubline.sound.loudness import loudness
from dubline.sound.pcm import Samples, Sound


def noise(rate: int, frames: int) -> Samples:
    return (0.05 * np.random.default_rng(1).standard_normal(frames)).astype(np.float32)


def dull(sound: Sound) -> Sound:
    """As through a wall: 6 dB less per octave from 500 Hz on."""
    spectrum = np.fft.rfft(sound.samples)
    hertz = np.fft.rfftfreq(sound.frames, 1 / sound.rate)
    spectrum *= np.minimum(1, 500 / np.maximum(hertz, 1))
    return Sound(np.fft.irfft(spectrum, sound.frames).astype(np.float32), sound.rate)


def test_a_studio_voice_stays_as_it_is() -> None:
    assert towards(STUDIO) == tuple(0.0 for _ in BANDS)
    assert towards(()) == ()


def test_a_dull_original_makes_the_take_duller_within_bounds() -> None:
    bright = Sound(noise(16_000, 64_000), 16_000)
    difference = np.subtract(towards(colour_of(dull(bright))), towards(colour_of(bright)))
    assert difference[-1] < difference[2] < difference[0]
    assert max(map(abs, towards(colour_of(dull(dull(bright)))))) <= MOST


def test_length_and_loudness_stay() -> None:
    take = Sound(noise(48_000, 50_001), 48_000)
    done = coloured(take, (6.0, 3.0, 0.0, -2.0, -4.0, -6.0, -6.0))
    assert done.frames == take.frames
    assert loudness(done) == pytest.approx(loudness(take), abs=0.05)
    before, after = (np.abs(np.fft.rfft(sound.samples)) for sound in (take, done))
    hertz = np.fft.rfftfreq(take.frames, 1 / 48_000)
    low, high = (hertz > 230) & (hertz < 270), (hertz > 6000) & (hertz < 8000)
    tilt = 20 * np.log10(
        (after[low].mean() / before[low].mean()) / (after[high].mean() / before[high].mean())
    )
    assert tilt == pytest.approx(12, abs=1)


def test_silence_has_no_colour() -> None:
    assert colour_of(Sound(np.zeros(16_000, dtype=np.float32), 16_000)) == ()
    assert coloured(Sound(np.zeros(0, dtype=np.float32), 48_000), (1.0,) * len(BANDS)).frames == 0
