"""How other dubbing programs place takes in time, from their published rules, so that the same takes can be placed by
each and measured alike.

Sources and what was left out: docs/quality.md. Every strategy gets one take per line at the voice's own pace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dubline.domain.time import Span, ticks
from dubline.quality.timing import Placed, cut_at, played_speech

OPEN_DUBBING_FASTEST = 1.3
PYVIDEOTRANS_FASTEST = 50.0
VIDEOLINGO_FASTEST = 1.4
VIDEOLINGO_TOLERANCE = 1.5
"""Seconds of the pause after a line that VideoLingo lets it use."""


@dataclass(frozen=True)
class Said:
    """A line and its one take: how long it is, and where in it somebody speaks, told from its start."""

    line: str
    original: Span
    voice: str
    words: int
    length: int
    speech: tuple[Span, ...] = ()
    rate: float = 1.0
    """At which it was spoken."""

    def placed(self, start: int, speed: float, until: int | None = None) -> Placed:
        """The take from a start on at a speed; what lies behind `until` is cut off."""
        span = Span(start=start, end=start + max(1, round(self.length / speed)))
        speech = played_speech(self.speech, self.length, span)
        whole = Placed(
            self.line, self.original, self.voice, span, self.rate * speed, speed, self.words, 0.0, speech
        )
        return whole if until is None else cut_at(whole, until)


Strategy = Callable[[Sequence[Said], int], list[Placed]]
"""Lines and the programme's end in ticks → where each is heard."""


def open_dubbing(said: Sequence[Said], end: int) -> list[Placed]:
    """Sped up so that it ends where the next line starts, by steps of a tenth and by 1.3 at most; whatever is left
    sounds on over the next line."""
    placed = []
    for one in _in_order(said):
        following = (other.original.start for other in said if other.original.start > one.original.start)
        room = min(following, default=end) - one.original.start
        speed = round(one.length / room, 1) if room > 0 else OPEN_DUBBING_FASTEST
        placed.append(one.placed(one.original.start, min(max(speed, 1.0), OPEN_DUBBING_FASTEST), end))
    return placed


def pyvideotrans(said: Sequence[Said], end: int) -> list[Placed]:
    """Sped up as much as it takes to end where the next line starts."""
    ordered = _in_order(said)
    placed = []
    for at, one in enumerate(ordered):
        following = ordered[at + 1].original.start if at + 1 < len(ordered) else end
        room = following - one.original.start
        speed = min(max(one.length / room, 1.0), PYVIDEOTRANS_FASTEST) if room > 0 else 1.0
        placed.append(one.placed(one.original.start, speed, end))
    return placed


def videolingo_capped(said: Sequence[Said], end: int) -> list[Placed]:
    """Sped up by 1.4 at most to end within a second and a half after its original; the rest is cut off."""
    ordered = _in_order(said)
    placed = []
    for at, one in enumerate(ordered):
        following = ordered[at + 1].original.start if at + 1 < len(ordered) else end
        pause = min(max(0, following - one.original.end), ticks(VIDEOLINGO_TOLERANCE))
        until = min(one.original.end + pause, end)
        speed = min(max(one.length / max(1, until - one.original.start), 1.0), VIDEOLINGO_FASTEST)
        placed.append(one.placed(one.original.start, speed, until))
    return placed


def _in_order(said: Sequence[Said]) -> list[Said]:
    return sorted(said, key=lambda one: (one.original.start, one.original.end, one.line))
