"""Where a voice stays in the background, that is turned down: there only, and as far as needed."""

from __future__ import annotations

import numpy as np
import pytest

from dubline.craft.mix.confidence import RAMP, audible, still_heard, turned_down
from dubline.domain.script import TurnedDown
from dubline.domain.time import Span, ticks

SPEECH = [Span.of_seconds(1, 4), Span.of_seconds(6, 8)]


def powers(decibels: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.full(100, 10 ** (decibels / 10), dtype=np.float32)


def test_only_speech_that_is_heard_twice_counts() -> None:
    found = still_heard(SPEECH, [Span.of_seconds(2, 3), Span.of_seconds(4.5, 5.5)], powers(-20), powers(-28))
    assert [place.span for place in found] == [Span.of_seconds(2, 3)]
    assert found[0].decibels == pytest.approx(10.0, abs=0.1)


def test_what_is_far_below_the_voice_is_left_alone() -> None:
    assert still_heard(SPEECH, SPEECH, powers(-20), powers(-40)) == []
    assert audible(SPEECH, powers(-20), powers(-40)) == 0
    assert audible(SPEECH, powers(-20), powers(-30)) == pytest.approx(5.0)


def test_never_to_nothing() -> None:
    assert still_heard(SPEECH, SPEECH, powers(-20), powers(-20))[0].decibels == 12.0


def test_down_and_up_again_without_a_step() -> None:
    steady = np.ones((ticks(10), 2), dtype=np.float32)
    done = turned_down(steady, [TurnedDown(span=Span.of_seconds(3, 5), decibels=12.0)])
    assert done[ticks(4), 0] == pytest.approx(10 ** (-12 / 20), rel=1e-4)
    assert (done[: ticks(3) - RAMP] == 1).all() and (done[ticks(5) + RAMP :] == 1).all()
    assert np.abs(np.diff(done[:, 0])).max() < 1e-3
