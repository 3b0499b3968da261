"""How far a pull has come: what is happening, and the share of the whole that is done."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[str, float], None]


def silent(_stage: str, _fraction: float) -> None:
    """For those who do not want to know."""


def within(report: Report, low: float, high: float) -> Report:
    """The same listener, for a piece of work that is only the stretch from `low` to `high`."""

    def inner(stage: str, fraction: float) -> None:
        report(stage, low + (high - low) * min(max(fraction, 0.0), 1.0))

    return inner
