"""The report says what the script says: nothing hidden, nothing invented."""

import pytest

from dubline.domain.script import Check, Fit, Line, Script
from dubline.domain.time import Span
from dubline.report.build import build_report
from dubline.report.figures import BINS, spread
from dubline.report.model import Mark, Report
from dubline.report.overlaps import overlaps
from tests.report.demo import KEPT, MISSING, demo_facts, demo_script


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(demo_script(), demo_facts())


def by_number(report: Report, number: int):
    return next(line for line in report.lines if line.number == number)


def test_it_is_the_same_twice_and_survives_json(report: Report) -> None:
    text = report.model_dump_json()
    assert build_report(demo_script(), demo_facts()).model_dump_json() == text
    assert Report.model_validate_json(text) == report


def test_worst_lines_come_first_and_only_lines_with_a_reason(report: Report) -> None:
    worst = [next(line for line in report.lines if line.id == each) for each in report.worst]
    assert worst[0].number == MISSING
    assert all(line.reasons for line in worst)
    assert [line.severity for line in worst] == sorted((line.severity for line in worst), reverse=True)
    assert {line.number for line in worst} == {6, MISSING, 18, 22, 30}


def test_a_line_without_a_voice_is_wrong_and_a_kept_one_is_not(report: Report) -> None:
    assert by_number(report, MISSING).mark is Mark.WRONG
    assert by_number(report, KEPT).mark is Mark.FINE
    assert (report.summary.dubbed, report.summary.kept_original, report.summary.missing) == (28, 1, 1)
    assert 0.9 < report.summary.coverage < 1 - 4.6 / sum(line.original.duration for line in report.lines)


def test_reasons_are_sentences_with_the_figures(report: Report) -> None:
    reasons = " ".join(by_number(report, 6).reasons)
    assert "It is spoken 1.42× as fast as usual." in reasons
    assert "It starts 0.5 s after the original." in reasons
    assert "It talks over the next speaker." in reasons
    assert "of its words were heard differently" in by_number(report, 30).reasons[0]


def test_degradations_reach_the_verdict(report: Report) -> None:
    assert len(report.degradations) == 2
    assert "2 steps did less than usual" in report.verdict
    assert report.mark is Mark.WRONG


def test_word_errors_weigh_by_words() -> None:
    script = demo_script()
    long = script.lines[0].model_copy(
        update={"text": "a b c d e f g h i", "take": None, "check": Check(word_error_rate=0.0)}
    )
    short = script.lines[1].model_copy(
        update={"text": "a", "take": None, "check": Check(word_error_rate=1.0)}
    )
    summary = build_report(with_lines(script, long, short), demo_facts()).summary
    assert summary.word_error_rate == pytest.approx(0.1)


def test_a_clean_dub_and_an_empty_one_have_their_own_verdict() -> None:
    script = demo_script().model_copy(update={"degradations": ()})
    clean = build_report(with_lines(script, *script.lines[:3]), demo_facts())
    assert clean.mark is Mark.FINE
    assert clean.verdict == "All 3 lines are in place and 100 % of their words were understood again."
    silent = build_report(with_lines(script), demo_facts())
    assert silent.verdict.startswith("Nobody speaks")
    assert silent.summary.coverage == 1.0


def test_an_unknown_flag_is_shown_in_words_rather_than_hidden() -> None:
    script = demo_script()
    odd = script.lines[0].model_copy(update={"flags": ("breath_too-loud",)})
    line = build_report(with_lines(script, odd), demo_facts()).lines[0]
    assert line.reasons == ("Breath too loud.",)
    assert line.mark is Mark.LISTEN


def test_only_overlaps_that_the_original_lacks_count() -> None:
    def line(name: str, speaker: str, original: tuple[float, float], dub: tuple[float, float]) -> Line:
        fit = Fit(span=Span.of_seconds(*dub))
        return Line(id=name, span=Span.of_seconds(*original), speaker=speaker, source_text="", fit=fit)

    argued = (line("a", "S1", (0, 2), (0, 2)), line("b", "S2", (1, 3), (1, 3)))
    assert overlaps(argued) == ()
    ran_on = (
        line("a", "S1", (0, 2), (0, 3)),
        line("b", "S2", (2, 4), (2, 4)),
        line("c", "S1", (5, 6), (5, 6)),
    )
    (found,) = overlaps(ran_on)
    assert (found.cause, found.added, found.same_speaker) == ("a", 1.0, False)
    early = (line("a", "S1", (0, 2), (0, 2)), line("b", "S1", (2.5, 4), (1.5, 4)))
    assert overlaps(early)[0].cause == "b"


def test_spread_counts_everything_also_beyond_its_ends() -> None:
    found = spread([0.0, 0.1, 0.2, 9.0], 0.0, 0.6)
    assert found is not None
    assert (found.count, sum(found.bins), found.bins[BINS - 1]) == (4, 4, 1)
    assert (found.median, found.max) == (pytest.approx(0.15), 9.0)
    assert spread([], 0.0, 1.0) is None


def with_lines(script: Script, *lines: Line) -> Script:
    return script.model_copy(update={"lines": lines})
