"""Moments and spans on the programme's timeline.

A moment is a whole number of ticks; a tick is 1/48000 s, the sample rate every dub is made at, so a moment
is exact for 8, 12, 16, 24 and 48 kHz sound and sums never drift. In JSON a moment is seconds with six
decimals, which a person can read and which comes back as the same tick.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, model_validator

TICKS_PER_SECOND = 48_000


def ticks(seconds: float | Fraction) -> int:
    """The tick nearest to a moment given in seconds."""
    return round(seconds * TICKS_PER_SECOND)


def seconds(moment: int) -> float:
    return moment / TICKS_PER_SECOND


def _from_json(value: object) -> object:
    return ticks(value) if isinstance(value, float) else value


Moment = Annotated[
    int,
    BeforeValidator(_from_json),
    PlainSerializer(lambda moment: round(moment / TICKS_PER_SECOND, 6), return_type=float, when_used="json"),
]
"""Ticks. A float is taken as seconds (that is how JSON carries it), an int as ticks."""


class Span(BaseModel):
    """A stretch of the timeline, end not included."""

    model_config = ConfigDict(frozen=True)

    start: Moment
    end: Moment

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")
        return self

    @classmethod
    def of_seconds(cls, start: float, end: float) -> Span:
        return cls(start=ticks(start), end=ticks(end))

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return seconds(self.length)

    def overlap(self, other: Span) -> int:
        """Ticks shared with another span."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def without(self, others: Sequence[Span]) -> list[Span]:
        """What is left of it when others, in order of their starts, are taken out."""
        left, since = [], self.start
        for other in others:
            if other.start >= self.end:
                break
            if other.start > since:
                left.append(Span(start=since, end=other.start))
            since = max(since, other.end)
        return [*left, Span(start=since, end=self.end)] if since < self.end else left

    def shifted(self, by: int) -> Span:
        return Span(start=self.start + by, end=self.end + by)

    def __str__(self) -> str:
        return f"{clock(self.start)}–{clock(self.end)}"


def brief_clock(moment: int) -> str:
    """A moment as it may stand in a file's name: `1m30`, `1h02m03`, `0m12.5`."""
    whole, hundredths = divmod(round(moment * 100 / TICKS_PER_SECOND), 100)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}h{minutes:02d}" if hours else f"{minutes}"
    return f"{head}m{secs:02d}" + (f".{hundredths:02d}".rstrip("0") if hundredths else "")


def clock(moment: int) -> str:
    """A moment as people write it: 1:02:03.456, hours left out where there are none."""
    millis = round(moment * 1000 / TICKS_PER_SECOND)
    whole, millis = divmod(millis, 1000)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{secs:02d}.{millis:03d}"
