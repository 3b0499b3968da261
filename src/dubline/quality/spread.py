"""Many measurements in one: the value that a share of them does not exceed."""

from __future__ import annotations

from collections.abc import Sequence


def at_share(values: Sequence[float], share: float) -> float | None:
    """Between neighbours in a straight line; None where nothing was measured."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float | None:
    return at_share(values, 0.5)


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
