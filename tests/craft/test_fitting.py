"""Lines placed in time: promises that hold for any talk, and the choices made in cases one can follow."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dubline.craft.fitting import (
    MANNERS,
    Placement,
    Recording,
    Spoken,
    Studio,
    fit,
    plan_orders,
    plan_retakes,
    standing,
    wordings,
)
from dubline.craft.fitting.comfort import speed_cost, speed_lines
from dubline.craft.fitting.terms import (
    FASTEST,
    GAP,
    IN_TIME,
    LATE,
    LONGEST_STRETCH,
    NO_ROOM,
    SLOWEST,
    TALKS_OVER,
    TOO_LONG,
)
from dubline.domain.script import Candidate, Line
from dubline.domain.speech import Voice
from dubline.domain.time import Span, seconds, ticks

VOICES = {name: Voice(engine="test", name=name, language="es") for name in ("ana", "luis", "mar")}


def recorded(length: float, text: str = "x" * 40, rate: float = 1.0, penalty: float = 0.0) -> Recording:
    return Recording(text, rate, ticks(length), penalty)


def line(number: int, start: float, end: float, voice: str = "ana", keep: bool = False) -> Line:
    return Line(
        id=f"L{number:04d}",
        span=Span.of_seconds(start, end),
        speaker=f"speaker-{voice}",
        source_text="…",
        voice=VOICES[voice],
        keep_original=keep,
    )


def said(number: int, start: float, end: float, *lengths: float, voice: str = "ana") -> Spoken:
    takes = tuple(
        recorded(length, "x" * (40 - index), penalty=2.5 * index) for index, length in enumerate(lengths)
    )
    return Spoken(line(number, start, end, voice), takes)


def moved(placement: Placement, spoken: Spoken) -> float:
    assert placement.fit is not None
    return seconds(placement.fit.span.start - spoken.line.span.start)


@st.composite
def talks(draw: st.DrawFn) -> tuple[list[Spoken], int]:
    """Up to a dozen lines of three voices, crowded or sparse, overlapping or not, some kept as they were."""
    spoken: list[Spoken] = []
    free = dict.fromkeys(VOICES, 0.0)
    now = 0.0
    for number in range(draw(st.integers(1, 12))):
        voice = draw(st.sampled_from(sorted(VOICES)))
        start = max(free[voice], now + draw(st.floats(-0.8, 2.0)))
        length = draw(st.floats(0.1, 6.0))
        factors = draw(st.lists(st.floats(0.4, 2.5), min_size=0, max_size=3))
        takes = tuple(
            recorded(length * factor, "x" * (10 + 5 * index), rate=draw(st.sampled_from([1.0, 1.1, 1.2])))
            for index, factor in enumerate(factors)
        )
        keep = draw(st.integers(0, 5)) == 0
        spoken.append(Spoken(line(number, start, start + length, voice, keep), takes))
        free[voice] = now = start + length
    longest = sum(max((take.length for take in one.takes), default=0) for one in spoken)
    end = max(one.line.span.end for one in spoken)
    return spoken, max(end, longest if draw(st.booleans()) else end) + draw(st.integers(0, ticks(5)))


@settings(max_examples=150, deadline=None)
@given(talks())
def test_every_talk_keeps_the_promises(talk: tuple[list[Spoken], int]) -> None:
    spoken, duration = talk
    by_id = {one.line.id: one for one in spoken}
    placements = fit(spoken, duration)
    assert {placement.line for placement in placements} == {one.line.id for one in spoken if one.placed}
    last: dict[str, int] = {}
    for placement in placements:
        one = by_id[placement.line]
        take = one.takes[placement.take]
        place = placement.fit
        if place is None:
            assert placement.flags == (NO_ROOM,) and placement.max_characters
            continue
        assert place.span.length == round(take.length * place.stretch)
        assert place.stretch <= LONGEST_STRETCH + 1e-9
        heard = take.rate / place.stretch
        assert min(SLOWEST, take.rate) - 1e-9 <= heard <= max(FASTEST, take.rate) + 1e-4
        assert place.span.start >= max(0, last.get(str(one.line.voice), 0))
        last[str(one.line.voice)] = place.span.end + ticks(GAP)
        assert place.span.end <= duration + ticks(0.05)
        late = moved(placement, one)
        assert abs(late) <= IN_TIME + 1e-4 or {"late", "early"} & set(placement.flags)
        assert bool(placement.fit.reasons) or abs(late) <= 0.05


@settings(max_examples=50, deadline=None)
@given(talks())
def test_the_same_talk_is_placed_the_same_way_in_any_order(talk: tuple[list[Spoken], int]) -> None:
    spoken, duration = talk
    assert fit(spoken, duration) == fit(spoken[::-1], duration)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_talk_that_fits_where_it_was_is_left_alone(data: st.DataObject) -> None:
    """Takes as long as their originals stay exactly where those were: no drift, no stretch, no flag."""
    spoken, now = [], 0.0
    for number in range(data.draw(st.integers(1, 30))):
        now += data.draw(st.floats(0.3, 3.0))
        length = data.draw(st.floats(0.5, 8.0))
        spoken.append(said(number, now, now + length, length))
        now += length
    for placement, one in zip(fit(spoken, ticks(now + 1)), spoken, strict=True):
        assert abs(moved(placement, one)) < 0.01
        assert placement.fit.stretch == pytest.approx(1.0, abs=0.01)
        assert not placement.flags


@given(st.floats(0.9, 1.2), st.floats(0.2, 12.0))
def test_the_cost_of_speed_is_convex_so_its_pieces_are_the_cost(rate: float, length: float) -> None:
    pieces = speed_lines(rate, length)
    slopes = [slope for slope, _ in pieces]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(slopes))
    for speed in (SLOWEST, 0.95, 1.0, 1.05, 1.1, 1.2, FASTEST):
        highest = max(slope * length / speed + base for slope, base in pieces)
        assert highest == pytest.approx(speed_cost(speed, rate, length), abs=1e-6)


def test_the_pause_after_a_line_is_used_before_it_is_sped_up() -> None:
    (placement,) = fit([said(1, 1.0, 3.0, 2.4)], ticks(10))
    assert placement.fit.span.start == ticks(1.0)
    assert placement.fit.stretch >= 1 / 1.05 - 1e-3, "nobody hears a twentieth"
    assert any("pause after" in reason for reason in placement.fit.reasons)


def test_a_crowded_line_is_sped_up_within_the_cap_and_the_next_starts_in_time() -> None:
    spoken = [said(1, 1.0, 3.0, 2.5), said(2, 3.1, 5.0, 1.9)]
    first, second = fit(spoken, ticks(10))
    assert first.fit.span.end + ticks(GAP) <= second.fit.span.start
    assert moved(second, spoken[1]) <= 0.35 + 1e-3
    assert 1 / FASTEST <= first.fit.stretch < 1


def test_a_line_too_long_at_the_cap_is_flagged_with_a_length_that_would_fit_and_nothing_is_cut() -> None:
    spoken = [said(1, 1.0, 3.0, 4.5), said(2, 3.1, 5.0, 1.9), said(3, 8.0, 10.0, 2.0)]
    first, second, third = fit(spoken, ticks(12))
    assert TOO_LONG in first.flags and first.max_characters is not None and 10 <= first.max_characters < 40
    assert first.fit.stretch == pytest.approx(1 / FASTEST, abs=1e-4)
    assert LATE in second.flags and second.fit.span.start >= first.fit.span.end + ticks(GAP)
    assert third.flags == () and abs(moved(third, spoken[2])) < 0.01, "lateness must not reach later lines"


def test_the_wording_that_fits_is_chosen() -> None:
    spoken = [said(1, 1.0, 3.0, 3.2, 2.05), said(2, 3.1, 5.0, 1.9)]
    assert [placement.take for placement in fit(spoken, ticks(10))] == [1, 0]


def test_the_best_wording_is_kept_where_it_fits() -> None:
    (placement,) = fit([said(1, 1.0, 3.0, 2.1, 2.0)], ticks(10))
    assert placement.take == 0


def test_two_speakers_overlap_no_more_than_they_did() -> None:
    spoken = [said(1, 1.0, 3.0, 2.6), said(2, 3.1, 5.0, 1.9, voice="luis")]
    first, second = fit(spoken, ticks(10))
    assert seconds(first.fit.span.end - second.fit.span.start) <= 0.16
    assert TALKS_OVER not in first.flags


def test_speakers_who_interrupt_each_other_may_go_on_doing_so() -> None:
    spoken = [said(1, 1.0, 3.0, 2.0), said(2, 2.2, 4.0, 1.8, voice="luis")]
    first, second = fit(spoken, ticks(10))
    assert first.fit.stretch == pytest.approx(1.0, abs=0.01) and second.fit.stretch == pytest.approx(
        1.0, abs=0.01
    )
    assert abs(moved(second, spoken[1])) < 0.05


def test_a_kept_original_is_not_talked_over() -> None:
    spoken = [said(1, 1.0, 3.0, 2.6), Spoken(line(2, 3.1, 5.0, keep=True)), said(3, 5.1, 7.0, 1.8)]
    first, third = fit(spoken, ticks(10))
    assert seconds(first.fit.span.end) <= 3.1 + 0.16
    assert seconds(third.fit.span.start) >= 5.0 - 0.16


def test_a_voice_in_which_no_words_were_found_is_no_pause() -> None:
    voice = [Spoken(one) for one in standing([Span.of_seconds(6.1, 7.0)])]
    (alone,), (beside,) = (fit([said(1, 1.0, 6.0, 6.2), *others], ticks(10)) for others in ([], voice))
    assert alone.fit and beside.fit
    assert seconds(alone.fit.span.end) > 6.3 > seconds(beside.fit.span.end)


def test_only_the_pause_that_exists_is_called_one_and_the_rest_is_said_to_talk_over() -> None:
    def reasons(length: float) -> tuple[str, ...]:
        spoken = [said(1, 0.0, 2.0, length), said(2, 2.58, 5.0, 2.0, voice="luis")]
        first = fit(spoken, ticks(10))[0].fit
        return first.reasons if first else ()

    assert "used 0.6 s of the pause after it" in reasons(3.3)
    assert [reason for reason in reasons(3.3) if reason.startswith("talks over what follows")]
    assert "used 0.6 s of the pause after it" in reasons(5.0)
    assert [reason for reason in reasons(5.0) if reason.startswith("talks over the next speaker")]
    assert not [reason for reason in reasons(2.5) if "talks over" in reason]


def test_a_line_is_not_asked_to_be_shorter_where_its_wording_is_short_enough() -> None:
    quick = Spoken(line(1, 0.0, 2.0), (recorded(2.0, rate=1.2),))
    (placement,) = fit([quick], ticks(10))
    assert placement.fit and placement.max_characters is None


def test_the_last_line_ends_within_the_programme() -> None:
    (placement,) = fit([said(1, 1.0, 3.0, 2.5)], ticks(3.2))
    assert placement.fit.span.end <= ticks(3.2) and not placement.flags


def test_one_far_line_changes_nothing_elsewhere() -> None:
    """An edited line must not move lines it cannot reach, or they would all be rendered again."""
    spoken = [said(n, 10.0 * n, 10.0 * n + 3, 2.0 + 0.37 * n % 1.5) for n in range(8)]
    before = fit(spoken, ticks(90))
    after = fit([*spoken[:3], said(3, 30.0, 33.0, 4.4), *spoken[4:]], ticks(90))
    assert [a == b for a, b in zip(before, after, strict=True)] == [n != 3 for n in range(8)]


def test_long_unbroken_talk_with_choices_is_placed_without_drift() -> None:
    """Long talk is solved in windows; the choices at their borders must be as good as anywhere."""
    spoken, now = [], 1.0
    for number in range(120):
        length = 2.0 + (number * 7 % 10) / 4
        takes = (1.7 * length, 1.0 * length) if number % 4 == 0 else (1.03 * length,)
        spoken.append(said(number, now, now + length, *takes))
        now += length + 0.12
    placements = fit(spoken, ticks(now))
    assert all(abs(moved(placement, one)) <= 0.36 for placement, one in zip(placements, spoken, strict=True))
    assert {placement.take for placement in placements[::4]} == {1}
    assert max(1 / placement.fit.stretch for placement in placements) <= 1.06


def predicted(text: str, voice: Voice, rate: float) -> float:
    return len(text) / 14 / rate


STUDIO = Studio(predicted, lambda _: (0.9, 1.2))


def wanted(number: int, start: float, end: float, *texts: str, adequacy: float = 0.9) -> Line:
    candidates = tuple(
        Candidate(text=text, route="test", adequacy=adequacy if place else 1.0)
        for place, text in enumerate(texts)
    )
    return line(number, start, end).model_copy(update={"candidates": candidates, "text": texts[0]})


def test_a_line_that_fits_easily_is_ordered_as_it_stands() -> None:
    orders = plan_orders([wanted(1, 1.0, 3.0, "x" * 28, "x" * 20)], STUDIO, ticks(10))
    assert (orders["L0001"].text, orders["L0001"].rate) == ("x" * 28, 1.0)


def test_the_shorter_wording_is_ordered_where_the_long_one_cannot_fit() -> None:
    lines = [wanted(1, 1.0, 3.0, "x" * 50, "x" * 30), wanted(2, 3.1, 5.0, "x" * 26)]
    assert plan_orders(lines, STUDIO, ticks(10))["L0001"].text == "x" * 30


def test_a_wording_that_says_much_less_is_not_taken_for_a_little_comfort() -> None:
    lines = [wanted(1, 1.0, 3.0, "x" * 31, "x" * 26, adequacy=0.6), wanted(2, 3.1, 5.0, "x" * 26)]
    assert plan_orders(lines, STUDIO, ticks(10))["L0001"].text == "x" * 31


def test_an_edited_wording_is_the_only_one_ordered() -> None:
    edited = wanted(1, 1.0, 3.0, "x" * 50, "x" * 30).model_copy(update={"edited": True, "text": "y" * 50})
    lines = [edited, wanted(2, 3.1, 5.0, "x" * 26)]
    assert plan_orders(lines, STUDIO, ticks(10))["L0001"].text == "y" * 50
    assert wordings(edited) == {"y" * 50: 0.0}


def test_nothing_is_ordered_for_a_kept_original_or_an_empty_text() -> None:
    kept = wanted(1, 1.0, 3.0, "x" * 20).model_copy(update={"keep_original": True})
    empty = wanted(2, 4.0, 6.0, "").model_copy(update={"candidates": ()})
    assert plan_orders([kept, empty], Studio(predicted), ticks(10)) == {}


def test_a_take_that_came_out_as_long_as_wanted_calls_for_no_other() -> None:
    lines = [wanted(1, 1.0, 3.0, "x" * 28, "x" * 20)]
    assert plan_retakes(lines, {"L0001": [recorded(2.0, "x" * 28)]}, STUDIO, ticks(10)) == []


def test_a_take_that_came_out_far_too_long_calls_for_another_rate_or_wording() -> None:
    lines = [wanted(1, 1.0, 3.0, "x" * 28, "x" * 20), wanted(2, 3.1, 5.0, "x" * 26)]
    made = {"L0001": [recorded(3.0, "x" * 28)], "L0002": [recorded(1.9, "x" * 26)]}
    (order,) = plan_retakes(lines, made, STUDIO, ticks(10))
    assert order.line == "L0001" and (order.rate > 1.0 or order.text == "x" * 20)


def test_a_line_rendered_before_is_left_alone() -> None:
    rendered = wanted(1, 1.0, 3.0, "x" * 28, "x" * 20).model_copy(update={"rate": 1.0})
    lines = [rendered, wanted(2, 3.1, 5.0, "x" * 26)]
    made = {"L0001": [recorded(3.0, "x" * 28)], "L0002": [recorded(1.9, "x" * 26)]}
    assert plan_retakes(lines, made, STUDIO, ticks(10)) == []


def test_a_take_that_nobody_understands_yields_to_one_that_can_be_understood() -> None:
    spoken = Spoken(line(1, 1.0, 3.0), (recorded(2.0, penalty=5.0), recorded(2.3)))
    assert fit([spoken], ticks(10))[0].take == 1


def test_strict_keeps_the_start_and_relaxed_the_pace() -> None:
    spoken = [said(1, 1.0, 3.0, 2.4), said(2, 3.1, 5.0, 2.1), said(3, 5.2, 7.0, 2.0)]
    strict, usual, relaxed = (fit(spoken, ticks(10), manner) for manner in MANNERS.values())

    def off(placements: list[Placement]) -> float:
        return max(abs(moved(placement, one)) for placement, one in zip(placements, spoken, strict=True))

    def fastest(placements: list[Placement]) -> float:
        return max(1 / placement.fit.stretch for placement in placements)

    assert off(strict) <= off(usual) <= off(relaxed) and off(strict) < off(relaxed)
    assert fastest(strict) >= fastest(usual) >= fastest(relaxed) and fastest(strict) > fastest(relaxed)


def test_a_line_far_too_long_is_left_out_and_the_others_stay_where_they_belong() -> None:
    spoken = [said(1, 1.0, 2.0, 9.0), said(2, 2.6, 4.0, 1.4), said(3, 4.4, 6.0, 1.6)]
    first, second, third = fit(spoken, ticks(7))
    assert first.fit is None and first.flags == (NO_ROOM,) and first.max_characters
    assert first.max_characters < len(spoken[0].takes[0].text)
    assert abs(moved(second, spoken[1])) < 0.01 and abs(moved(third, spoken[2])) < 0.01


def test_a_line_that_cannot_end_within_the_programme_is_left_out() -> None:
    (placement,) = fit([said(1, 1.0, 2.0, 9.0)], ticks(3))
    assert placement.fit is None
