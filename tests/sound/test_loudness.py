"""Loudness against FFmpeg's own meter, and the standard's own calibration tone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from dubline.sound import files
from dubline.sound.loudness import SILENCE, integrated, loudness, true_peak, weighted_powers
from dubline.sound.pcm import Sound, silence


def tone(rate: int, frequency: float, seconds: float = 3.0, level: float = 1.0) -> Sound:
    time = np.arange(int(rate * seconds)) / rate
    return Sound((level * np.sin(2 * np.pi * frequency * time)).astype(np.float32), rate)


def test_the_standards_tone_reads_as_it_should() -> None:
    assert loudness(tone(48_000, 997.0)) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_it_agrees_with_another_meter(tmp_path: Path, rate: int, channels: int) -> None:
    random = np.random.default_rng(7)
    noise = random.standard_normal((rate * 6, channels)).cumsum(axis=0)
    noise -= np.linspace(noise[0], noise[-1], len(noise))
    noise *= 0.3 / np.abs(noise).max()
    noise[rate * 2 : rate * 3] *= 0.001
    sound = Sound((noise + 0.02 * random.standard_normal(noise.shape)).astype(np.float32), rate)
    sound = sound if channels == 2 else sound.mono()
    files.write(tmp_path / "noise.wav", sound)
    said = subprocess.run(
        ["ffmpeg", "-nostats", "-i", str(tmp_path / "noise.wav"), "-af", "ebur128", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    (expected,) = re.findall(r"Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS", said)
    assert loudness(sound) == pytest.approx(float(expected), abs=0.25)


def test_powers_gathered_in_pieces_give_the_whole() -> None:
    whole = tone(48_000, 440.0, 4.0, 0.2)
    pieces = [Sound(whole.samples[at : at + 48_000], 48_000) for at in range(0, 4 * 48_000, 48_000)]
    gathered = np.concatenate([weighted_powers(piece) for piece in pieces])
    assert integrated(gathered) == loudness(whole)


def test_silence_and_clicks_have_a_loudness_too() -> None:
    assert loudness(silence(48_000, 48_000)) == loudness(silence(0, 48_000)) == SILENCE
    assert loudness(tone(16_000, 300.0, 0.03)) > -20


def test_true_peak_lies_between_the_samples() -> None:
    """A tone at a quarter of the rate, sampled at 45 degrees, peaks 3 dB over its samples."""
    time = np.arange(4800)
    sound = Sound(np.sin(np.pi / 2 * time + np.pi / 4).astype(np.float32), 48_000)
    assert float(np.abs(sound.samples).max()) < 0.71
    assert true_peak(sound) == pytest.approx(0.0, abs=0.3)
