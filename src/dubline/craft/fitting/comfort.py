"""What a listener minds, in one currency.

One unit is about a line spoken a fifth faster than it was recorded. Every cost grows faster the farther one
goes, which is what lets all lines be solved together exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from dubline.craft.fitting.terms import FASTEST, SLOWEST
from dubline.domain.choices import Isochrony

Corner = tuple[float, float]

STRETCHED: tuple[Corner, ...] = (
    (SLOWEST, 0.75),
    (0.90, 0.40),
    (0.95, 0.14),
    (1.0, 0.0),
    (1.05, 0.01),
    (1.10, 0.08),
    (1.15, 0.40),
    (1.20, 1.0),
    (FASTEST, 3.5),
)
"""Speed-up by stretching → its cost. On 60 Spanish and Portuguese takes (407 words) a recogniser misheard 10.1 % of
the words as spoken and at 1.1, 12.0 % at 1.2 and 12.5 % at 0.9: quicker takes are stretched, slower ones spoken."""

HURRIED: tuple[Corner, ...] = (
    (0.80, 0.40),
    (0.90, 0.12),
    (1.0, 0.0),
    (1.05, 0.02),
    (1.10, 0.08),
    (1.15, 0.35),
    (1.20, 0.9),
    (1.35, 4.0),
    (1.60, 12.0),
)
"""Speed as heard, native rate times stretch → its cost. Nobody minds a tenth; beyond a fifth only lines that would
talk over others go."""

WORDING = 10.0
"""For a wording that says nothing of what the best one says; one that says nine tenths costs a tenth. Wrong words
are minded more than quick ones, so a worse translation is only taken where the better one would be rushed."""

LATER_WORDING = 0.1
"""For each place down the list, which is in order of liking where nothing else is known."""

MISHEARD = 6.0
"""For a take of which a recogniser understands nothing."""

SPOKEN_FAST = 0.04
"""Share of the words lost where a voice is asked to speak faster: of the same takes 13.8 % were misheard when spoken
at 1.1 and 14.7 % at 1.2, against 10.1 % at the voice's own pace and 9.8 % at 0.9."""

UNMADE = 0.4
"""What a take that is only foreseen must spare the listener to be worth making."""

Steps = tuple[tuple[float, float], ...]
"""Widths in seconds, each with its price per second; a last width of infinity is what must not happen."""

FORBIDDEN = 1000.0
UNBOUNDED = float("inf")

START_EARLY: Steps = ((0.10, 1.2), (0.20, 2.4), (UNBOUNDED, FORBIDDEN))
START_LATE: Steps = ((0.10, 1.2), (0.25, 4.0), (UNBOUNDED, FORBIDDEN))
END_AFTER: Steps = ((0.25, 0.5), (0.75, 1.1), (UNBOUNDED, 2.4))
END_BEFORE: Steps = ((0.30, 0.4), (UNBOUNDED, 0.8))
TALK_OVER: Steps = ((0.15, 1.5), (UNBOUNDED, 200.0))
PAST_PROGRAMME: Steps = ((UNBOUNDED, 3 * FORBIDDEN),)
BREATHLESS: Steps = ((UNBOUNDED, 0.8),)
"""For each second missing to a short natural pause between two lines of one voice."""

UNEVEN = 1.0
"""For a change of speed by 1.0 between two neighbouring lines of one speaker."""

NATURAL_PAUSE = 0.25


@dataclass(frozen=True)
class Manner:
    """How dear haste, a moved start and a moved end are, against the usual."""

    haste: float = 1.0
    start: float = 1.0
    end: float = 1.0


USUAL = Manner()
MANNERS: Mapping[Isochrony, Manner] = {
    Isochrony.STRICT: Manner(haste=0.6, start=2.5, end=5.0),
    Isochrony.NATURAL: USUAL,
    Isochrony.RELAXED: Manner(haste=1.8, start=0.4, end=0.4),
}


def dearer(steps: Steps, factor: float) -> Steps:
    """The same steps at another price; what is forbidden stays as forbidden as it is."""
    return tuple((width, price if price >= FORBIDDEN else price * factor) for width, price in steps)


def wording_penalty(adequacy: float, place: int) -> float:
    """Of the wording at a place in the list, the first being the best."""
    return WORDING * (1 - adequacy) + LATER_WORDING * place


def foreseen_penalty(wording: float, rate: float) -> float:
    """Of a take nobody has listened to yet."""
    return wording + (MISHEARD * SPOKEN_FAST if rate > 1 else 0.0)


def speed_cost(stretch_speed: float, rate: float, length: float) -> float:
    """Of one take of `length` seconds; a long line spoken fast is minded more than a short one."""
    weight = 0.5 + length / 4
    return weight * (_interpolated(STRETCHED, stretch_speed) + _interpolated(HURRIED, stretch_speed * rate))


def _interpolated(corners: tuple[Corner, ...], at: float) -> float:
    """Straight between the corners over the time a speed takes, where costs add up; beyond, the last slope stays."""
    for (x0, y0), (x1, y1) in pairwise(corners):
        if at <= x1 or (x1, y1) == corners[-1]:
            return y0 + (y1 - y0) * (1 / at - 1 / x0) / (1 / x1 - 1 / x0)
    return corners[0][1]


def speed_lines(rate: float, length: float) -> list[tuple[float, float]]:
    """The same cost over a take's *played* length: pieces `slope * played + base`; the highest counts."""
    speeds = sorted({speed for speed, _ in STRETCHED} | {round(heard / rate, 3) for heard, _ in HURRIED})
    inside = [speed for speed in speeds if SLOWEST <= speed <= FASTEST]
    corners = [(length / speed, speed_cost(speed, rate, length)) for speed in reversed(inside)]
    pieces = []
    for (x0, y0), (x1, y1) in pairwise(corners):
        slope = (y1 - y0) / (x1 - x0)
        pieces.append((slope, y0 - slope * x0))
    return pieces


def stepped(steps: Steps, amount: float) -> float:
    """What an amount of seconds costs."""
    cost = 0.0
    for width, price in steps:
        cost += price * min(max(amount, 0.0), width)
        amount -= width
    return cost
