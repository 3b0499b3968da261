"""The words of timing: what comes in, what goes out, and the limits everything keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dubline.domain.script import Fit, Line

EARLIEST = 0.30
"""Seconds a dubbed line may start before its original."""

LATEST = 0.35
"""Seconds it may start after it."""

IN_TIME = 0.40
"""A start farther from the original than this is said openly."""

FASTEST = 1.30
SLOWEST = 0.90
"""How much a take may be sped up and slowed down by stretching."""

GAP = 0.06
"""Seconds of silence between two lines of one voice, always."""

OVERTALK = 0.15
"""Seconds by which a line may talk over another speaker more than the original did."""

TOO_LONG = "too_long"
LATE = "late"
EARLY = "early"
TALKS_OVER = "talks_over"
PAST_END = "past_end"


class Recording(Protocol):
    """A take, or the prospect of one: its wording, native rate and length in ticks."""

    @property
    def text(self) -> str: ...
    @property
    def rate(self) -> float: ...
    @property
    def length(self) -> int: ...


@dataclass(frozen=True)
class Spoken:
    """A line and the takes there are of it, best wording first. A line that keeps its original needs none."""

    line: Line
    takes: tuple[Recording, ...] = ()

    @property
    def fixed(self) -> bool:
        return self.line.keep_original

    @property
    def placed(self) -> bool:
        return bool(self.takes) and not self.fixed


@dataclass(frozen=True)
class Placement:
    """Where one line's take goes. `take` is its index among the takes that were offered.

    `max_characters` is set where a shorter wording would serve the listener better, and says how short.
    """

    line: str
    take: int
    fit: Fit
    flags: tuple[str, ...] = ()
    max_characters: int | None = None
