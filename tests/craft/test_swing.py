"""Speech made livelier or calmer: the melody swings by what was asked, all else stays where it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recordings import recording

from dubline.craft.voices.pitch_marks import STEP, marks, melody
from dubline.craft.voices.swing import LEAST, NARROWEST, WIDEST, _laid, widen
from dubline.craft.voices.traits import traits
from dubline.craft.voices.vocal_tract import vocal_tract
from dubline.sound.pcm import SPEECH_RATE, Sound

RATE = 24_000


def sung(semitones: float, seconds: float = 2.0, middle: float = 140.0) -> Sound:
    """A buzz whose melody swings so far to either side of its middle, twice a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = middle * 2 ** (semitones * np.sin(2 * np.pi * 2 * time) / 12)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    wave = sum(np.cos(order * phase) / order for order in range(1, 12))
    return Sound((0.1 * np.asarray(wave)).astype(np.float32), RATE)


def width(sound: Sound) -> float:
    found = melody(sound)
    assert found is not None
    low, high = np.percentile(found.semitones[found.voiced], [10, 90])
    return float(high - low)


@pytest.mark.parametrize("factor", [NARROWEST, 0.9, 1.1, WIDEST])
def test_the_melody_swings_by_what_was_asked(factor: float) -> None:
    before = sung(4.0)
    after = widen(before, factor)
    assert width(after) / width(before) == pytest.approx(factor, abs=0.04)
    old, new = melody(before), melody(after)
    assert old and new
    assert 12 * np.log2(new.middle / old.middle) == pytest.approx(0, abs=0.3)


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("en_lj_0001.flac", NARROWEST),
        ("en_sense_0870.wav", NARROWEST),
        ("pt_watson_medicos.wav", NARROWEST),
        ("pt_watson_medicos.wav", WIDEST),
    ],
)
def test_real_speech_keeps_its_pitch_its_throat_and_its_level(
    media_dir: Path, name: str, factor: float
) -> None:
    before = recording(media_dir / "a_speech" / name)
    after = widen(before, factor)
    assert after.frames == before.frames
    assert width(after) / width(before) == pytest.approx(factor, abs=0.1)
    old, new = traits(before).pitch, traits(after).pitch
    assert old and new
    assert 12 * np.log2(new / old) == pytest.approx(0, abs=0.6)
    throat, same = vocal_tract([before]), vocal_tract([after])
    assert throat and same
    assert same.spacing == pytest.approx(throat.spacing, rel=0.06)
    assert 20 * np.log10(after.samples.std() / before.samples.std()) == pytest.approx(0, abs=1.0)


def test_periods_laid_as_they_were_are_the_take_itself() -> None:
    before = sung(3.0)
    found = melody(before)
    assert found is not None
    laid = _laid(before, marks(before, found), np.ones(len(found.voiced)))
    assert np.abs(laid - before.samples).max() < 1e-5


def test_a_change_nobody_hears_touches_nothing() -> None:
    sound = sung(3.0)
    assert widen(sound, 1 + LEAST / 2) is sound
    assert widen(Sound(np.zeros(0, dtype=np.float32), RATE), WIDEST).frames == 0


@pytest.mark.parametrize("frames", [1, 10, 500, 3000, RATE])
def test_silence_stays_silence_and_a_click_clips_nothing(frames: int) -> None:
    silent = Sound(np.zeros(frames, dtype=np.float32), RATE)
    assert not widen(silent, WIDEST).samples.any()
    loud = Sound(np.sign(np.sin(np.arange(frames) / 20)).astype(np.float32), RATE)
    assert widen(loud, NARROWEST).frames == frames
    assert np.abs(widen(loud, NARROWEST).samples).max() <= 1.0


def test_what_is_not_voiced_is_left_alone() -> None:
    """Noise has no periods that could be laid closer together."""
    noise = np.random.default_rng(0).normal(0, 0.05, RATE).astype(np.float32)
    before = np.concatenate((noise, sung(4.0).samples))
    after = widen(Sound(before, RATE), WIDEST)
    calm = RATE - RATE // 10
    assert np.abs(after.samples[:calm] - noise[:calm]).max() < 1e-5
    assert np.abs(after.samples[RATE:] - before[RATE:]).max() > 0.05


@settings(max_examples=15, deadline=None)
@given(
    swing=st.floats(0, 6),
    middle=st.floats(80, 300),
    seconds=st.floats(0.05, 1.2),
    factor=st.floats(0.8, 1.25),
)
def test_the_length_is_kept_to_the_frame(swing: float, middle: float, seconds: float, factor: float) -> None:
    before = sung(swing, seconds, middle)
    after = widen(before, factor)
    assert after.frames == before.frames
    assert np.isfinite(after.samples).all()


def test_a_mark_stands_in_each_period() -> None:
    sound = sung(0.0, middle=120.0)
    found = melody(sound)
    assert found is not None
    (stretch,) = found.stretches()
    first, last = (step * STEP * RATE // SPEECH_RATE for step in stretch)
    at = marks(sound, found)
    inner = at[(at > first + 400) & (at < last - 400)]
    assert np.diff(inner) == pytest.approx(RATE / 120.0, abs=2)
    assert at[0] == 0 and at[-1] == sound.frames
