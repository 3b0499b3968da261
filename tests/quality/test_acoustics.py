"""Sound measures on signals whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from dubline.domain.time import Span
from dubline.quality import acoustics
from dubline.sound.pcm import PROGRAMME_RATE, Samples, Sound

RANDOM = np.random.default_rng(7)
SECONDS = 6
VOICE, MUSIC, DUB = 0.1 * RANDOM.standard_normal((3, SECONDS * PROGRAMME_RATE)).astype(np.float32)
WHOLE = [Span.of_seconds(0, SECONDS)]


def sound(samples: Samples) -> Sound:
    return Sound(np.asarray(samples, dtype=np.float32), PROGRAMME_RATE)


def test_si_sdr_is_the_ratio_of_what_is_left_to_what_was_added() -> None:
    truth = np.array([1, -1, 1, -1], dtype=np.float32)
    orthogonal = np.array([1, 1, -1, -1], dtype=np.float32)
    assert acoustics.si_sdr(truth, truth + 0.1 * orthogonal) == pytest.approx(20.0, abs=1e-4)
    assert acoustics.si_sdr(truth, 5 * (truth + 0.1 * orthogonal)) == pytest.approx(20.0, abs=1e-4)
    assert acoustics.si_sdr(truth, orthogonal) == acoustics.QUIETEST
    assert acoustics.si_sdr(np.zeros(4, dtype=np.float32), truth) is None


def test_a_leak_is_found_beside_dub_and_background() -> None:
    mix = sound(DUB + 0.5 * MUSIC + 0.1 * VOICE)
    found = acoustics.shares(mix, sound(VOICE), sound(MUSIC), sound(DUB), WHOLE)
    assert found is not None
    assert found.voice == pytest.approx(-20.0, abs=0.2)
    assert found.background == pytest.approx(-6.02, abs=0.1)


def test_chance_is_no_leak() -> None:
    """Noise nobody knows of is in the mix, as loud as the voice that is not: chance explains little of it."""
    noise = 0.1 * np.random.default_rng(8).standard_normal(len(DUB)).astype(np.float32)
    found = acoustics.shares(sound(DUB + noise), sound(VOICE), sound(MUSIC), sound(DUB), WHOLE)
    assert found is not None and found.voice is not None
    assert found.voice < -35


def test_too_little_to_tell_is_not_told() -> None:
    assert acoustics.shares(sound(DUB), sound(VOICE), None, sound(DUB), []) is None
    assert acoustics.shares(sound(DUB), sound(VOICE), None, sound(DUB), [Span.of_seconds(0, 0.1)]) is None


def test_level_change_within_spans_only() -> None:
    after = VOICE.copy()
    after[:PROGRAMME_RATE] *= 0.5
    first, later = [Span.of_seconds(0, 1)], [Span.of_seconds(2, 3)]
    assert acoustics.level_change(sound(VOICE), sound(after), first) == pytest.approx(-6.02, abs=0.01)
    assert acoustics.level_change(sound(VOICE), sound(after), later) == pytest.approx(0.0)


def test_width_is_side_over_middle() -> None:
    left, right = VOICE + MUSIC, VOICE - MUSIC
    wide, half = np.stack([left, right], axis=1), np.stack([VOICE + MUSIC / 2, VOICE - MUSIC / 2], axis=1)
    assert acoustics.width(sound(wide)) == pytest.approx(1.0, abs=0.01)
    assert acoustics.width_change(sound(wide), sound(half)) == pytest.approx(-6.02, abs=0.01)
    assert acoustics.width(sound(VOICE)) is None
    assert acoustics.width_change(sound(np.stack([VOICE, VOICE], axis=1)), sound(wide)) is None


@pytest.mark.parametrize("late", [-300, 0, 480])
def test_lag_to_the_sample(late: int) -> None:
    moved = np.roll(VOICE, late)
    assert acoustics.lag(VOICE, moved, PROGRAMME_RATE) == pytest.approx(late / PROGRAMME_RATE)
