"""From recognised words to lines: what one speaker says in one breath, a sentence or a phrase of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dubline.craft.lines.attribution import BOTH_SPEAK, OVERLAPPING, attribute, overlapped
from dubline.craft.lines.punctuation import ends_clause, ends_sentence, leans_on, letters
from dubline.craft.lines.voicing import SHORTEST_WORD, in_order, voiced
from dubline.domain.script import Line
from dubline.domain.speech import Turn, Utterance, Word
from dubline.domain.time import Span, seconds, ticks

PAUSE = ticks(0.6)
SHORT_PAUSE = ticks(0.35)
"""Long talk is cut at pauses this short already."""

LONG_TALK = ticks(7.0)
LONGEST_LINE = ticks(12.0)
MOST_CHARACTERS = 220

FRAGMENT_LENGTH = ticks(0.7)
FRAGMENT_LETTERS = 8
"""Less than this is no line of its own where it can join a neighbour."""

JOINING_PAUSE = ticks(0.9)

SNAP = ticks(0.3)
SNAP_END = ticks(0.5)
"""How far a recogniser's word edge may be from the edge of the voice it belongs to; ends come too soon."""

SHORTEST_ENDS, SHORTEST_LETTER = 0.15, 0.045
"""Seconds: nobody says a text in less than the one and the other for each of its letters."""

Words = tuple[Word, ...]


def cut_lines(utterances: Sequence[Utterance], turns: Sequence[Turn], speech: Sequence[Span]) -> list[Line]:
    """Lines in order of time; every word is in exactly one of them, and one speaker's lines never overlap."""
    words = voiced(in_order(utterances), speech)
    ordered = sorted(turns, key=lambda turn: (turn.span.start, turn.span.end))
    speakers, both = attribute(words, ordered), overlapped(ordered)
    pieces = [(speaker, piece) for speaker, run in _monologues(words, speakers) for piece in _breaths(run)]
    spans = _spans(pieces, sorted(speech, key=lambda span: span.start))
    return [
        Line(
            id=f"L{number:04d}",
            span=span,
            speaker=speaker,
            source_text="".join(word.text for word in piece).strip(),
            words=piece,
            flags=(OVERLAPPING,) if any(span.overlap(shared) >= BOTH_SPEAK for shared in both) else (),
        )
        for number, ((speaker, piece), span) in enumerate(zip(pieces, spans, strict=True), start=1)
    ]


def _monologues(words: Sequence[Word], speakers: Sequence[str]) -> Iterator[tuple[str, Words]]:
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or speakers[at] != speakers[start]:
            yield speakers[start], tuple(words[start:at])
            start = at


def _breaths(words: Words) -> list[Words]:
    """One speaker's words cut at sentence ends and pauses, fragments joined again, long pieces cut finer."""
    cuts = [at for at in range(1, len(words)) if _pause(words, at) >= PAUSE or _sentence_end(words, at)]
    pieces = [words[start:end] for start, end in pairwise([0, *cuts, len(words)])]
    return [part for piece in _joined(pieces) for part in _finer(piece)]


def _pause(words: Words, at: int) -> int:
    return words[at].span.start - words[at - 1].span.end


def _sentence_end(words: Words, at: int) -> bool:
    return ends_sentence(words[at - 1].text, words[at].text)


def _length(words: Words) -> int:
    return words[-1].span.end - words[0].span.start


def _characters(words: Words) -> int:
    return len("".join(word.text for word in words).strip())


def _too_long(words: Words) -> bool:
    return _length(words) > LONGEST_LINE or _characters(words) > MOST_CHARACTERS


def _fragment(words: Words) -> bool:
    text = "".join(word.text for word in words)
    return _length(words) < FRAGMENT_LENGTH and letters(text) < FRAGMENT_LETTERS


def _joined(pieces: Sequence[Words]) -> list[Words]:
    """A lone "Yes." goes with what follows it, or with what came before, whichever is nearer."""
    joined = list(pieces)
    at = 0
    while at < len(joined):
        neighbour = _neighbour(joined, at) if _fragment(joined[at]) else None
        if neighbour is None:
            at += 1
            continue
        first = min(at, neighbour)
        joined[first : first + 2] = [joined[first] + joined[first + 1]]
        at = first
    return joined


def _neighbour(pieces: Sequence[Words], at: int) -> int | None:
    """Which neighbour the fragment joins: a pause inside a sentence binds tighter than its end."""
    options: list[tuple[int, int]] = []
    for other in (at + 1, at - 1):
        if 0 <= other < len(pieces):
            first = min(at, other)
            pair = pieces[first] + pieces[first + 1]
            border = len(pieces[first])
            pause = _pause(pair, border)
            allowed = SHORT_PAUSE if _sentence_end(pair, border) else JOINING_PAUSE
            if pause <= allowed and not _too_long(pair):
                options.append((pause + (PAUSE if _sentence_end(pair, border) else 0), other))
    return min(options)[1] if options else None


def _finer(words: Words) -> list[Words]:
    """Cut until nothing is too long: at the strongest break that leaves two parts worth having."""
    if len(words) < 2 or not (_too_long(words) or _breathes(words)):
        return [words]
    at = max(range(1, len(words)), key=lambda at: (_cut_worth(words, at), -at))
    return _finer(words[:at]) + _finer(words[at:])


def _breathes(words: Words) -> bool:
    """Long talk with a clear pause well inside it."""
    if _length(words) <= LONG_TALK:
        return False
    return any(_pause(words, at) >= SHORT_PAUSE and _balance(words, at) >= 0.2 for at in range(1, len(words)))


def _balance(words: Words, at: int) -> float:
    """The smaller part's share of the time, 0 to 0.5."""
    share = (words[at].span.start - words[0].span.start) / _length(words)
    return min(share, 1 - share)


def _cut_worth(words: Words, at: int) -> float:
    clause = 0.5 * ends_clause(words[at - 1].text) + 0.5 * _sentence_end(words, at)
    pause = min(max(seconds(_pause(words, at)), 0.0), 1.0)
    inside_word = not words[at].text[:1].isspace() and words[at].text[:1].isascii()
    return (
        clause
        + 1.5 * pause
        + 1.2 * min(_balance(words, at), 0.35)
        - inside_word
        - 0.2 * leans_on(words[at - 1].text)
    )


def _spans(pieces: Sequence[tuple[str, Words]], speech: Sequence[Span]) -> list[Span]:
    """When each piece is spoken: its words' times, snapped to the edges of the voice."""
    starts = [span.start for span in speech]
    ends = sorted(span.end for span in speech)
    spans: list[Span] = []
    free: dict[str, int] = {}
    for at, (speaker, words) in enumerate(pieces):
        before = max(spans[-1].start if spans else 0, pieces[at - 1][1][-1].span.start if at else 0)
        following = next((other[0].span.start for who, other in pieces[at + 1 :] if who == speaker), None)
        last = words[-1].span.end if following is None else min(words[-1].span.end, following)
        start = max(_snapped_start(words, starts, speech, before), free.get(speaker, 0))
        start = min(start, last - SHORTEST_WORD)
        followed = at + 1 < len(pieces)
        after = pieces[at + 1][1][0].span.start if followed else words[-1].span.end + SNAP_END
        silent_until = after if followed else max([words[-1].span.end, *ends[-1:]])
        end = max(_snapped_end(words, ends, speech, after), _sayable_end(words, start, silent_until))
        spans.append(Span(start=start, end=end if following is None else min(end, following)))
        free[speaker] = spans[-1].end
    return spans


def _sayable_end(words: Words, start: int, latest: int) -> int:
    """The earliest end for words to be said at all: where voices lie over each other or a detector hears but their
    beginning, they last into what seems silent, though never into the next words."""
    spoken = letters("".join(word.text for word in words))
    needed = start + ticks(SHORTEST_ENDS + SHORTEST_LETTER * spoken)
    return max(min(needed, latest), start + SHORTEST_WORD)


def _near(edges: Sequence[int], moment: int) -> int | None:
    at = bisect_left(edges, moment)
    return min(edges[max(0, at - 1) : at + 1], key=lambda edge: abs(edge - moment), default=None)


def _snapped_start(words: Words, starts: Sequence[int], speech: Sequence[Span], before: int) -> int:
    """The onset of the voice near the first word, never back into what was said before it."""
    word = words[0].span
    edge = _near(starts, word.start)
    if edge is None or edge < before or edge >= words[-1].span.end:
        return word.start
    if abs(edge - word.start) <= SNAP:
        return edge
    at = bisect_left(starts, word.start)
    silent = at == 0 or speech[at - 1].end <= word.start
    return starts[at] if silent and at < len(starts) and starts[at] < word.end else word.start


def _snapped_end(words: Words, ends: Sequence[int], speech: Sequence[Span], after: int) -> int:
    """The end of the voice near the last word; a word drawn out over silence ends where the voice did."""
    word = words[-1].span
    edge = _near(ends, word.end)
    if edge is None or edge <= words[0].span.start or edge > max(after, word.end):
        return word.end
    if abs(edge - word.end) <= SNAP_END:
        return edge
    at = bisect_left(ends, word.end) - 1
    if at >= 0 and ends[at] > word.start:
        silent = not any(span.start < word.end <= span.end for span in speech[at : at + 2])
        return ends[at] if silent else word.end
    return word.end


def sentences(lines: Sequence[Line]) -> list[list[int]]:
    """Indices of neighbouring lines of one speaker that make one sentence; each line is in one group."""
    groups: list[list[int]] = []
    for at, line in enumerate(lines):
        if groups and _goes_on(lines[groups[-1][0]], lines[at - 1], line, len(groups[-1])):
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


MOST_LINES_IN_SENTENCE = 5
SENTENCE_PAUSE = ticks(2.0)


def _goes_on(first: Line, before: Line, line: Line, count: int) -> bool:
    return (
        before.speaker == line.speaker == first.speaker
        and not ends_sentence(before.source_text, " " + line.source_text)
        and line.span.start - before.span.end <= SENTENCE_PAUSE
        and count < MOST_LINES_IN_SENTENCE
    )
