"""Figures per line and per job, and words for what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.hearing import spoken_words, word_error_rate
from dubline.craft.scoring import coverage, job_summary, own_overlaps, score_line, worst_lines
from dubline.domain.media import MediaFacts
from dubline.domain.script import Blob, Fit, Line, Script, Source, Take
from dubline.domain.speech import Voice
from dubline.domain.time import Span, ticks

VOICE = Voice(engine="test", name="ana", language="es")
SOUND = Blob(digest="0" * 64, size=1, kind="sound/flac")


def dubbed(
    number: int, start: float, end: float, at: float, length: float, text: str = "hola a todos"
) -> Line:
    take = Take(text=text, voice=VOICE, rate=1.0, sound=SOUND, length=ticks(2.0))
    fit = Fit(span=Span.of_seconds(at, at + length), stretch=length / 2.0)
    return Line(
        id=f"L{number:04d}",
        span=Span.of_seconds(start, end),
        speaker="S1",
        source_text="…",
        text=text,
        voice=VOICE,
        take=take,
        fit=fit,
    )


def heard_as(line: Line, heard: str | None) -> Line:
    assert line.take is not None
    return line.model_copy(update={"take": line.take.model_copy(update={"heard": heard})})


def checked(line: Line, heard: str | None) -> Line:
    check, flags = score_line(heard_as(line, heard), "es")
    return line.model_copy(update={"check": check, "rendering": flags})


def script(*lines: Line) -> Script:
    facts = MediaFacts(container="mp4", duration=ticks(60), size=1)
    return Script(
        source=Source(path="a.mp4", digest="0"),
        media=facts,
        source_language="en",
        target_language="es",
        lines=lines,
    )


@pytest.mark.parametrize(
    ("wanted", "heard", "language", "rate"),
    [
        ("Hello, World!", "hello world", "en", 0.0),
        ("Está aquí.", "esta aqui", "es", 0.0),
        ("I have 25 dogs", "I have twenty-five dogs", "en", 0.0),
        ("1,000 people", "one thousand people", "en", 0.0),
        ("son 3,5 metros", "son tres punto cinco metros", "es", 0.0),
        ("don’t go", "don't go", "en", 0.0),
        ("one two three four", "one two four", "en", 0.25),
        ("one two", "one big two", "en", 0.5),
        ("今天很好。", "今天很坏", "zh", 0.25),
        ("मैं ठीक हूँ", "मैं ठीक हूँ", "hi", 0.0),
        ("", "something", "en", 1.0),
        ("...", "", "en", 0.0),
    ],
)
def test_word_error_rate(wanted: str, heard: str, language: str, rate: float) -> None:
    assert word_error_rate(wanted, heard, language) == pytest.approx(rate)


def test_accents_count_where_asked_for() -> None:
    assert word_error_rate("está", "esta", "es", accents=True) == 1.0
    assert spoken_words("naïve cafés", "en") == ["naive", "cafes"]


@given(st.text(max_size=60), st.sampled_from(["en", "es", "zh", "hi", "xx"]))
def test_a_text_heard_as_it_is_has_no_error(text: str, language: str) -> None:
    assert word_error_rate(text, text, language) == 0.0


def test_a_line_is_scored_by_onset_speed_and_words() -> None:
    check, flags = score_line(heard_as(dubbed(1, 1, 3, 1.2, 1.6), "hola a todas"), "es")
    assert check.onset_error == pytest.approx(0.2) and check.rate == pytest.approx(1.25)
    assert check.word_error_rate == pytest.approx(1 / 3, abs=1e-3) and flags == ()


def test_what_was_not_understood_is_flagged_and_what_nobody_heard_is_not() -> None:
    def flags(heard: str | None, text: str = "hola a todos") -> tuple[str, ...]:
        return score_line(heard_as(dubbed(1, 1, 3, 1, 2, text), heard), "es")[1]

    assert flags("algo muy distinto") == ("misheard",)
    assert flags("") == ("empty_take",)
    assert flags("", "¡…!") == () and flags(None) == ()
    check, _ = score_line(heard_as(dubbed(1, 1, 3, 1, 2), None), "es")
    assert check.word_error_rate is None


def test_the_worst_line_comes_first_and_good_ones_are_not_named() -> None:
    good = checked(dubbed(1, 1, 3, 1, 2), "hola a todos")
    late = checked(dubbed(2, 5, 7, 5.9, 2), "hola a todos")
    empty = checked(dubbed(3, 10, 12, 10, 2), "")
    found = worst_lines(script(good, late, empty))
    assert [trouble.line for trouble in found] == ["L0003", "L0002"]
    assert found[1].sentences == ("It starts 0.9 s after the original.",)
    assert worst_lines(script(good, late, empty), 1) == found[:1]


@pytest.mark.parametrize(
    ("shorter", "said"),
    [
        ("hola todos", "Shorter: “hola todos”"),
        ("hola a todos", "Near that, with 12: “hola a todos”"),
        ("", "No wording as short is known: somebody has to put it in fewer words."),
    ],
)
def test_advice_says_what_fits_what_nearly_does_and_that_nothing_is_known(shorter: str, said: str) -> None:
    quick = checked(dubbed(1, 1, 3, 1, 1.6), "hola a todos")
    advised = quick.model_copy(update={"max_characters": 11, "shorter": shorter})
    (trouble,) = worst_lines(script(advised))
    wished = "It is spoken 1.25× as fast as usual; about 11 characters would fit without hurry."
    assert trouble.sentences == (f"{wished} {said}",)


def test_a_voice_without_words_is_not_covered() -> None:
    whole = checked(dubbed(1, 1, 3, 1, 2), "hola a todos")
    silent = script(whole).model_copy(update={"wordless": (Span.of_seconds(4, 6),)})
    assert job_summary(script(whole)).coverage == 1.0 and job_summary(silent).coverage == 0.5


def test_overlaps_of_one_voice_and_coverage() -> None:
    lines = [dubbed(1, 1, 3, 1, 2), dubbed(2, 3, 5, 2.8, 2)]
    assert own_overlaps(lines) == {"L0002": 0.2}
    assert coverage(lines) == pytest.approx((2 + 1.86) / 4, abs=0.01)


def test_a_job_in_figures() -> None:
    lines = [checked(dubbed(1, 1, 3, 1, 2), "hola a todos"), checked(dubbed(2, 5, 7, 5.5, 1.6), "hola")]
    silent = Line(id="L0003", span=Span.of_seconds(8, 9), speaker="S1", source_text="…")
    summary = job_summary(script(*lines, silent))
    assert (summary.lines, summary.dubbed, summary.in_time) == (3, 2, 0.5)
    assert summary.word_error_rate == pytest.approx(1 / 3, abs=1e-3)
    assert summary.fastest == pytest.approx(1.25) and summary.overlaps == 0
