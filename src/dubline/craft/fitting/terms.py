"""The words of timing: what comes in, what goes out, and the limits everything keeps to."""

from __future__ import annotations

from dataclasses import dataclass

from dubline.domain.script import Fit, Line

EARLIEST = 0.30
"""Seconds a dubbed line may start before its original."""

LATEST = 0.35
"""Seconds it may start after it."""

IN_TIME = 0.40
"""A start farther from the original than this is said openly."""

FASTEST = 1.30
SLOWEST = 0.85
"""How much faster or slower than the voice's own pace a line may be heard, native rate and stretch together."""

LONGEST_STRETCH = 1.12
"""How much longer than it was spoken a take may be played: slowed speech drawls sooner than quick speech blurs."""

GAP = 0.06
"""Seconds of silence between two lines of one voice, always."""

OVERTALK = 0.15
"""Seconds by which a line may talk over another speaker more than the original did."""

HOPELESS = 1.5
"""Seconds after its original at which a line would start so late that a line before it has to be left out."""

TOO_LONG = "too_long"
NO_ROOM = "no_room"
LATE = "late"
EARLY = "early"
TALKS_OVER = "talks_over"
PAST_END = "past_end"


@dataclass(frozen=True)
class Recording:
    """A take, or the prospect of one: its wording, native rate and length in ticks. `penalty` is what it costs
    the listener however it is played: words that say less than the best wording, or cannot be made out."""

    text: str
    rate: float
    length: int
    penalty: float = 0.0

    @property
    def shortest(self) -> float:
        """Ticks it takes when played as fast as a listener bears."""
        return self.length * min(max(self.rate, 1.0) / FASTEST, 1.0)

    @property
    def longest(self) -> float:
        return self.length * min(max(self.rate / SLOWEST, 1.0), LONGEST_STRETCH)


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

    `max_characters` is set where a shorter wording would serve the listener better, and says how short. `fit` is
    none where no place could be found without driving other lines from theirs: the line keeps its original.
    """

    line: str
    take: int
    fit: Fit | None
    flags: tuple[str, ...] = ()
    max_characters: int | None = None
