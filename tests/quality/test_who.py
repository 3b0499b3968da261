"""Speakers and voices against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dubline.domain.script import Line
from dubline.domain.speech import Turn
from dubline.domain.time import Span
from dubline.quality import who


def line(speaker: str, start: float, end: float, text: str = "") -> Line:
    return Line(id=f"{start}", span=Span.of_seconds(start, end), speaker=speaker, source_text=text)


TRUTH = [
    Turn(speaker="Ann", span=Span.of_seconds(0, 4)),
    Turn(speaker="Bob", span=Span.of_seconds(4, 8)),
]


def test_lines_go_by_whom_they_share_most_time_with() -> None:
    lines = [line("S1", 0, 3), line("S2", 4, 5), line("S2", 3.6, 6), line("S1", 6, 7), line("S2", 20, 21)]
    assert who.lines_on_right_speaker(lines, TRUTH) == pytest.approx(3 / 5)


def test_one_speaker_found_stands_for_one_true_one() -> None:
    assert who.lines_on_right_speaker([line("S1", 0, 3), line("S1", 5, 8)], TRUTH) == pytest.approx(0.5)
    assert who.lines_on_right_speaker([], TRUTH) is None


def test_words_are_laid_beside_the_true_ones() -> None:
    said_by = [("good morning", "Ann"), ("hello there", "Bob")]
    right = [line("S1", 0, 1, "Good morning."), line("S2", 1, 2, "Hello there.")]
    late = [line("S1", 0, 1, "Good morning. Hello"), line("S2", 1, 2, "there.")]
    assert who.words_on_right_speaker(right, said_by, "en") == 1.0
    assert who.words_on_right_speaker(late, said_by, "en") == pytest.approx(0.75)


def test_words_that_were_not_heard_pair_with_nothing() -> None:
    assert who.aligned(["a", "c"], ["a", "b", "c"]) == [(0, 0), (1, 2)]
    assert who.aligned(["x"], ["a"]) == [(0, 0)]


def test_the_likest_pair_counts() -> None:
    one, other = np.array([1, 0], dtype=np.float32), np.array([0, 2], dtype=np.float32)
    assert who.nearest_pair({"a": one, "b": other}) == pytest.approx(0.0)
    assert who.nearest_pair({"a": one, "b": other, "c": 3 * one}) == pytest.approx(1.0)
    assert who.nearest_pair({"a": one}) is None


def test_an_octave_is_twelve_semitones_either_way() -> None:
    assert who.semitones(220, 110) == pytest.approx(12)
    assert who.semitones(110, 220) == pytest.approx(12)
