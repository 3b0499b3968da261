"""Loudness over a line and the end of a question, on voices whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from dubline.quality.prosody import contour_likeness, rises_at_end
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound


def buzz(hertz: list[float], decibels: list[float], seconds: float = 3.0) -> Sound:
    """A buzz whose pitch and level go through these values at even places."""
    pitch, level = (along(values, seconds) for values in (hertz, decibels))
    phase = 2 * np.pi * np.cumsum(pitch) / SPEECH_RATE
    wave = np.sum([np.sin(k * phase) / k for k in range(1, 12)], axis=0)
    return Sound((0.05 * wave * 10 ** (level / 20)).astype(np.float32), SPEECH_RATE)


def along(values: list[float], seconds: float) -> Samples:
    frames = round(seconds * SPEECH_RATE)
    return np.interp(np.linspace(0, 1, frames), np.linspace(0, 1, len(values)), values)


DYING = buzz([120.0, 120.0], [3.0, 0.0, -8.0])
SILENCE = Sound(np.zeros(SPEECH_RATE, dtype=np.float32), SPEECH_RATE)


def test_the_same_shape_at_another_pace_and_level_is_alike() -> None:
    assert contour_likeness(DYING, buzz([200.0, 200.0], [-7.0, -10.0, -18.0], 5.0)) == pytest.approx(
        1.0, abs=0.02
    )


def test_the_opposite_shape_is_opposite() -> None:
    assert contour_likeness(DYING, buzz([120.0, 120.0], [-8.0, 0.0, 3.0])) == pytest.approx(-1.0, abs=0.15)


def test_a_flat_dub_follows_nothing_and_nor_does_silence() -> None:
    assert contour_likeness(DYING, buzz([120.0, 120.0], [0.0, 0.0])) == 0.0
    assert contour_likeness(DYING, SILENCE) == 0.0
    assert contour_likeness(DYING, Sound(SILENCE.samples[:0], SPEECH_RATE)) == 0.0


def test_a_silent_or_flat_original_has_no_shape_to_follow() -> None:
    assert contour_likeness(SILENCE, DYING) is None
    assert contour_likeness(buzz([120.0, 120.0], [0.0, 0.0]), DYING) is None


def test_a_question_rises_where_its_end_lies_above_the_rest() -> None:
    level = [0.0, 0.0]
    assert rises_at_end(buzz([120.0, 120.0, 120.0, 120.0, 160.0], level)) == 1.0
    assert rises_at_end(buzz([120.0, 120.0, 120.0, 120.0, 122.0], level)) == 0.0
    assert rises_at_end(buzz([160.0, 120.0], level)) == 0.0


def test_where_no_end_is_heard_nothing_is_told() -> None:
    assert rises_at_end(buzz([120.0, 160.0], [0.0, 0.0], 0.4)) is None
    assert rises_at_end(Sound(SILENCE.samples[:0], SPEECH_RATE)) == 0.0
