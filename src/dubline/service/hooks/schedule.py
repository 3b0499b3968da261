"""When a message that was not taken is tried again: as Standard Webhooks says, over three days."""

from __future__ import annotations

import random
from collections.abc import Callable

MINUTE, HOUR = 60.0, 3600.0

DELAYS = (
    5.0,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
"""Seconds after the first try, the second, and so on."""

JITTER = 0.1
"""Up to this share sooner or later, so that a receiver which comes back does not get everything at once."""

Spread = Callable[[], float]
"""A number from -1 to 1."""


def by_chance() -> float:
    return random.uniform(-1, 1)  # noqa: S311 - spreads load, hides nothing


def next_try(tries: int, now: float, spread: Spread) -> float | None:
    """After so many tries that failed; None when enough was tried."""
    if tries > len(DELAYS):
        return None
    return now + DELAYS[tries - 1] * (1 + JITTER * spread())
