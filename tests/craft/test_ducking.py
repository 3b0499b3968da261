"""A loud background makes room for the dub, a quiet one does not move."""

from __future__ import annotations

import numpy as np
import pytest

from dubline.craft.mix.ducking import FALL, MOST, Level, ducked, gains
from dubline.domain.script import TurnedDown
from dubline.domain.time import Span, ticks
from dubline.sound.loudness import HOP_SECONDS

REPLACED = [Span.of_seconds(1, 4), Span.of_seconds(6, 9)]


def background(lufs: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.full(round(10 / HOP_SECONDS), 10 ** ((lufs + 0.691) / 10))


def test_only_where_it_would_cover_the_dub() -> None:
    takes = [Level(Span.of_seconds(1.2, 3.8), -20.0), Level(Span.of_seconds(6.2, 8), -26.0)]
    found = ducked(REPLACED, takes, background(-31))
    assert [place.span for place in found] == [REPLACED[1]]
    assert found[0].decibels == pytest.approx(4.0, abs=0.1)


def test_a_quiet_background_stays() -> None:
    assert ducked(REPLACED, [Level(span, -20.0) for span in REPLACED], background(-40)) == []


def test_never_more_than_gently() -> None:
    assert ducked(REPLACED, [Level(REPLACED[0], -30.0)], background(-20))[0].decibels == MOST


def test_the_curve_is_the_same_wherever_it_is_cut() -> None:
    places = [TurnedDown(span=span, decibels=4.0) for span in REPLACED]
    whole = gains(0, ticks(10), places)
    cut = ticks(1) + FALL // 3
    assert np.concatenate([gains(0, cut, places), gains(cut, ticks(10) - cut, places)]).tobytes() == (
        whole.tobytes()
    )
    assert (whole[: ticks(1)] == 1).all()
    assert whole.min() == pytest.approx(10 ** (-4 / 20))
    assert np.abs(np.diff(whole)).max() < 1e-4


def test_a_short_place_has_no_step_either() -> None:
    short = gains(0, ticks(1), [TurnedDown(span=Span.of_seconds(0.4, 0.7), decibels=4.0)])
    assert np.abs(np.diff(short)).max() < 5e-4
