"""Speech at another pitch: the melody moves by what was asked, the throat stays as long as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.recordings import recording

from dubline.craft.voices.pitch import LEAST, shift
from dubline.craft.voices.traits import traits
from dubline.craft.voices.vocal_tract import vocal_tract
from dubline.sound.pcm import SPEECH_RATE, Sound


def moved(before: Sound, after: Sound) -> float:
    return 12 * float(np.log2((traits(after).pitch or 1) / (traits(before).pitch or 1)))


@pytest.mark.media
@pytest.mark.parametrize("name", ["en_lj_0001.flac", "en_sense_0870.wav"])
@pytest.mark.parametrize("semitones", [-2.5, -1.0, 1.0, 2.5])
def test_pitch_moves_and_formants_stay(media_dir: Path, name: str, semitones: float) -> None:
    before = recording(media_dir / "a_speech" / name)
    after = shift(before, semitones)
    assert after.frames == before.frames
    assert moved(before, after) == pytest.approx(semitones, abs=0.45)
    old, new = vocal_tract([before]), vocal_tract([after])
    assert old and new
    assert new.spacing == pytest.approx(old.spacing, rel=0.06)
    assert 20 * np.log10(after.samples.std() / before.samples.std()) == pytest.approx(0, abs=1.0)


def test_a_move_nobody_hears_touches_nothing() -> None:
    sound = Sound(np.random.default_rng(0).normal(0, 0.1, SPEECH_RATE).astype(np.float32), SPEECH_RATE)
    assert shift(sound, LEAST - 0.01) is sound
    assert shift(Sound(np.zeros(0, dtype=np.float32), SPEECH_RATE), 2.0).frames == 0


@pytest.mark.parametrize("frames", [10, 500, 3000])
def test_a_click_is_no_trouble_and_nothing_clips(frames: int) -> None:
    loud = Sound(np.sign(np.sin(np.arange(frames) / 20)).astype(np.float32), 24_000)
    after = shift(loud, -2.5)
    assert after.frames == frames
    assert np.abs(after.samples).max() <= 0.951
