"""`--plan`: what would run, with which engine, and how long it should take."""

from __future__ import annotations

import json
import sys

from rich.console import Console

from dubline.api.job import Job
from dubline.api.planning import Forecast, foresee
from dubline.cli.display import duration
from dubline.cli.tables import plain_table

MOSTLY = 0.8


def show_plan(job: Job, console: Console, as_json: bool) -> None:
    plan = foresee(job)
    if as_json:
        sys.stdout.write(json.dumps(plan.model_dump(), ensure_ascii=False) + "\n")
        return
    rows = [
        [step.phase, step.stage, step.target, step.engine, _expected(step.seconds, step.measured)]
        for step in plan.steps
    ]
    plain_table(["stage", "step", "to", "engine", "expected"], rows, console)
    for target, route in plan.routes.items():
        console.print(f"Translation to {target}: {route}", highlight=False)
    console.print(_total(plan, job), highlight=False)


def _expected(seconds: float, measured: bool) -> str:
    return f"{seconds:6.1f} s" + ("" if measured else " (guess)")


def _total(plan: Forecast, job: Job) -> str:
    said = f"{duration(job.media_seconds)} of media, expected to take about {duration(plan.seconds)}"
    if plan.measured_share >= MOSTLY:
        return f"{said}, by what these steps cost on this machine before."
    return f"{said}. This machine has not been measured yet; after a first dub the estimate is better."
