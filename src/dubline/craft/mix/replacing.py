"""Where the original voice is taken out, and where the programme stays untouched."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.domain.script import Line
from dubline.domain.time import Span, ticks

BEFORE, AFTER = ticks(0.15), ticks(0.30)
"""A voice begins before and rings on after what a recogniser calls its word."""

NEAR = ticks(0.25)
"""Speech found this close to a dubbed line belongs to it. After a longer pause it is no rest of a word any more, but
a laugh, or somebody else."""

REACH = ticks(0.50)
"""How far such speech reaches beyond its line; what goes on longer is something else, too."""


def replaced_spans(lines: Sequence[Line], speech: Sequence[Span]) -> list[Span]:
    """The dubbed lines' spans, widened to the speech they are part of; lines that keep their original make
    room for nobody. Everything outside stays the programme itself: breath, laughter, music and speech that
    no line stands for."""
    kept = [line.span for line in lines if line.take is None]
    wanted: list[Span] = []
    for line in lines:
        if line.take is None or line.fit is None:
            continue
        own = line.span
        near = [span for span in speech if span.start < own.end + NEAR and span.end > own.start - NEAR]
        start = max(own.start - REACH, min([own.start, *(span.start for span in near)]))
        end = min(own.end + REACH, max([own.end, *(span.end for span in near)]))
        wanted.append(Span(start=max(0, start - BEFORE), end=end + AFTER))
    return _without(_merged(wanted), kept)


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and span.start <= merged[-1].end + AFTER:
            merged[-1] = Span(start=merged[-1].start, end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _without(spans: Sequence[Span], kept: Sequence[Span]) -> list[Span]:
    left = list(spans)
    for hole in kept:
        left = [
            piece
            for span in left
            for piece in (
                Span(start=span.start, end=max(span.start, min(span.end, hole.start))),
                Span(start=min(span.end, max(span.start, hole.end)), end=span.end),
            )
            if piece.length
        ]
    return left
