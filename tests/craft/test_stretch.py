"""Speech made faster or slower: exact length, own pitch, no clicks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dubline.craft.stretch import time_stretch
from dubline.sound.pcm import Sound

RATE = 24_000


def voice(seconds: float, pitch: float = 140.0) -> Sound:
    """A buzz with formant-like overtones and a syllable rhythm."""
    at = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * pitch * k * at) / k for k in range(1, 12))
    return Sound((0.1 * wave * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at))).astype(np.float32), RATE)


def pitch_of(sound: Sound) -> float:
    wave = sound.samples - sound.samples.mean()
    alike = np.fft.irfft(np.abs(np.fft.rfft(wave, 2 * len(wave))) ** 2)
    low, high = RATE // 300, RATE // 80
    return RATE / (low + int(np.argmax(alike[low:high])))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30_000), st.floats(0.7, 1.2))
def test_the_length_is_exact_and_the_sound_finite(frames: int, factor: float) -> None:
    sound = Sound(voice(2.0).samples[:frames], RATE)
    stretched = time_stretch(sound, factor)
    assert stretched.frames == round(frames * factor)
    assert np.isfinite(stretched.samples).all()
    assert np.abs(stretched.samples).max(initial=0) <= 1.01 * np.abs(sound.samples).max(initial=0) + 1e-6


def test_at_one_nothing_is_touched() -> None:
    sound = voice(1.0)
    assert time_stretch(sound, 1.0) is sound


@pytest.mark.parametrize("factor", [0.77, 0.87, 0.95, 1.1])
@pytest.mark.parametrize("pitch", [95.0, 140.0, 230.0])
def test_the_pitch_and_the_level_stay(factor: float, pitch: float) -> None:
    sound = voice(2.0, pitch)
    stretched = time_stretch(sound, factor)
    assert pitch_of(stretched) == pytest.approx(pitch_of(sound), rel=0.02)
    assert np.std(stretched.samples) == pytest.approx(np.std(sound.samples), rel=0.1)


@pytest.mark.parametrize("factor", [0.77, 0.9, 1.1])
def test_no_click_is_made(factor: float) -> None:
    sound = voice(2.0)
    step = np.abs(np.diff(time_stretch(sound, factor).samples)).max()
    assert step <= 1.5 * np.abs(np.diff(sound.samples)).max()


def test_both_channels_stay_together() -> None:
    mono = voice(1.0).samples
    stretched = time_stretch(Sound(np.stack([mono, 0.5 * mono], axis=1), RATE), 0.8)
    assert stretched.samples[:, 1] == pytest.approx(0.5 * stretched.samples[:, 0], abs=1e-6)


def test_the_same_sound_gives_the_same_bytes() -> None:
    first, second = (time_stretch(voice(1.5), 0.83).samples.tobytes() for _ in range(2))
    assert first == second
