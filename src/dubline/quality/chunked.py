"""VideoLingo's way to place takes: neighbouring lines are joined into chunks that share one speed and their pauses.

Re-made from its published code (core/_8_1_audio_task.py, _8_2_dub_chunks.py, _10_gen_audio.py), with the takes' real
lengths where it goes by an estimate. Times are in seconds, as there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dubline.domain.time import seconds, ticks
from dubline.quality.rivals import Said
from dubline.quality.timing import Placed

SHORTEST = 2.5
"""A line shorter than this is joined with the next of the same speaker, or said to last as long."""
TOLERANCE = 1.5
ACCEPTED, SLOWEST = 1.2, 1.0
SPARE = 0.1
MOST_ROWS, ROWS_AT_ONCE = 5, 2


@dataclass
class _Row:
    """One or more lines said in one breath."""

    said: list[Said]
    start: float
    end: float
    gap: float = 0.0
    last: bool = field(default=False)
    """A chunk ends behind it."""

    @property
    def duration(self) -> float:
        return self.end - self.start

    @property
    def tolerance(self) -> float:
        return min(self.gap, TOLERANCE)

    @property
    def room(self) -> float:
        return self.duration + self.tolerance

    @property
    def spoken(self) -> float:
        return sum(seconds(one.length) for one in self.said)


def videolingo(said: Sequence[Said], end: int) -> list[Placed]:
    ordered = sorted(said, key=lambda one: (one.original.start, one.original.end, one.line))
    rows = _with_gaps(_joined(ordered), seconds(end))
    _part(rows)
    placed: list[Placed] = []
    chunk: list[_Row] = []
    for row in rows:
        chunk.append(row)
        if row.last:
            placed += _placed(chunk, end)
            chunk = []
    return placed


def _joined(said: Sequence[Said]) -> list[_Row]:
    rows = [_Row([one], seconds(one.original.start), seconds(one.original.end)) for one in said]
    at = 0
    while at < len(rows):
        row, after = rows[at], rows[at + 1] if at + 1 < len(rows) else None
        if row.duration >= SHORTEST or after is None:
            at += 1
        elif after.start - row.start < SHORTEST and after.said[0].voice == row.said[0].voice:
            rows[at : at + 2] = [_Row([*row.said, *after.said], row.start, after.end)]
        else:
            row.end = row.start + SHORTEST
            at += 1
    return rows


def _with_gaps(rows: list[_Row], end: float) -> list[_Row]:
    for row, following in zip(rows, [*(row.start for row in rows[1:]), end], strict=True):
        row.gap = following - row.end
        row.last = row.gap >= TOLERANCE
    return rows


def _haste(spoken: float, room: float, duration: float, tolerance: float) -> int:
    """2 beyond what may be sped up, 1 to be sped up, 0 as it should be, −1 slow."""
    if spoken / ACCEPTED > room:
        return 2
    if spoken > room:
        return 1
    return -1 if spoken < duration - tolerance else 0


def _part(rows: list[_Row]) -> None:
    """Marks where chunks end: a hurried line is joined with those behind it until all of them have time."""
    hastes = [_haste(row.spoken, row.room, row.duration, row.tolerance) for row in rows]
    at = 0
    while at < len(rows):
        alone = rows[at].last or at + 1 == len(rows)
        if alone or (hastes[at] <= 0 and hastes[at + 1] <= 0):
            rows[at].last = True
            at += 1
        else:
            at += _merged(rows, at)


def _merged(rows: list[_Row], first: int) -> int:
    spoken, room, duration = rows[first].spoken, rows[first].room, rows[first].duration
    count = 1
    while count < MOST_ROWS and first + count < len(rows):
        row = rows[first + count]
        spoken, room, duration = spoken + row.spoken, room + row.room, duration + row.duration
        if _haste(spoken, room, duration, row.tolerance) <= 0 or count == ROWS_AT_ONCE:
            row.last = True
            return count + 1
        count += 1
    rows[first + count - 1].last = True
    return count


def _speed(chunk: Sequence[_Row]) -> tuple[float, bool]:
    """One speed for the chunk, and whether its pauses are kept."""
    spoken, room = sum(row.spoken for row in chunk), sum(row.room for row in chunk)
    tight = room - chunk[-1].tolerance
    with_gaps = spoken + sum(row.gap for row in chunk[:-1])
    if with_gaps / ACCEPTED < tight:
        return max(SLOWEST, with_gaps / max(tight - SPARE, SPARE)), True
    if spoken / ACCEPTED < tight:
        return max(SLOWEST, spoken / max(tight - SPARE, SPARE)), False
    if with_gaps / ACCEPTED < room:
        return max(SLOWEST, with_gaps / max(room - SPARE, SPARE)), True
    return spoken / max(room - SPARE, SPARE), False


def _placed(chunk: Sequence[_Row], end: int) -> list[Placed]:
    """One line behind the other; the last one is cut off where the chunk ends."""
    speed, keep_gaps = _speed(chunk)
    until = min(ticks(chunk[-1].end + chunk[-1].tolerance), end)
    now = ticks(chunk[0].start)
    placed: list[Placed] = []
    for at, row in enumerate(chunk):
        if at and keep_gaps:
            now += ticks(max(0.0, chunk[at - 1].gap) / speed)
        for one in row.said:
            placed.append(one.placed(now, speed, until))
            now += max(1, round(one.length / speed))
    return placed
