"""Lines as subtitles: two short rows at a time, as long on the screen as reading takes, and never two at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dubline.craft.subtitling.rows import fits, rows_of, split, units, width
from dubline.domain.script import Line
from dubline.domain.time import Span, ticks

Which = Literal["source", "target"]
Form = Literal["srt", "vtt", "ass"]

SHORTEST = ticks(1.0)
LONGEST = ticks(7.0)
GAP = ticks(0.08)
"""Two frames at 24 or 25 a second: without it one subtitle seems to change instead of giving way."""

COLUMNS_PER_SECOND = 20
LINGER = ticks(1.5)
"""A subtitle may stay this long after its words, no longer: it would belong to the next picture."""

TOGETHER = ticks(0.8)
"""Two people who start within this time of each other share one subtitle, a dash before each."""


@dataclass(frozen=True)
class Cue:
    """One subtitle. Rows are plain text; `speaker` is empty where two share it."""

    span: Span
    rows: tuple[str, ...]
    speaker: str = ""

    @property
    def columns(self) -> int:
        return sum(width(row) for row in self.rows)


def layout(lines: Sequence[Line], which: Which) -> list[Cue]:
    """Cues in order of time for what was said, or for what the dub says."""
    wanted = [cue for line in lines for cue in _cues_of(line, which)]
    if not wanted:
        return []
    wanted.sort(key=lambda cue: (cue.span.start, cue.span.end, cue.speaker))
    return _readable(_apart(_shared(wanted)))


def _cues_of(line: Line, which: Which) -> list[Cue]:
    text = line.source_text if which == "source" else line.text
    if not text.strip():
        return []
    clock = _Clock(line, which)
    cues = []
    said = 0
    for part in split(units(text)):
        letters = sum(_solid(unit) for unit in part)
        cues.append(Cue(clock.span(said, said + letters), rows_of(part), line.speaker))
        said += letters
    return cues


def _solid(text: str) -> int:
    return sum(not character.isspace() for character in text)


class _Clock:
    """When the nth character of a line is said: by its words where they are known, else evenly."""

    def __init__(self, line: Line, which: Which) -> None:
        span = line.fit.span if which == "target" and line.fit else line.span
        text = line.source_text if which == "source" else line.text
        timed = [(word.span, _solid(word.text)) for word in line.words] if which == "source" else []
        if sum(count for _, count in timed) != _solid(text):
            timed = [(span, _solid(text))]
        self._line = span
        self._timed = [(word, count) for word, count in timed if count]

    def span(self, first: int, last: int) -> Span:
        start = max(self._line.start, self._at(first, beginning=True))
        return Span(start=start, end=max(start, min(self._line.end, self._at(last, beginning=False))))

    def _at(self, position: int, beginning: bool) -> int:
        passed = 0
        for word, count in self._timed:
            if position < passed + count or (position == passed + count and not beginning):
                return word.start + word.length * (position - passed) // count
            passed += count
        return self._line.end


def _shared(cues: Sequence[Cue]) -> list[Cue]:
    """What two people say at once stands in one cue, a row each, where both fit."""
    shared: list[Cue] = []
    for cue in cues:
        other = shared[-1] if shared else None
        if other and other.speaker and other.speaker != cue.speaker and _at_once(other, cue):
            span = Span(start=other.span.start, end=max(other.span.end, cue.span.end))
            rows = tuple(f"– {' '.join(each.rows)}" for each in (other, cue))
            shared[-1] = Cue(span, rows)
        else:
            shared.append(cue)
    return shared


def _at_once(one: Cue, other: Cue) -> bool:
    near = other.span.start - one.span.start < TOGETHER and one.span.end > other.span.start
    return near and all(fits(f"– {' '.join(cue.rows)}") for cue in (one, other))


def _apart(cues: Sequence[Cue]) -> list[Cue]:
    """Each cue ends before the next begins; one that would have no time at all pushes the next back."""
    starts: list[int] = []
    for cue in cues:
        earliest = starts[-1] + TOGETHER + GAP if starts else 0
        follows = starts and cue.span.start < earliest
        starts.append(earliest if follows else cue.span.start)
    ends = [max(cue.span.end, start + TOGETHER) for cue, start in zip(cues, starts, strict=True)]
    limits = [*(start - GAP for start in starts[1:]), *ends[-1:]]
    return [
        Cue(Span(start=start, end=min(end, limit)), cue.rows, cue.speaker)
        for cue, start, end, limit in zip(cues, starts, ends, limits, strict=True)
    ]


def _readable(cues: Sequence[Cue]) -> list[Cue]:
    """Long enough to be read where the next cue leaves time for it, and not longer than anybody looks."""
    follows = [*(after.span.start - GAP for _, after in pairwise(cues)), None]
    return [_lasting(cue, limit) for cue, limit in zip(cues, follows, strict=True)]


def _lasting(cue: Cue, limit: int | None) -> Cue:
    reading = max(SHORTEST, ticks(cue.columns / COLUMNS_PER_SECOND))
    end = max(cue.span.end, min(cue.span.start + reading, cue.span.end + LINGER))
    end = max(end, cue.span.start + SHORTEST)
    end = min(end, cue.span.start + LONGEST)
    end = end if limit is None else min(end, limit)
    return Cue(Span(start=cue.span.start, end=max(end, cue.span.start)), cue.rows, cue.speaker)


def render(cues: Sequence[Cue], form: Form) -> str:
    """The text of a subtitle file."""
    from dubline.craft.subtitling.subtitle_files import written

    return written([(cue.span, cue.rows, cue.speaker) for cue in cues], form)
