"""A look ahead: the steps of a job, their engines, and what they should cost."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import BaseModel

from dubline.api.job import Job
from dubline.domain.errors import DublineError
from dubline.domain.language import AUTO, base
from dubline.plans.dub import dub_plan
from dubline.plans.plan import Node
from dubline.ports.translator import Translator
from dubline.runs.choosing import Choices, choose
from dubline.runs.finished import finished
from dubline.runs.tracker import expected_seconds, forecast, paces
from dubline.stages.documents import Language
from dubline.stages.inputs import one
from dubline.stages.transcribe import LANGUAGE
from dubline.stages.translate import routes


class PlannedStep(BaseModel):
    phase: str
    stage: str
    target: str
    engines: list[str]
    seconds: float
    measured: bool
    done: bool
    """Finished in an earlier run; it costs nothing now."""


class Forecast(BaseModel):
    steps: list[PlannedStep]
    routes: dict[str, str]
    seconds: float
    """On the clock: steps run side by side, so that it may be less than they take together."""
    cores: int
    measured_share: float
    """Share of the expected time that rests on measurements of this machine."""


def foresee(job: Job) -> Forecast:
    measured = paces(job.shop.ledger.paces())
    nodes = job.nodes()
    registry, settings = job.shop.registry, job.request.settings
    done = finished(job.shop.runner, nodes, job.settings, job.given)
    to_do = [node for node in nodes if node not in done]
    choices = {target: choose(registry, settings, target) for target in ("", *job.request.targets)}
    steps = [
        PlannedStep(
            phase=node.stage.phase,
            stage=node.stage.name,
            target=node.target,
            engines=[
                spec for port in node.stage.engines for spec in choices[node.target][port.capability].specs
            ],
            seconds=0.0
            if node in done
            else round(expected_seconds(node.stage, job.media_seconds, measured), 2),
            measured=node.stage.name in measured,
            done=node in done,
        )
        for node in nodes
    ]
    spoken = _spoken(job, done)
    total = sum(step.seconds for step in steps)
    return Forecast(
        steps=steps,
        routes={target: _route(job, choices[target], spoken, target) for target in job.request.targets},
        seconds=round(forecast(to_do, job.media_seconds, measured, job.shop.runner.cores), 1),
        cores=job.shop.runner.cores,
        measured_share=sum(step.seconds for step in steps if step.measured) / total if total else 1.0,
    )


def _spoken(job: Job, done: Collection[Node]) -> str:
    """The language that was asked for, or heard in an earlier run."""
    if all(node.stage is not LANGUAGE for node in done):
        return job.request.settings.source_language
    found = job.shop.runner.run(dub_plan(()), job.settings, job.given, ["language"])
    return Language.model_validate_json(job.shop.store.read(one(found, "language"))).tag


def _route(job: Job, choices: Choices, source: str, target: str) -> str:
    if base(source) == base(target):
        return "none: this is the language that is spoken"
    if source in (AUTO, "und"):
        return "decided when the spoken language is known"
    engines = [job.shop.registry.engine(Translator, spec) for spec in choices[Translator.capability].specs]
    try:
        return str(routes(engines).best(source, target))
    except DublineError as error:
        return str(error)
