"""Subtitles: two short rows, readable, never two at once, and what people said is never markup."""

from __future__ import annotations

from itertools import pairwise

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dubline.craft.subtitling.rows import COLUMNS, joined, rows_of, split, units, width
from dubline.craft.subtitling.subtitles import GAP, LONGEST, Cue, layout, render
from dubline.domain.script import Fit, Line
from dubline.domain.speech import Word
from dubline.domain.time import Span, ticks


def line(text: str, start: float, end: float, speaker: str = "S1", number: int = 1) -> Line:
    return Line(
        id=f"L{number:04d}", span=Span.of_seconds(start, end), speaker=speaker, source_text=text, text=text
    )


TEXT = st.lists(
    st.sampled_from(
        ["a", "so", "hello,", "there.", "extraordinary", "漢字かな交じり文", "。", "x" * 60, "¿qué?", "—"]
    ),
    min_size=1,
    max_size=50,
).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_text_is_split_without_loss_into_screens_of_two_rows(text: str) -> None:
    parts = split(units(text))
    shown = [rows_of(part) for part in parts]
    assert "".join(row for rows in shown for row in rows).replace(" ", "") == text.replace(" ", "")
    for rows in shown:
        assert 1 <= len(rows) <= 2
        assert all(width(row) <= COLUMNS for row in rows)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(TEXT, st.floats(-2.0, 3.0), st.floats(0.1, 12.0), st.sampled_from("ABC")), max_size=8)
)
def test_cues_never_overlap_and_stay_no_longer_than_anybody_looks(
    said: list[tuple[str, float, float, str]],
) -> None:
    lines, now = [], 0.0
    for number, (text, pause, length, speaker) in enumerate(said):
        start = max(0.0, now + pause)
        lines.append(line(text, start, start + length, speaker, number))
        now = start + length
    cues = layout(lines, "target")
    assert all(one.span.end + GAP <= other.span.start for one, other in pairwise(cues))
    assert all(0 < cue.span.length <= LONGEST for cue in cues)


def test_a_short_word_stays_long_enough_to_be_read() -> None:
    (cue,) = layout([line("Yes.", 1.0, 1.2)], "target")
    assert cue.span == Span.of_seconds(1.0, 2.0)


def test_the_dub_is_timed_by_where_it_was_placed() -> None:
    placed = line("Hola a todos.", 1.0, 3.0).model_copy(update={"fit": Fit(span=Span.of_seconds(0.9, 3.4))})
    assert layout([placed], "target")[0].span == Span.of_seconds(0.9, 3.4)
    assert layout([placed], "source")[0].span == Span.of_seconds(1.0, 3.0)


def test_the_source_is_timed_by_its_words() -> None:
    first = "This is the first half of a long sentence that goes on,"
    second = "and this is its other half, which was spoken much later on."
    spoken = [
        Word(text=f" {word}", span=Span.of_seconds(0.1 * n, 0.1 * n + 0.1))
        for n, word in enumerate(first.split())
    ]
    spoken += [
        Word(text=f" {word}", span=Span.of_seconds(6 + 0.1 * n, 6.1 + 0.1 * n))
        for n, word in enumerate(second.split())
    ]
    whole = line(f"{first} {second}", 0.0, 7.3).model_copy(update={"words": tuple(spoken)})
    cues = layout([whole], "source")
    assert len(cues) == 2
    assert cues[0].span.start == 0 and cues[1].span.start == ticks(6.0)


def test_two_people_at_once_share_a_cue() -> None:
    (cue,) = layout([line("No way!", 1.0, 2.0, "S1"), line("Yes!", 1.2, 2.1, "S2", 2)], "target")
    assert cue.rows == ("– No way!", "– Yes!") and cue.speaker == ""


def test_long_lines_break_after_clauses_and_rows_are_balanced() -> None:
    text = "He opened the door without a sound, and then he saw the letter."
    (part,) = split(units(text))
    assert rows_of(part) == ("He opened the door without a sound,", "and then he saw the letter.")
    assert joined(units("漢字。 かな")) == "漢字。 かな"


def test_a_small_word_is_not_left_hanging_at_the_end_of_a_row_or_screen() -> None:
    text = "differs from most if not from all the arts and crafts represented in the large exhibition of that year"
    screens = [rows_of(part) for part in split(units(text))]
    assert not any(row.endswith((" the", " in", " of", " and")) for rows in screens for row in rows)


NASTY = ["a <i>b</i> & c", "{\\an8}top", "back\\Nslash \\h", "--> 00:00", "<v Bob>hi", "1", "x{y", "&lt;"]


@pytest.mark.parametrize("text", NASTY)
def test_nothing_that_was_said_acts_as_markup(text: str) -> None:
    cues = [Cue(Span.of_seconds(1, 2), (text,), "Bob, Jr")]
    srt, vtt, ass = (render(cues, form) for form in ("srt", "vtt", "ass"))
    assert "<i>" not in srt and srt.count("-->") == 1
    assert vtt.split("00:02.000\n")[1].strip() == text.replace("&", "&amp;").replace("<", "&lt;").replace(
        ">", "&gt;"
    )
    (event,) = pysubs2.SSAFile.from_string(ass).events
    assert event.style == "Bob  Jr" and event.start == 1000
    assert "{\\an8}" not in ass and "\\N" not in event.text
    assert "http" not in ass


def test_files_read_back_as_they_were_written() -> None:
    cues = layout(
        [line("Good morning to everybody who came.", 1, 3), line("Hello!", 4, 5, "S2", 2)], "target"
    )
    for form in ("srt", "vtt", "ass"):
        events = pysubs2.SSAFile.from_string(render(cues, form)).events
        assert [(event.start, event.plaintext.replace("\n", " ")) for event in events] == [
            (1000, "Good morning to everybody who came."),
            (4000, "Hello!"),
        ]
