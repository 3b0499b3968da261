"""A dub that swells and falls with its original, as loud on the whole as before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dubline.craft.mix.contour import LEAST, MOST, POINTS, alone, contour_of, swelled, towards
from dubline.domain.time import Span
from dubline.sound.loudness import loudness, weighted_powers
from dubline.sound.pcm import Samples, Sound

RATE = 16_000


def voice(shape: list[float], seconds: float = 4.0, seed: int = 1, rate: int = RATE) -> Sound:
    """Noise whose level goes through these decibels at even places."""
    frames = round(seconds * rate)
    levels = np.interp(np.linspace(0, 1, frames), np.linspace(0, 1, len(shape)), shape)
    carrier = 0.05 * np.random.default_rng(seed).standard_normal(frames)
    return Sound((carrier * 10 ** (levels / 20)).astype(np.float32), rate)


def levels(sound: Sound) -> Samples:
    return np.asarray(10 * np.log10(weighted_powers(sound)))


FLAT = voice([0.0, 0.0])
SHAPES = st.lists(st.floats(-12, 12), min_size=2, max_size=7)


def test_a_flat_line_leaves_its_take_as_it_is() -> None:
    assert towards(contour_of(FLAT), voice([0.0, 0.0], seed=2)) == ()
    assert swelled(FLAT, ()) is FLAT


def test_a_take_that_goes_like_its_original_is_left_alone() -> None:
    dying = [3.0, 0.0, -6.0]
    assert towards(contour_of(voice(dying)), voice(dying, seconds=5.0, seed=3)) == ()


def test_a_line_that_dies_away_gets_a_dub_that_dies_away_more() -> None:
    curve = towards(contour_of(voice([4.0, 0.0, -4.0])), FLAT)
    done = levels(swelled(FLAT, curve)) - levels(FLAT)
    assert list(curve) == sorted(curve, reverse=True)
    assert done[0] > 1 and done[-1] < -1
    assert contour_of(swelled(FLAT, curve))[-1] < contour_of(FLAT)[-1] - 1


def test_half_of_the_way_is_gone() -> None:
    original = voice([4.0, 2.0, 0.0, -2.0, -4.0], seed=4)
    before = np.array(contour_of(FLAT)) - contour_of(original)
    after = np.array(contour_of(swelled(FLAT, towards(contour_of(original), FLAT)))) - contour_of(original)
    assert np.abs(after).max() == pytest.approx(np.abs(before).max() / 2, rel=0.15)


@given(SHAPES, SHAPES, st.floats(2, 9), st.floats(0, 0.6))
@settings(max_examples=40, deadline=None)
def test_the_bound_and_the_mean_are_kept(
    original: list[float], take: list[float], seconds: float, pause: float
) -> None:
    before = voice(take, seconds, seed=5, rate=24_000)
    before.samples[round(pause * before.frames) : round((pause + 0.3) * before.frames)] = 0
    curve = towards(contour_of(voice(original, 4.0)), before)
    assert max(map(abs, curve), default=0.0) <= MOST + 0.01
    assert not curve or max(map(abs, curve)) >= LEAST - 0.01
    powers = weighted_powers(before)
    spoken = powers > 0.01 * np.percentile(powers, 90)
    moved = 10 * np.log10(weighted_powers(swelled(before, curve))[spoken] / powers[spoken])
    assert abs(np.average(moved, weights=powers[spoken])) < 0.1
    assert loudness(swelled(before, curve)) == pytest.approx(loudness(before), abs=0.7)
    assert np.abs(moved).max() <= MOST + 0.05


def test_pauses_play_no_part() -> None:
    """The same words with a pause between them: what is heard of them has the same shape."""
    first, rest = voice([3.0, -3.0]).samples[:24_000], voice([3.0, -3.0]).samples[24_000:]
    paused = Sound(np.concatenate([first, np.zeros(8_000, dtype=np.float32), rest]), RATE)
    found = contour_of(paused)
    assert all(-4 < level < 4 for level in found)
    assert found[0] > 1.5 and found[-1] < -1.5


def test_silence_around_a_line_plays_no_part() -> None:
    still = np.zeros(12_800, dtype=np.float32)
    around = Sound(np.concatenate([still, voice([4.0, -4.0]).samples, still]), RATE)
    assert contour_of(around) == pytest.approx(contour_of(voice([4.0, -4.0])), abs=0.2)


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.5, 0.9])
def test_a_short_or_silent_line_has_no_shape(seconds: float) -> None:
    assert contour_of(voice([6.0, -6.0], seconds)) == ()
    assert contour_of(Sound(np.zeros(32_000, dtype=np.float32), RATE)) == ()
    assert towards(contour_of(voice([6.0, -6.0])), voice([0.0, 0.0], seconds)) == ()
    assert towards((), FLAT) == ()


def test_a_contour_has_its_points_and_a_mean_of_nothing() -> None:
    found = contour_of(voice([6.0, -2.0, 1.0]))
    assert len(found) == POINTS
    even = np.interp(np.linspace(0, 1, 400), np.linspace(0, 1, POINTS), found)
    assert even.mean() == pytest.approx(0, abs=0.1)


def test_what_is_not_sure_to_be_the_voice_is_not_followed() -> None:
    line, after = Span.of_seconds(1, 4), Span.of_seconds(4, 6)
    assert alone(line, [after], [after])
    assert not alone(line, [Span.of_seconds(3.5, 6)], [])
    assert not alone(line, [after], [Span.of_seconds(2, 2.5)])
    assert not alone(line, [], [Span.of_seconds(0, 1.01)])
