"""All lines of a stretch of talk placed at once: a small mixed-integer linear programme, solved exactly.

Every line's start is its onset moved early or late, every take's played length lies between its fastest and
slowest, a binary picks the take. Costs are convex and stepwise linear, so the optimum is the optimum: nothing
is decided from left to right, and lateness cannot pile up where any other way exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dubline.craft.fitting.comfort import (
    BREATHLESS,
    END_AFTER,
    END_BEFORE,
    NATURAL_PAUSE,
    PAST_PROGRAMME,
    START_EARLY,
    START_LATE,
    TALK_OVER,
    UNEVEN,
    Manner,
    Steps,
    dearer,
    speed_lines,
)
from dubline.craft.fitting.neighbours import Talk, Turnover
from dubline.craft.fitting.terms import GAP, Spoken
from dubline.domain.errors import EngineError
from dubline.domain.time import TICKS_PER_SECOND, seconds

Sum = dict[int, float]
"""A linear expression: variable → factor."""

ROUNDING = 4 / 48_000
"""Seconds kept free so that whole ticks still keep every promise."""

NEIGHBOURLY = 2.5
"""Seconds between two lines of one speaker within which a change of speed is heard."""


@dataclass(frozen=True)
class Solved:
    """One line's answer in seconds: which take, when it starts, how long it plays."""

    take: int
    start: float
    played: float


class _Programme:
    """Collects variables, rows and prices, then hands them to the solver."""

    def __init__(self) -> None:
        self.prices: list[float] = []
        self.upper: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[Sum, float]] = []

    def variable(self, price: float = 0.0, upper: float = np.inf, whole: bool = False) -> int:
        self.prices.append(price)
        self.upper.append(upper)
        self.whole.append(int(whole))
        return len(self.prices) - 1

    def at_most(self, terms: Sum, bound: float) -> None:
        self.rows.append((terms, bound))

    def priced(self, terms: Sum, bound: float, steps: Steps) -> None:
        """The terms may exceed the bound, at the price of the steps."""
        excess = {self.variable(price, width): -1.0 for width, price in steps}
        self.at_most(plus(terms, excess), bound)

    def solve(self) -> list[float]:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix

        entries = [(row, at, f) for row, (terms, _) in enumerate(self.rows) for at, f in terms.items()]
        row, column, factor = zip(*entries, strict=True)
        shape = (len(self.rows), len(self.prices))
        matrix = csr_matrix((factor, (row, column)), shape=shape)
        bounds = np.array([bound for _, bound in self.rows])
        answer = milp(
            np.array(self.prices),
            integrality=np.array(self.whole),
            bounds=Bounds(0.0, np.array(self.upper)),
            constraints=LinearConstraint(matrix, -np.inf, bounds),
            options={"mip_rel_gap": 1e-4},
        )
        if answer.x is None:
            raise EngineError("fit_failed", f"The lines could not be placed in time: {answer.message}")
        return [float(value) for value in answer.x]


def plus(*sums: Mapping[int, float]) -> Sum:
    total: Sum = {}
    for terms in sums:
        for at, factor in terms.items():
            total[at] = total.get(at, 0.0) + factor
    return total


def minus(terms: Sum) -> Sum:
    return {at: -factor for at, factor in terms.items()}


@dataclass(frozen=True)
class _Line:
    """Starts at `onset + moved` and plays for `played`; a kept original has a fixed `length` instead."""

    onset: float
    moved: Sum
    played: Sum
    length: float = 0.0
    chosen: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()
    pace: Sum | None = None


def solve(talk: Talk, manner: Manner) -> dict[int, Solved]:
    """Answers by index, for every line that has a take."""
    programme = _Programme()
    lines = [_kept(one) if one.fixed else _added(programme, one, talk.duration, manner) for one in talk.lines]
    for pair in talk.turnovers:
        _keep_apart(programme, talk.lines, lines, pair)
    if not programme.rows:
        return {}
    values = programme.solve()
    return {at: _answer(line, values) for at, line in enumerate(lines) if line.chosen}


def _kept(one: Spoken) -> _Line:
    return _Line(seconds(one.line.span.start), {}, {}, length=one.line.span.duration)


def _added(programme: _Programme, one: Spoken, duration: float, manner: Manner) -> _Line:
    onset, end = seconds(one.line.span.start), seconds(one.line.span.end)
    sooner, later = dearer(START_EARLY, manner.start), dearer(START_LATE, manner.start)
    early = {programme.variable(price, min(width, onset)): -1.0 for width, price in sooner}
    late = {programme.variable(price, width): 1.0 for width, price in later}
    moved = plus(early, late)
    programme.at_most(minus(moved), onset)
    chosen, lengths, pace = _takes(programme, one, manner.haste)
    played = dict.fromkeys(lengths, 1.0)
    ending = plus(moved, played)
    programme.priced(ending, end - onset, dearer(END_AFTER, manner.end))
    programme.priced(minus(ending), onset - end, dearer(END_BEFORE, manner.end))
    programme.priced(ending, duration - ROUNDING - onset, PAST_PROGRAMME)
    return _Line(onset, moved, played, 0.0, chosen, lengths, pace)


def _takes(programme: _Programme, one: Spoken, haste: float) -> tuple[tuple[int, ...], tuple[int, ...], Sum]:
    """Per take a choice, a played length and what that length costs; exactly one take is chosen."""
    chosen, lengths, pace = [], [], {}
    for take in one.takes:
        natural = seconds(take.length)
        choice = programme.variable(take.penalty, 1.0, whole=len(one.takes) > 1)
        played = programme.variable()
        programme.at_most({choice: take.shortest / TICKS_PER_SECOND, played: -1.0}, 0.0)
        programme.at_most({choice: -take.longest / TICKS_PER_SECOND, played: 1.0}, 0.0)
        cost = programme.variable(haste)
        for slope, base in speed_lines(take.rate, natural):
            programme.at_most({played: slope, choice: base, cost: -1.0}, 0.0)
        chosen.append(choice)
        lengths.append(played)
        pace[played] = 1.0 / (natural * take.rate)
    programme.at_most(dict.fromkeys(chosen, 1.0), 1.0)
    programme.at_most(dict.fromkeys(chosen, -1.0), -1.0)
    return tuple(chosen), tuple(lengths), pace


def _keep_apart(
    programme: _Programme, ordered: Sequence[Spoken], lines: Sequence[_Line], pair: Turnover
) -> None:
    """End of the one minus start of the other, bounded; what both do to it stands on the left side."""
    before, after = lines[pair.before], lines[pair.after]
    overlap = plus(before.moved, before.played, minus(after.moved))
    originally = after.onset - before.onset - before.length
    if not pair.one_voice:
        programme.priced(overlap, originally + pair.shared, TALK_OVER)
        return
    programme.at_most(overlap, originally - GAP - ROUNDING)
    pause = seconds(ordered[pair.after].line.span.start - ordered[pair.before].line.span.end)
    wanted = min(max(pause, GAP), NATURAL_PAUSE)
    programme.priced(overlap, originally - wanted, BREATHLESS)
    same_speaker = ordered[pair.before].line.speaker == ordered[pair.after].line.speaker
    if same_speaker and pause < NEIGHBOURLY and before.pace and after.pace:
        change = plus(before.pace, minus(after.pace))
        apart = programme.variable(UNEVEN)
        programme.at_most(plus(change, {apart: -1.0}), 0.0)
        programme.at_most(plus(minus(change), {apart: -1.0}), 0.0)


def _answer(line: _Line, values: Sequence[float]) -> Solved:
    take = max(range(len(line.chosen)), key=lambda at: (values[line.chosen[at]], -at))
    start = line.onset + sum(factor * values[at] for at, factor in line.moved.items())
    return Solved(take, start, values[line.lengths[take]])
