"""Silence goes, quiet consonants stay."""

from __future__ import annotations

import numpy as np
import pytest

from dubline.sound.pcm import Samples, Sound, silence
from dubline.sound.trim import trim

RATE = 24_000


def vowel(seconds: float, level: float = 0.3) -> Samples:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(level * np.sin(2 * np.pi * 150 * time), dtype=np.float32)


def hiss(seconds: float, level: float) -> Samples:
    noise = np.random.default_rng(1).standard_normal(round(seconds * RATE))
    return np.asarray(level * noise, dtype=np.float32)


def between_silences(speech: Samples, before: float = 0.3, after: float = 0.7) -> Sound:
    quiet = [silence(round(seconds * RATE), RATE).samples for seconds in (before, after)]
    return Sound(np.concatenate([quiet[0], speech, quiet[1]]), RATE)


def test_silence_at_both_ends_goes() -> None:
    assert trim(between_silences(vowel(1.0))).duration == pytest.approx(1.0, abs=0.07)


@pytest.mark.parametrize("level_db", [-20, -30, -40])
def test_a_faint_consonant_stays(level_db: int) -> None:
    faint = hiss(0.12, 0.3 * 10 ** (level_db / 20))
    spoken = np.concatenate([faint, vowel(0.6), faint])
    assert trim(between_silences(spoken)).duration >= 0.83


@pytest.mark.parametrize("noise_db", [-60, -70, -90])
def test_a_noise_floor_is_no_speech(noise_db: int) -> None:
    quiet = between_silences(vowel(1.0))
    noisy = Sound(quiet.samples + hiss(quiet.duration, 10 ** (noise_db / 20))[: quiet.frames], RATE)
    assert trim(noisy).duration == pytest.approx(1.0, abs=0.09)


def test_a_pause_within_stays() -> None:
    spoken = np.concatenate([vowel(0.4), silence(RATE // 2, RATE).samples, vowel(0.4)])
    assert trim(between_silences(spoken)).duration == pytest.approx(1.3, abs=0.07)


def test_ends_do_not_click() -> None:
    cut = trim(Sound(vowel(0.5), RATE)).samples
    assert abs(float(cut[0])) < 1e-6
    assert abs(float(cut[-1])) < 5e-3


@pytest.mark.parametrize("frames", [0, 1, 100, RATE])
def test_nothing_but_silence_leaves_nothing(frames: int) -> None:
    assert trim(silence(frames, RATE)).frames == 0
