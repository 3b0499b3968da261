"""Pitch, brightness and gender of known voices, and honest doubt about the rest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.recordings import recording

from dubline.craft.voices.traits import traits
from dubline.domain.speech import Gender, Traits
from dubline.domain.time import Span
from dubline.sound.pcm import SPEECH_RATE, Sound

WOMEN = ["a_speech/en_lj_0001.flac", "a_speech/en_lj_0005.flac", "d_video/grid_lbbc2a.mpg"]
MEN = [
    "a_speech/en_jfk.flac",
    "a_speech/en_ls_61-70968-0000.flac",
    "a_speech/en_ls_5703-47212-0000.ogg",
    "a_speech/en_sense_0870.wav",
    "a_speech/it_leopard.wav",
    "a_speech/ja_leopard.wav",
    "d_video/grid_bbaf2n.mpg",
    "d_video/grid_pwij3p.mpg",
    "d_video/grid_sbia1a.mpg",
    "d_video/talk_jordi_en.mp4",
    "d_video/nasa_webb_narration.mp4",
    "e_odd/very_quiet.wav",
    "e_odd/ulaw_8k.wav",
]


def voice(pitch: float, seconds: float = 2.0, harmonics: int = 20) -> Sound:
    """A buzz with falling harmonics, its pitch swaying by a few per cent."""
    time = np.arange(int(seconds * SPEECH_RATE)) / SPEECH_RATE
    phase = 2 * np.pi * pitch * (time + 0.004 * np.sin(2 * np.pi * time))
    waves = [np.sin(k * phase) / k for k in range(1, harmonics + 1) if k * pitch * 1.05 < SPEECH_RATE / 2]
    return Sound((0.1 * np.sum(waves, axis=0)).astype(np.float32), SPEECH_RATE)


@pytest.mark.media
@pytest.mark.parametrize("name", WOMEN)
def test_women(media_dir: Path, name: str) -> None:
    found = traits(recording(media_dir / name))
    assert found.gender is Gender.FEMALE
    assert found.confidence > 0.9


@pytest.mark.media
@pytest.mark.parametrize("name", MEN)
def test_men(media_dir: Path, name: str) -> None:
    found = traits(recording(media_dir / name))
    assert found.gender is Gender.MALE
    assert found.confidence > 0.85


@pytest.mark.media
@pytest.mark.parametrize("name", ["a_speech/es_leopard.wav", "a_speech/fr_leopard.wav"])
def test_doubtful_voices_stay_unknown(media_dir: Path, name: str) -> None:
    """One as high as a child's; one whose pitch and formants say opposite things."""
    found = traits(recording(media_dir / name))
    assert found.gender is Gender.UNKNOWN
    assert found.pitch is not None


@pytest.mark.media
def test_only_the_spans_count(media_dir: Path) -> None:
    talk = recording(media_dir / "f_composed/talk3_shared_en.flac")
    woman = traits(talk, [Span.of_seconds(0.8, 9.8), Span.of_seconds(21.5, 30.8)])
    man = traits(talk, [Span.of_seconds(11, 16), Span.of_seconds(45.4, 48.5)])
    assert (woman.gender, man.gender) == (Gender.FEMALE, Gender.MALE)


@pytest.mark.media
def test_level_changes_nothing(media_dir: Path) -> None:
    loud = recording(media_dir / "a_speech/en_sense_0870.wav")
    quiet = Sound(loud.samples / 128, SPEECH_RATE)
    assert traits(quiet) == traits(loud)


@pytest.mark.parametrize("pitch", [75.0, 98.0, 130.0, 210.0, 330.0, 420.0])
def test_pitch_of_a_known_tone(pitch: float) -> None:
    found = traits(voice(pitch))
    assert found.pitch == pytest.approx(pitch, rel=0.02)
    assert found.pitch_spread is not None
    assert found.pitch_spread < 0.05 * pitch


def test_a_melody_without_a_swing_has_none_and_little_speech_does_not_tell() -> None:
    steady = traits(voice(120.0, seconds=5.0)).swing
    assert steady is not None
    assert steady < 1.0
    assert traits(voice(120.0, seconds=2.0)).swing is None


def test_a_swing_is_told_in_spite_of_errors_of_an_octave_until_they_are_many() -> None:
    def heard(errors: float) -> float | None:
        low, high = voice(110.0, seconds=4.0).samples, voice(138.6, seconds=4.0).samples
        return traits(
            Sound(np.concatenate((low, high, voice(247.0, seconds=errors).samples)), SPEECH_RATE)
        ).swing

    assert heard(0.0) == pytest.approx(4.5, abs=0.6)
    assert heard(0.5) == pytest.approx(heard(0.0), abs=0.2)
    assert heard(3.0) is None


def test_brightness_grows_with_harmonics() -> None:
    dull, bright = (traits(voice(120.0, harmonics=count)).brightness for count in (4, 40))
    assert dull is not None
    assert bright is not None
    assert bright > 2 * dull


def test_noise_silence_and_too_little_are_unknown() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 2 * SPEECH_RATE).astype(np.float32)
    for samples in (noise, np.zeros(SPEECH_RATE, dtype=np.float32), np.zeros(0, dtype=np.float32)):
        assert traits(Sound(samples, SPEECH_RATE)) == Traits()
    assert traits(voice(120.0, seconds=0.2)) == Traits()
    assert traits(voice(120.0), []) == Traits()
