"""Stretches of time as sets: what they cover together, what they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dubline.domain.time import Span, seconds


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same stretches in order, none touching another."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if found and span.start <= found[-1].end:
            found[-1] = Span(start=found[-1].start, end=max(found[-1].end, span.end))
        elif span.length:
            found.append(span)
    return found


def shared(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Where both sets are."""
    return merged(
        Span(start=max(a.start, b.start), end=min(a.end, b.end))
        for a in merged(one)
        for b in merged(other)
        if a.overlap(b)
    )


def without(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Where the first set is and the second is not."""
    left = merged(one)
    for hole in merged(other):
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


def covered(spans: Iterable[Span]) -> float:
    """Seconds that a set covers; what lies twofold counts once."""
    return seconds(sum(span.length for span in merged(spans)))
