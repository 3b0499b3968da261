"""`--plan`: what would run, with which engine, and how long it should take."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from rich.console import Console

from dubline.api.job import Job
from dubline.api.planning import Forecast, foresee
from dubline.cli.display import LABELS, duration
from dubline.cli.tables import plain_table
from dubline.stages.stage import PHASES

MOSTLY = 0.8
DONE = "  done"
WORTH_A_WORD = 1.0
"""Seconds between the stages' sum and the clock."""
NOTABLE = 0.1
"""Seconds under which nobody cares whether a figure was measured."""


def show_plan(job: Job, console: Console, as_json: bool) -> None:
    plan = foresee(job)
    if as_json:
        sys.stdout.write(json.dumps(plan.model_dump(), ensure_ascii=False) + "\n")
        return
    plain_table(["stage", "to", "engines", "expected"], list(_rows(plan)), console)
    for target, route in plan.routes.items():
        console.print(f"Translation to {target}: {route}", highlight=False)
    console.print(_total(plan, job), highlight=False)


def _rows(plan: Forecast) -> Iterator[list[str]]:
    """One row per stage people know and target; the steps within are in the JSON form."""
    kinds = {(step.target, PHASES.index(step.phase)) for step in plan.steps}
    for target, place in sorted(kinds):
        steps = [step for step in plan.steps if (step.phase, step.target) == (PHASES[place], target)]
        engines = dict.fromkeys(engine for step in steps for engine in step.engines)
        guessed = any(not step.measured and step.seconds >= NOTABLE for step in steps)
        seconds = sum(step.seconds for step in steps)
        yield [
            LABELS.get(PHASES[place], PHASES[place]),
            target,
            ", ".join(engines),
            DONE
            if all(step.done for step in steps)
            else f"{seconds:6.1f} s" + (" (guess)" if guessed else ""),
        ]


def _total(plan: Forecast, job: Job) -> str:
    media = f"{duration(job.media_seconds)} of media"
    if all(step.done for step in plan.steps):
        return f"{media}; everything is finished already and only has to be put in its place."
    work = sum(step.seconds for step in plan.steps)
    said = f"{media}, expected to take about {duration(plan.seconds)}"
    if work - plan.seconds >= WORTH_A_WORD:
        said += f" on the clock, as {plan.cores} cores share {duration(work)} of work"
    if plan.measured_share >= MOSTLY:
        return f"{said}, by what these steps cost on this machine before."
    return f"{said}. A guess has not been measured on this machine yet; after a dub the estimate is better."
