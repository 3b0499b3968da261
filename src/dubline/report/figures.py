"""Many measurements in a few numbers."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

BINS = 24


class Spread(BaseModel):
    """How a figure is spread over the lines. `bins` counts equal slices from `low` to `high`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: int
    median: float
    p95: float
    max: float
    low: float
    high: float
    bins: tuple[int, ...]


def spread(values: Sequence[float], low: float, high: float) -> Spread | None:
    """None where nothing was measured. What lies outside `low`…`high` counts in the outermost slices."""
    if not values:
        return None
    ordered = sorted(values)
    bins = [0] * BINS
    for value in ordered:
        place = int((value - low) / (high - low) * BINS)
        bins[min(BINS - 1, max(0, place))] += 1
    return Spread(
        count=len(ordered),
        median=_at(ordered, 0.5),
        p95=_at(ordered, 0.95),
        max=ordered[-1],
        low=low,
        high=high,
        bins=tuple(bins),
    )


def _at(ordered: Sequence[float], share: float) -> float:
    """The value that a share of all values does not exceed, between neighbours in a straight line."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (place - below), 6)
