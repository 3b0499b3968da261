"""The mix: same bytes wherever blocks are cut, programme untouched where nobody speaks, no peak too high."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dubline.craft.mix.limiter import CEILING, limited
from dubline.craft.mix.mixing import AROUND, BED_FADE, Bed, Piece, dub_gain, mix, pan_of, reach
from dubline.domain.time import Span
from dubline.sound.pcm import Samples, Sound

RATE = 48_000
LENGTH = 3 * RATE


def everywhere(samples: np.ndarray) -> np.ndarray:
    return np.ones(len(samples), dtype=np.float32)


def noise(frames: int, level: float, seed: int = 1) -> Samples:
    return (level * np.random.default_rng(seed).standard_normal((frames, 2))).astype(np.float32)


PROGRAMME = noise(LENGTH, 0.25)
BACKGROUND = (0.4 * PROGRAMME).astype(np.float32)
PIECES = [
    Piece(10_000, Sound(noise(40_000, 0.4, 2), RATE), gain=1.3, pan=-0.4),
    Piece(60_000, Sound(noise(30_000, 0.3, 3)[:, 0].copy(), RATE), gain=0.9),
    Piece(85_000, Sound(noise(20_000, 0.5, 4), RATE)),
]
REPLACED = [Span(start=9_000, end=52_000), Span(start=58_000, end=108_000)]


def mixed(start: int, end: int, around: int = AROUND) -> Samples:
    span = Span(start=start, end=end)
    heard = Span(start=max(0, start - around), end=min(LENGTH, end + around))
    bed = Bed(
        heard,
        Sound(PROGRAMME[heard.start : heard.end], RATE),
        Sound(BACKGROUND[heard.start : heard.end], RATE),
    )
    touching = [piece for piece in PIECES if piece.span.overlap(heard)]
    return mix(span, bed, touching, [span for span in REPLACED if span.start - BED_FADE < heard.end]).samples


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, LENGTH - 1), max_size=5, unique=True))
def test_the_mix_is_the_same_wherever_it_is_cut(cuts: list[int]) -> None:
    borders = [0, *sorted(cuts), LENGTH]
    pieces = [mixed(start, end) for start, end in pairwise(borders)]
    assert np.concatenate(pieces).tobytes() == mixed(0, LENGTH).tobytes()


def test_where_nobody_speaks_the_programme_is_untouched() -> None:
    quiet = (0.1 * PROGRAMME).astype(np.float32)
    bed = Bed(Span(start=0, end=LENGTH), Sound(quiet, RATE), Sound(0 * quiet, RATE))
    done = mix(Span(start=0, end=LENGTH), bed, [], [Span(start=50_000, end=90_000)]).samples
    outside = np.r_[0 : 50_000 - BED_FADE, 90_000 + BED_FADE : LENGTH]
    assert (done[outside] == quiet[outside]).all()
    assert not done[50_000:90_000].any()


def test_no_piece_begins_or_ends_with_a_click() -> None:
    empty = Sound(np.zeros((LENGTH, 2), dtype=np.float32), RATE)
    steady = Sound(np.full(RATE, 0.5, dtype=np.float32), RATE)
    done = mix(
        Span(start=0, end=LENGTH), Bed(Span(start=0, end=LENGTH), empty, empty), [Piece(RATE, steady)], []
    ).samples
    assert np.abs(np.diff(done[:, 0])).max() < 0.005
    assert done[RATE + RATE // 2, 0] == pytest.approx(0.5)


def oversampled(samples: Samples) -> float:
    spectrum = np.fft.rfft(samples, axis=0)
    return float(np.abs(8 * np.fft.irfft(spectrum, 8 * len(samples), axis=0)).max())


def band_limited(samples: Samples) -> Samples:
    """Up to 18 kHz, as recorded sound mostly is; above it no short interpolator sees every peak. Soft ends."""
    spectrum = np.fft.rfft(samples, axis=0)
    spectrum[18 * len(samples) // 48 :] = 0
    wave = np.fft.irfft(spectrum, len(samples), axis=0) * np.hanning(len(samples))[:, None]
    return wave.astype(np.float32)


def test_peaks_between_samples_are_held_under_the_ceiling() -> None:
    at = np.arange(RATE)
    tricky = np.sin(2 * np.pi * (RATE / 4) * at / RATE + np.pi / 4) * np.hanning(RATE) * 1.38
    samples = np.stack([tricky, tricky], axis=1).astype(np.float32)
    assert oversampled(samples) > 1.3 > np.abs(samples).max()
    assert oversampled(limited(samples, 0, everywhere(samples))) <= 10 ** (-1 / 20)
    loud = band_limited(noise(RATE, 0.5))
    assert oversampled(limited(loud, 0, everywhere(loud))) <= 10 ** (-0.9 / 20)


def test_a_loud_programme_is_left_as_it_came_where_nobody_touched_it() -> None:
    samples = noise(RATE, 0.05)
    samples[[10_000, 40_000]] = 1.4
    touched = np.zeros(RATE, dtype=np.float32)
    touched[30_000:] = 1.0
    done = limited(samples, 0, touched)
    assert np.array_equal(done[:30_000], samples[:30_000])
    assert np.abs(done[30_000:]).max() < 1.0


def test_the_limiter_leaves_alone_what_is_not_too_loud() -> None:
    samples = noise(RATE, 0.05)
    samples[20_000] = 1.0
    done = limited(samples, 0, everywhere(samples))
    assert abs(done[20_000, 0]) <= CEILING
    changed = np.flatnonzero((done != samples).any(axis=1))
    assert changed.min() > 20_000 - AROUND and changed.max() < 20_000 + AROUND


def test_a_dub_is_as_loud_as_the_voice_it_stands_for_within_bounds() -> None:
    assert 20 * np.log10(dub_gain(-26.0, -20.0)) == pytest.approx(6.0)
    assert 20 * np.log10(dub_gain(-26.0, -20.0, -24.0)) == pytest.approx(4.0)
    assert dub_gain(-26.0, None) == pytest.approx(10 ** (3 / 20))
    assert dub_gain(-20.0, -69.0) >= 10 ** (-16 / 20)
    assert dub_gain(-70.0, -20.0) == 1.0


@given(st.floats(-1, 1))
def test_a_placed_voice_is_found_where_it_was_put(pan: float) -> None:
    mono = Sound(noise(4_800, 0.1)[:, 0].copy(), RATE)
    empty = Sound(np.zeros((4_800, 2), dtype=np.float32), RATE)
    span = Span(start=0, end=4_800)
    done = mix(span, Bed(span, empty, empty), [Piece(0, mono, pan=pan)], [])
    assert pan_of(done) == pytest.approx(pan, abs=1e-4)


def test_reach_stays_within_the_programme() -> None:
    assert reach(Span(start=0, end=100), 150) == Span(start=0, end=150)
