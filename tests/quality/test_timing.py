"""Timing measures against cases worked out by hand."""

from __future__ import annotations

import pytest

from dubline.domain.time import Span
from dubline.quality import timing
from dubline.quality.timing import Placed


def span(start: float, end: float) -> Span:
    return Span.of_seconds(start, end)


def placed(
    name: str, original: tuple[float, float], heard: tuple[float, float], voice: str = "v", **more: float
) -> Placed:
    return Placed(name, span(*original), voice, span(*heard), **more)  # type: ignore[arg-type]


def test_the_iwslt_overlap_takes_off_what_is_missing_and_what_is_too_much() -> None:
    lines = [
        placed("a", (0, 2), (0, 2)),
        placed("b", (3, 5), (3, 4)),
        placed("c", (6, 8), (6, 9)),
        placed("d", (9, 10), (9, 12)),
    ]
    assert timing.speech_overlap(lines) == pytest.approx([1.0, 0.5, 0.5, -1.0])
    assert timing.speech_overlap(lines[:1], [span(20, 21)]) == pytest.approx([1.0, 0.0])


def test_same_moments_and_coverage() -> None:
    source, dub = [span(0, 4), span(6, 8)], [span(1, 5), span(4.5, 5), span(6, 7)]
    assert timing.coverage(source, dub) == pytest.approx(4 / 6)
    assert timing.same_moments(source, dub) == pytest.approx(4 / 7)
    assert timing.coverage([], dub) is None
    assert timing.same_moments([], []) is None


def test_onset_errors_keep_their_sign() -> None:
    lines = [placed("a", (1, 2), (1.2, 2)), placed("b", (3, 4), (2.9, 4))]
    assert timing.onset_errors(lines) == pytest.approx([0.2, -0.1], abs=1e-4)


def test_true_onsets_know_nothing_of_lines() -> None:
    """A pause of 0.5 s starts nothing anew; after one of 1 s the nearest dub is 0.4 s late, or 0.6 s early."""
    source = [span(1, 2), span(2.5, 3), span(4, 5), span(7, 8)]
    dub = [span(0.9, 3), span(4.4, 6.3), span(6.4, 8)]
    assert timing.true_onset_errors(source, dub) == pytest.approx([-0.1, 0.4, -0.6], abs=1e-4)
    assert timing.true_onset_errors(source, []) == []


def test_one_voice_cannot_say_two_lines() -> None:
    lines = [
        placed("a", (0, 2), (0, 2.5)),
        placed("b", (2, 3), (2.2, 3)),
        placed("c", (2, 3), (2, 4), "other"),
        placed("d", (3, 4), (2.98, 4)),
    ]
    assert timing.overlaps_of_a_voice(lines) == pytest.approx([0.3], abs=1e-4)


def test_a_long_line_meets_every_line_it_lies_over() -> None:
    lines = [placed("a", (0, 9), (0, 9)), placed("b", (1, 2), (1, 2)), placed("c", (5, 6), (5, 6))]
    assert timing.overlaps_of_a_voice(lines) == pytest.approx([1.0, 1.0])


def test_lines_at_once_beyond_the_originals() -> None:
    assert timing.talk_over([placed("a", (0, 2), (0, 3)), placed("b", (2, 4), (2, 4), "w")]) == pytest.approx(
        1.0
    )
    assert timing.talk_over([placed("a", (0, 3), (0, 3)), placed("b", (2, 4), (2, 4), "w")]) == 0.0


def test_what_lies_behind_the_end_is_cut() -> None:
    line = placed("a", (8, 9), (8, 12), words=8)
    assert timing.cut_words(line) == 0
    cut = timing.cut_at(line, span(0, 10).end)
    assert cut.span == span(8, 10)
    assert cut.cut == pytest.approx(2.0)
    assert timing.cut_words(cut) == 4
    assert timing.cut_words(timing.cut_at(line, span(0, 11.97).end)) == 0
    assert timing.cut_words(timing.cut_at(line, span(0, 11.9).end)) == 1


def test_a_line_wholly_behind_the_end_is_cut_whole() -> None:
    cut = timing.cut_at(placed("a", (8, 9), (8, 12), words=5), span(0, 7).end)
    assert (cut.span.length, timing.cut_words(cut)) == (0, 5)


def test_drift_is_what_the_last_line_is_off() -> None:
    lines = [placed("b", (5, 6), (5.4, 6)), placed("a", (1, 2), (1, 2))]
    assert timing.drift(lines) == pytest.approx(0.4, abs=1e-4)
    assert timing.drift([]) is None


def test_speech_within_a_take_is_played_with_it() -> None:
    take = [span(0.5, 1), span(2, 4)]
    assert timing.played_speech(take, span(0, 4).end, span(10, 12)) == (span(10.25, 10.5), span(11, 12))
