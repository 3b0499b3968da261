"""From recordings to places on the timeline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from dubline.craft.fitting.comfort import USUAL, Manner
from dubline.craft.fitting.neighbours import Talk, Turnover, talk_of
from dubline.craft.fitting.programme import Solved, solve
from dubline.craft.fitting.terms import GAP, HOPELESS, Placement, Recording, Spoken
from dubline.craft.fitting.verdict import judged, without_room
from dubline.domain.script import Fit, Line
from dubline.domain.time import TICKS_PER_SECOND, Span, seconds, ticks

WINDOW, AROUND = 12, 5
"""Lines whose takes are chosen at once, and lines on either side that have a say in it."""

PAST_BEARING = 0.05
"""Seconds of a take behind the end of the programme that are nothing but its ringing out."""


def fit(spoken: Sequence[Spoken], duration: int, manner: Manner = USUAL) -> list[Placement]:
    """A placement for every line that has a take, by onset. `duration` is the programme's, in ticks.

    A line far too long for its time would drive those after it from theirs, or out of the programme. It is left
    out, and the others stay where they belong."""
    left_out: list[Placement] = []
    standing = list(spoken)
    while True:
        talk = talk_of(standing, seconds(duration))
        placed = _placed(talk, manner)
        culprit = _culprit(talk, placed)
        if culprit is None:
            return _by_onset(spoken, [*placed, *left_out])
        left_out.append(without_room(talk, culprit))
        lost = talk.lines[culprit].line
        standing = [Spoken(_kept(one.line)) if one.line.id == lost.id else one for one in standing]


def _kept(line: Line) -> Line:
    return line.model_copy(update={"keep_original": True})


def _by_onset(spoken: Sequence[Spoken], placements: Sequence[Placement]) -> list[Placement]:
    spans = {one.line.id: one.line.span for one in spoken}
    return sorted(placements, key=lambda each: (spans[each.line].start, spans[each.line].end, each.line))


def _placed(talk: Talk, manner: Manner) -> list[Placement]:
    solved = _solved(talk, manner)
    spans = _whole_ticks(talk, solved)
    takes = {at: one.take for at, one in solved.items()}
    fits = {
        at: Fit(span=span, stretch=_stretch(span, talk.lines[at].takes[takes[at]]))
        for at, span in spans.items()
    }
    return [judged(talk, fits, takes, at) for at in sorted(fits)]


def _culprit(talk: Talk, placed: Sequence[Placement]) -> int | None:
    """Of the lines that talk without a break up to the first that is driven away, the one that takes most more
    than it has."""
    at = {one.line.id: place for place, one in enumerate(talk.lines)}
    driven = [at[each.line] for each in placed if each.fit and _driven(talk, at[each.line], each.fit)]
    if not driven:
        return None
    first = next(first for first, last in reversed(talk.stretches) if first <= driven[0])
    inside = [place for place in range(first, driven[0] + 1) if talk.lines[place].placed]
    return max(inside, key=lambda place: (_excess(talk, place), place))


def _driven(talk: Talk, place: int, fit: Fit) -> bool:
    late = seconds(fit.span.start - talk.lines[place].line.span.start) > HOPELESS
    return late or seconds(fit.span.end) > talk.duration + PAST_BEARING


def _excess(talk: Talk, place: int) -> float:
    shortest = min(take.shortest for take in talk.lines[place].takes) / TICKS_PER_SECOND
    return shortest - talk.rooms[place]


def _solved(talk: Talk, manner: Manner) -> dict[int, Solved]:
    """Stretches of talk are solved apart; where one grew into the next, both are solved again as one."""
    parts = list(talk.stretches)
    answers = [_part(talk, *part, manner) for part in parts]
    while (clash := _clash(talk.turnovers, parts, answers)) is not None:
        parts[clash : clash + 2] = [(parts[clash][0], parts[clash + 1][1])]
        answers[clash : clash + 2] = [_part(talk, *parts[clash], manner)]
    return {at: one for part in answers for at, one in part.items()}


def _part(talk: Talk, first: int, last: int, manner: Manner) -> dict[int, Solved]:
    part = talk.part(first, last)
    chosen = _chosen(part, manner)
    solved = solve(part.with_takes(chosen), manner)
    return {at + first: replace(one, take=chosen.get(at, one.take)) for at, one in solved.items()}


def _chosen(part: Talk, manner: Manner) -> dict[int, int]:
    """Takes settled beforehand where talk goes on for long without a break and has choices.

    The search over all choices at once grows beyond all patience; what is chosen here and what is chosen a
    minute later hardly touch. So choices are made in overlapping windows, and times then for all lines at once.
    """
    count = len(part.lines)
    if count <= WINDOW + 2 * AROUND:
        return {}
    chosen: dict[int, int] = {}
    for start in range(0, count, WINDOW):
        if all(len(one.takes) < 2 for one in part.lines[start : start + WINDOW]):
            continue
        low, high = max(0, start - AROUND), min(count, start + WINDOW + AROUND) - 1
        window = part.with_takes(chosen).part(low, high)
        for at, one in solve(window, manner).items():
            if start <= at + low < start + WINDOW:
                chosen[at + low] = one.take
    return chosen


def _clash(
    pairs: Sequence[Turnover], parts: Sequence[tuple[int, int]], answers: Sequence[dict[int, Solved]]
) -> int | None:
    """The first stretch whose last words run into the next stretch."""
    part_of = {at: number for number, (first, last) in enumerate(parts) for at in range(first, last + 1)}
    for pair in pairs:
        number = part_of[pair.before]
        if part_of[pair.after] == number:
            continue
        before, after = answers[number].get(pair.before), answers[part_of[pair.after]].get(pair.after)
        allowed = -GAP if pair.one_voice else pair.shared
        if before and after and before.start + before.played - after.start > allowed:
            return number
    return None


def _whole_ticks(talk: Talk, solved: dict[int, Solved]) -> dict[int, Span]:
    """Seconds become ticks; a voice keeps its gap to the tick, whatever rounding did."""
    earlier: dict[int, list[int]] = {}
    for pair in talk.turnovers:
        if pair.one_voice:
            earlier.setdefault(pair.after, []).append(pair.before)
    spans: dict[int, Span] = {}
    for at, one in sorted(solved.items()):
        take = talk.lines[at].takes[one.take]
        length = min(max(ticks(one.played), math.ceil(take.shortest)), math.floor(take.longest))
        start = max(
            [0, ticks(one.start), *(spans[before].end + ticks(GAP) for before in earlier.get(at, []))]
        )
        spans[at] = Span(start=start, end=start + length)
    return spans


def _stretch(span: Span, take: Recording) -> float:
    return span.length / take.length
