"""Where two dubbed lines sound at once, and whether the original did so too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from dubline.domain.script import Line
from dubline.domain.time import TICKS_PER_SECOND, Span

_NOTICED = TICKS_PER_SECOND // 20


class Overlap(BaseModel):
    """Two lines and the time they share. `added` is what the dub has more than the original, in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: str
    second: str
    cause: str
    """The one of the two that left its own place further."""
    span: Span
    added: float
    same_speaker: bool


def overlaps(lines: Sequence[Line]) -> tuple[Overlap, ...]:
    """Overlaps of the dub that the original does not have; less than 50 ms is not worth a word."""
    return tuple(
        Overlap(
            first=one.id,
            second=other.id,
            cause=_cause(one, other),
            span=shared,
            added=round((shared.length - one.span.overlap(other.span)) / TICKS_PER_SECOND, 3),
            same_speaker=one.speaker == other.speaker,
        )
        for one, other, shared in _meetings(lines)
        if shared.length - one.span.overlap(other.span) > _NOTICED
    )


def _meetings(lines: Sequence[Line]) -> Iterator[tuple[Line, Line, Span]]:
    placed = [(line, line.fit.span) for line in lines if line.fit is not None]
    placed.sort(key=lambda item: (item[1].start, item[1].end, item[0].id))
    sounding: list[tuple[Line, Span]] = []
    for line, span in placed:
        sounding = [(other, theirs) for other, theirs in sounding if theirs.end > span.start]
        for other, theirs in sounding:
            yield other, line, Span(start=span.start, end=min(span.end, theirs.end))
        sounding.append((line, span))


def _cause(one: Line, other: Line) -> str:
    """The earlier line by running past its end, or the later one by starting too soon."""
    if one.fit is None or other.fit is None:
        return other.id
    late = one.fit.span.end - one.span.end
    soon = other.span.start - other.fit.span.start
    return one.id if late >= soon else other.id
