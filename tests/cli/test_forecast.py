"""A look ahead says why its figures are what they are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dubline.api.planning import Forecast, PlannedStep
from dubline.cli import forecast


def planned(seconds: float, *engines: str) -> PlannedStep:
    return PlannedStep(
        phase="synthesis",
        stage="speak",
        target="es",
        engines=list(engines),
        seconds=seconds,
        measured=True,
        done=False,
    )


@pytest.mark.parametrize(("clock", "said"), [(60.0, "2 cores share"), (100.0, "")])
def test_the_total_tells_the_clock_from_the_work(clock: float, said: str) -> None:
    steps = [planned(50.0, "kokoro", "ge2e"), planned(50.0, "kokoro")]
    plan = Forecast(steps=steps, routes={}, seconds=clock, cores=2, measured_share=1.0)
    total = forecast._total(plan, SimpleNamespace(media_seconds=30.0))  # type: ignore[arg-type]
    assert said in total and ("cores" in total) == bool(said)
    (row,) = forecast._rows(plan)
    assert row[2] == "kokoro, ge2e"
