"""Which lines stand in each other's way, told from the original alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dubline.craft.fitting.terms import EARLIEST, GAP, LATEST, OVERTALK, Spoken
from dubline.domain.script import Line
from dubline.domain.time import TICKS_PER_SECOND, Span, seconds

NEARNESS = 6.0
"""Seconds after a line's latest natural end beyond which no other line can be in its way."""

ROOM_WITHOUT_NEIGHBOUR = 1.6
"""Seconds of pause a line may count on where nobody follows."""


@dataclass(frozen=True)
class Turnover:
    """`before` starts, then `after`, as indices. One voice stays apart; two may overlap `shared` seconds."""

    before: int
    after: int
    one_voice: bool
    shared: float = 0.0


@dataclass(frozen=True)
class Talk:
    """Lines by onset, who stands in whose way, and how many seconds the programme has."""

    lines: tuple[Spoken, ...]
    turnovers: tuple[Turnover, ...]
    duration: float

    @cached_property
    def rooms(self) -> tuple[float, ...]:
        """Seconds each line has from its original onset until it gets in somebody's way."""
        ends = [min(seconds(one.line.span.end) + ROOM_WITHOUT_NEIGHBOUR, self.duration) for one in self.lines]
        for pair in self.turnovers:
            following = seconds(self.lines[pair.after].line.span.start)
            free = following - GAP if pair.one_voice else following + pair.shared + OVERTALK
            ends[pair.before] = min(ends[pair.before], free)
        starts = (seconds(one.line.span.start) for one in self.lines)
        return tuple(max(0.0, end - start) for start, end in zip(starts, ends, strict=True))

    @cached_property
    def stretches(self) -> list[tuple[int, int]]:
        """First and last index of stretches of talk so far apart that none should reach the next."""
        found: list[tuple[int, int]] = []
        reach = 0.0
        for at, one in enumerate(self.lines):
            onset = seconds(one.line.span.start)
            if found and onset - EARLIEST - GAP <= reach:
                found[-1] = (found[-1][0], at)
            else:
                found.append((at, at))
            reach = max(reach, onset + LATEST + _longest(one))
        return found

    def part(self, first: int, last: int) -> Talk:
        """The lines from first to last, both included."""
        inside = (
            Turnover(pair.before - first, pair.after - first, pair.one_voice, pair.shared)
            for pair in self.turnovers
            if first <= pair.before and pair.after <= last
        )
        return Talk(self.lines[first : last + 1], tuple(inside), self.duration)

    def with_takes(self, chosen: Mapping[int, int]) -> Talk:
        """The same talk with some lines' takes settled."""
        lines = (
            replace(one, takes=(one.takes[chosen[at]],)) if at in chosen else one
            for at, one in enumerate(self.lines)
        )
        return replace(self, lines=tuple(lines))


def standing(voices: Sequence[Span]) -> list[Line]:
    """Voices no line stands for, as lines that keep their original: nobody is to talk over them."""
    return [
        Line(id=f"wordless {place}", span=span, speaker="", source_text="", keep_original=True)
        for place, span in enumerate(voices, start=1)
    ]


def talk_of(spoken: Sequence[Spoken], duration: float) -> Talk:
    """What will neither sound nor stay is left out."""
    audible = [one for one in spoken if one.placed or one.fixed]
    ordered = sorted(audible, key=lambda one: (one.line.span.start, one.line.span.end, one.line.id))
    pairs = sorted([*_one_voice(ordered), *_two_voices(ordered)], key=lambda pair: (pair.before, pair.after))
    return Talk(tuple(ordered), tuple(pairs), duration)


def _longest(one: Spoken) -> float:
    if one.fixed:
        return one.line.span.duration
    return max(take.longest for take in one.takes) / TICKS_PER_SECOND


def _keys(one: Spoken) -> set[str]:
    """Everything the line is the only one to use: its speaker and its voice."""
    return {f"speaker {one.line.speaker}", f"voice {one.line.voice or one.line.speaker}"}


def _one_voice(ordered: Sequence[Spoken]) -> list[Turnover]:
    last: dict[str, int] = {}
    pairs: set[tuple[int, int]] = set()
    for at, one in enumerate(ordered):
        if one.placed:
            keys = _keys(one)
            pairs.update((last[key], at) for key in keys if key in last)
            last.update(dict.fromkeys(keys, at))
    return [Turnover(before, after, True) for before, after in pairs]


def _two_voices(ordered: Sequence[Spoken]) -> list[Turnover]:
    found: list[Turnover] = []
    for before, one in enumerate(ordered):
        reach = seconds(one.line.span.start) + LATEST + _longest(one) + NEARNESS
        for after in range(before + 1, len(ordered)):
            other = ordered[after]
            if seconds(other.line.span.start) - EARLIEST > reach:
                break
            apart = not (_keys(one) & _keys(other)) or one.fixed or other.fixed
            inside = other.line.span.end <= one.line.span.end
            if apart and not inside and (one.placed or other.placed):
                shared = max(0, one.line.span.end - other.line.span.start)
                found.append(Turnover(before, after, False, seconds(shared)))
    return found
