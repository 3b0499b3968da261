"""Where a job's time went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel

from dubline.storage.tables import Job, Stage


class StageProfile(BaseModel):
    name: str
    seconds: float
    """Of work in the last run; steps beside each other are counted each, so the sum may exceed the time it took."""
    share: float
    """Of the work of all stages, between 0 and 1."""
    steps: int
    reused: int
    """How many of the steps were finished in an earlier run and not done again."""
    engines: list[str]


class JobProfile(BaseModel):
    job_id: str
    seconds: float
    """From the first start of the job to its end; nothing as long as it has not ended."""
    media_seconds: float
    trace_id: str
    """What to look for in logs and traces."""
    stages: list[StageProfile]

    @classmethod
    def of(cls, job: Job, stages: Sequence[Stage]) -> Self:
        whole = sum(stage.seconds for stage in stages)
        return cls(
            job_id=job.id,
            seconds=round(job.finished_at - job.started_at, 3) if job.finished_at and job.started_at else 0.0,
            media_seconds=job.media_seconds,
            trace_id=job.trace.split("-")[1] if job.trace else "",
            stages=[_row(stage, whole) for stage in stages],
        )


def _row(stage: Stage, whole: float) -> StageProfile:
    return StageProfile(
        name=stage.name,
        seconds=stage.seconds,
        share=round(stage.seconds / whole, 4) if whole else 0.0,
        steps=stage.steps,
        reused=stage.reused,
        engines=list(stage.engines),
    )
