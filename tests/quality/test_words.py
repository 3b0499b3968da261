"""Word errors against cases worked out by hand."""

from __future__ import annotations

import pytest

from dubline.domain.script import Check, Line
from dubline.domain.time import Span
from dubline.quality import words


def line(at: float, source: str, text: str = "", heard: str | None = None) -> Line:
    check = None if heard is None else Check(heard=heard, word_error_rate=0.0)
    span = Span.of_seconds(at, at + 1)
    return Line(id=f"L{at}", span=span, speaker="S1", source_text=source, text=text, check=check)


def test_source_lines_count_in_the_order_of_time() -> None:
    found = words.source_errors("one two three four", [line(10, "three four"), line(9, "one too")], "en")
    assert (found.wrong, found.wanted) == (pytest.approx(1), 4)
    assert found.rate == pytest.approx(0.25)


def test_lines_add_up_by_their_words() -> None:
    lines = [line(1, "", "uno", "dos"), line(2, "", "uno dos tres", "uno dos tres"), line(3, "", "nadie oye")]
    found = words.line_errors(lines, "es")
    assert (found.wrong, found.wanted) == (pytest.approx(1), 4)


def test_nothing_wanted_is_no_rate() -> None:
    assert words.word_errors("", "anything", "en").rate is None


def test_an_ending_is_lost_when_it_is_not_among_the_last_words() -> None:
    lines = [
        line(1, "", "uno dos tres", "uno dos tres"),
        line(2, "", "uno dos tres", "uno dos"),
        line(3, "", "uno dos tres", "tres dos uno dos uno"),
    ]
    assert words.lost_endings(lines, "es") == 2
