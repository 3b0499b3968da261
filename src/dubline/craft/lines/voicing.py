"""Recognised words set right against where a voice is really heard.

A recogniser draws words out over the silence next to them; what is silent in a word's time is taken from it, so
that pauses are as long as they were spoken.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from heapq import merge

from dubline.domain.speech import Utterance, Word
from dubline.domain.time import Span, ticks

SHORTEST_WORD = ticks(0.02)

LEAST_SILENCE = ticks(0.12)
"""Shorter holes between spans of voice are closures inside words."""

LONGEST_WORD = ticks(3.0)

UNHEARD = ticks(0.7)
"""Voice without words, longer than this, is worth listening to again."""

OWN = ticks(0.3)
"""A voice begins before its first word and rings on after its last; so far it is a line's own."""

WORDLESS = ticks(0.4)
"""Voice that belongs to no line, longer than this, is told of: somebody may have said something."""


def in_order(utterances: Iterable[Utterance]) -> list[Word]:
    """All words by time. Words of no length, and words that step back, get a moment of their own.

    An utterance heard later may lie inside an earlier one: its words go between that one's words.
    """
    by_start = merge(
        *(_forward(utterance.words) for utterance in utterances), key=lambda word: word.span.start
    )
    return _forward(by_start)


def _forward(words: Iterable[Word]) -> list[Word]:
    ordered: list[Word] = []
    earliest = 0
    for word in words:
        start = max(word.span.start, earliest)
        ordered.append(_timed(word, start, max(word.span.end, start + SHORTEST_WORD)))
        earliest = start + SHORTEST_WORD
    return ordered


def _timed(word: Word, start: int, end: int) -> Word:
    span = Span(start=start, end=end)
    return word if span == word.span else word.model_copy(update={"span": span})


def voiced(words: Sequence[Word], speech: Sequence[Span]) -> list[Word]:
    """The same words, each within the voice it was heard in; a word heard in silence stays as it is."""
    spans = _joined(speech)
    ends = [span.end for span in spans]
    starts = [span.start for span in spans]
    return _forward(
        _trimmed(word, spans[bisect_right(ends, word.span.start) : bisect_left(starts, word.span.end)])
        for word in words
    )


def _trimmed(word: Word, touched: Sequence[Span]) -> Word:
    """Of several stretches of voice within one word's time, it is the one that shares most with it."""
    if not touched:
        return word
    best = max(touched, key=lambda span: (span.overlap(word.span), -span.start))
    start, end = max(word.span.start, best.start), min(word.span.end, best.end)
    return _timed(word, start, end) if end - start >= SHORTEST_WORD else word


def _joined(speech: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(speech, key=lambda span: (span.start, span.end)):
        if joined and span.start - joined[-1].end < LEAST_SILENCE:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def unheard(speech: Sequence[Span], utterances: Iterable[Utterance]) -> list[Span]:
    """Stretches of voice for which the recogniser found no words; it skips some when a window holds much."""
    words = in_order(utterances)
    starts = [word.span.start for word in words]
    holes: list[Span] = []
    at = 0
    for span in _joined(speech):
        at = max(at, span.start)
        for word in words[bisect_left(starts, span.start - LONGEST_WORD) : bisect_left(starts, span.end)]:
            holes.append(Span(start=min(at, word.span.start), end=word.span.start))
            at = max(at, word.span.end)
        holes.append(Span(start=min(at, span.end), end=span.end))
    return [hole for hole in holes if hole.length >= UNHEARD]


def wordless(speech: Sequence[Span], lines: Sequence[Span]) -> list[Span]:
    """Stretches of voice that no line stands for, also after a second listening: the original stays there."""
    own = [Span(start=max(0, line.start - OWN), end=line.end + OWN) for line in lines]
    own.sort(key=lambda span: span.start)
    return [rest for span in _joined(speech) for rest in span.without(own) if rest.length >= WORDLESS]
