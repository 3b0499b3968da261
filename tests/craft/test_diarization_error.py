"""The score is what one would count by hand."""

from __future__ import annotations

import pytest

from dubline.craft.diarization_error import diarization_error
from dubline.domain.speech import Turn
from dubline.domain.time import Span


def turn(speaker: str, start: float, end: float) -> Turn:
    return Turn(speaker=speaker, span=Span.of_seconds(start, end))


TRUTH = [turn("Ann", 0, 4), turn("Bob", 4, 8)]


def test_names_do_not_matter() -> None:
    assert diarization_error(TRUTH, [turn("S2", 0, 4), turn("S1", 4, 8)]).rate == 0


def test_each_kind_of_error() -> None:
    found = [turn("S1", 0, 5), turn("S2", 5, 7), turn("S2", 8, 8.8)]
    error = diarization_error(TRUTH, found)
    assert error.confused == pytest.approx(1 / 8, abs=0.005)
    assert error.missed == pytest.approx(1 / 8, abs=0.005)
    assert error.invented == pytest.approx(0.8 / 8, abs=0.005)
    assert error.rate == pytest.approx(2.8 / 8, abs=0.005)


def test_one_voice_cannot_be_two_people() -> None:
    assert diarization_error(TRUTH, [turn("S1", 0, 8)]).confused == pytest.approx(0.5)


def test_overlap_counts_for_both() -> None:
    both = [turn("Ann", 0, 4), turn("Bob", 2, 4)]
    assert diarization_error(both, [turn("S1", 0, 4)]).missed == pytest.approx(2 / 6)
    assert diarization_error(both, [turn("S1", 0, 4)], overlap=False).rate == 0


def test_collar_forgives_borders_only() -> None:
    late = [turn("S1", 0, 4.2), turn("S2", 4.2, 8)]
    assert diarization_error(TRUTH, late).rate > 0.02
    assert diarization_error(TRUTH, late, collar=0.25).rate == 0


def test_nothing_at_all() -> None:
    assert diarization_error([], []).rate == 0
    assert diarization_error(TRUTH, []).missed == 1
