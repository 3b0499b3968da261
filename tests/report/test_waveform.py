"""Waveforms: small, honest about the loudest moment, aligned on one axis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.domain.script import Fit, Line
from dubline.domain.time import Span, ticks
from dubline.report.waveform import coarser, line_wave, peaks, window
from dubline.sound.pcm import Sound


@given(st.lists(st.floats(-1, 1, width=32), max_size=400), st.integers(1, 300))
def test_peaks_have_the_asked_number_and_keep_the_loudest(samples: list[float], n: int) -> None:
    found = peaks(np.array(samples, dtype=np.float32), n)
    assert len(found) == n
    assert all(0 <= peak <= 100 for peak in found)
    loudest = max((abs(sample) for sample in samples), default=0.0)
    if n <= len(samples) or not samples:
        assert max(found) == pytest.approx(loudest * 100, abs=0.51)


def test_peaks_of_stereo_take_the_louder_channel_and_survive_bad_samples() -> None:
    stereo = np.array([[0.1, -0.5], [np.nan, 3.0]], dtype=np.float32)
    assert peaks(stereo, 2)[0] == 50
    assert peaks(np.zeros(0, dtype=np.float32), 3) == [0, 0, 0]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=300), st.integers(1, 80))
def test_coarser_keeps_the_loudest(values: list[int], n: int) -> None:
    fewer = coarser(values, n)
    assert len(fewer) == min(n, len(values))
    assert max(fewer) == max(values)


def test_a_click_in_the_dub_lies_where_it_is_on_the_axis_of_the_original() -> None:
    """A dub that ends early or has another rate must not shift against the original."""
    shown = Span.of_seconds(10, 14)
    original = np.zeros(4 * 16_000, dtype=np.float32)
    dub = np.zeros(2 * 48_000, dtype=np.float32)
    original[16_000] = dub[48_000] = 1.0
    wave = line_wave(shown, Sound(original, 16_000), Sound(dub, 48_000), n=40)
    assert wave.original.index(100) == wave.dub.index(100) == 10


def test_the_window_shows_both_and_stays_inside_the_programme() -> None:
    line = Line(id="a", span=Span.of_seconds(0.1, 2), speaker="S1", source_text="x")
    late = line.model_copy(update={"fit": Fit(span=Span.of_seconds(0.2, 3.9))})
    assert window(line, ticks(4.0)) == Span.of_seconds(0, 2.3)
    assert window(late, ticks(4.0)) == Span.of_seconds(0, 4.0)
