"""Time: does the dub speak when the original speaks, as fast as people do, and to the last word?

Everything here works on `Placed` lines, so that other ways to place the same takes are measured by the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from dubline.domain.time import Span, seconds, ticks
from dubline.quality.spans import covered, merged, shared

OVERLAP_HEARD = 0.05
"""Seconds from which on two lines of a voice are heard at once, and a missing end is heard as missing."""

SHORT_PAUSE, LONG_PAUSE = ticks(0.1), ticks(0.8)
"""A pause behind which dubbed speech starts anew, and one behind which everybody sees the original start anew."""


@dataclass(frozen=True)
class Placed:
    """A line's take where it is heard. `rate` is how fast it is heard against the voice's own pace, `stretch` how
    much of that was done after it was spoken; `cut` the seconds of it, as played, that nobody hears; `speech` where
    in the programme it sounds, its pauses left out."""

    line: str
    original: Span
    voice: str
    span: Span
    rate: float = 1.0
    stretch: float = 1.0
    words: int = 0
    cut: float = 0.0
    speech: tuple[Span, ...] = ()


def length_overlap(original: float, dub: float) -> float:
    """One line of the IWSLT metric: 1 where both last equally long, less by the share that is missing or too much."""
    return 1 - abs(dub - original) / original if original else 0.0


def speech_overlap(placed: Sequence[Placed], missing: Sequence[Span] = ()) -> list[float]:
    """The IWSLT metric line by line; a line without a dub has none."""
    heard = [
        length_overlap(one.original.duration, one.span.duration) for one in placed if one.original.length
    ]
    return heard + [0.0 for _ in missing]


def same_moments(source: Sequence[Span], dub: Sequence[Span]) -> float | None:
    """Time in which both speak over time in which either does."""
    either = covered([*source, *dub])
    return covered(shared(source, dub)) / either if either else None


def coverage(source: Sequence[Span], dub: Sequence[Span]) -> float | None:
    """How much of the original's speech has dubbed speech over it."""
    whole = covered(source)
    return covered(shared(source, dub)) / whole if whole else None


def onset_errors(placed: Sequence[Placed]) -> list[float]:
    """Seconds each line starts after (+) or before (−) its original."""
    return [seconds(one.span.start - one.original.start) for one in placed]


def true_onset_errors(source: Sequence[Span], dub: Sequence[Span]) -> list[float]:
    """Each time somebody starts to speak in the original, seconds to the nearest start of dubbed speech. What the
    lines were cut from plays no part, so a line that begins in the wrong place cannot hide."""
    starts = [span.start for span in stretches(dub, SHORT_PAUSE)]
    if not starts:
        return []
    onsets = [span.start for span in stretches(source, LONG_PAUSE)]
    return [seconds(min(starts, key=lambda start: abs(start - onset)) - onset) for onset in onsets]


def stretches(speech: Sequence[Span], pause: int) -> list[Span]:
    """Speech between pauses of some length at least."""
    found: list[Span] = []
    for span in merged(speech):
        if found and span.start - found[-1].end < pause:
            found[-1] = Span(start=found[-1].start, end=span.end)
        else:
            found.append(span)
    return found


def overlaps_of_a_voice(placed: Sequence[Placed]) -> list[float]:
    """Seconds in which a line sounds together with an earlier one of the same voice, where that can be heard."""
    free: dict[str, int] = {}
    found: list[float] = []
    for one in sorted(placed, key=lambda one: (one.span.start, one.span.end, one.line)):
        over = seconds(min(free.get(one.voice, 0), one.span.end) - one.span.start)
        if over > OVERLAP_HEARD:
            found.append(over)
        free[one.voice] = max(free.get(one.voice, 0), one.span.end)
    return found


def talk_over(placed: Sequence[Placed]) -> float:
    """Seconds in which dubbed lines sound at once beyond those in which their originals do."""
    return max(0.0, _at_once([one.span for one in placed]) - _at_once([one.original for one in placed]))


def _at_once(spans: Sequence[Span]) -> float:
    """Seconds in which at least two are heard."""
    meetings = (
        Span(start=max(one.start, other.start), end=min(one.end, other.end))
        for one, other in combinations(spans, 2)
        if one.overlap(other)
    )
    return covered(meetings)


def cut_words(one: Placed) -> int:
    """Words that are not heard to their end, if all last equally long."""
    whole = one.span.duration + one.cut
    if one.cut <= OVERLAP_HEARD or not whole:
        return 0
    return max(1, round(one.words * one.cut / whole))


def cut_at(one: Placed, end: int) -> Placed:
    """The same line in a programme that ends: what lies behind the end is never heard."""
    if one.span.end <= end:
        return one
    last = max(end, one.span.start)
    speech = shared(one.speech, [Span(start=0, end=last)])
    span = Span(start=one.span.start, end=last)
    return replace(one, span=span, cut=one.cut + seconds(one.span.end - last), speech=tuple(speech))


def drift(placed: Sequence[Placed]) -> float | None:
    """Seconds the last line starts off its original: what has piled up by then."""
    if not placed:
        return None
    last = max(placed, key=lambda one: (one.original.start, one.line))
    return seconds(last.span.start - last.original.start)


def played_speech(speech: Sequence[Span], length: int, span: Span) -> tuple[Span, ...]:
    """Where a take's speech, told from its own start, sounds once the take fills a span."""
    if not length:
        return ()
    factor = span.length / length
    return tuple(
        Span(start=span.start + round(each.start * factor), end=span.start + round(each.end * factor))
        for each in speech
    )
