"""How a task ends, written down once: whoever lost the task writes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dubline.api.delivery import Delivered
from dubline.domain.errors import DublineError
from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.service.jobs import queue, service
from dubline.service.jobs.queue import Claim
from dubline.service.jobs.states import Status, TaskStatus
from dubline.service.policy.judging import Verdict, judge, note_verdict, of_scripts, refusal
from dubline.service.scripts.rows import FirstVersion
from dubline.storage.tables import Job, Output, Stage, UsageEntry
from dubline.worker import results
from dubline.worker.dubbing import own_folder

WORKER_LOST = f"The worker died {queue.MOST_ATTEMPTS} times over this job, so it is not tried again."


@dataclass(frozen=True)
class Made:
    """What a dub gives, read and counted before the transaction that makes it the job's."""

    outputs: list[Output]
    scripts: list[FirstVersion]
    verdict: Verdict
    """What the operator's content policy says of what was said."""

    @classmethod
    def of(cls, context: Context, job: str, delivered: Sequence[Delivered]) -> Made:
        return cls(
            outputs=[output for each in delivered for output in results.listed(context, job, each)],
            scripts=[FirstVersion(job, each.script) for each in delivered],
            verdict=judge(context.settings, of_scripts(each.script for each in delivered)),
        )


def begin(session: Session, claim: Claim, now: float) -> Job:
    job = session.get_one(Job, claim.job)
    if job.cancel_requested_at is not None:
        service.end_cancelled(session, job)
        return job
    if claim.attempt > queue.MOST_ATTEMPTS:
        _failed(session, claim, "worker_lost", WORKER_LOST, now)
        return job
    if job.status != Status.PROCESSING:
        service.move(job, Status.PROCESSING)
    job.started_at = job.started_at or now
    record(session, job, Kind.STARTED, {"attempt": claim.attempt})
    return job


def complete(context: Context, claim: Claim, made: Made, work_seconds: float, now: float) -> None:
    """Unless somebody wanted it cancelled while the last bit was done: then that is what happens."""
    outputs = made.outputs
    with context.database.writing() as session:
        queue.held(session, claim)
        job = session.get_one(Job, claim.job)
        if job.cancel_requested_at is not None:
            service.end_cancelled(session, job)
            return
        keep_verdict(session, job, made.verdict)
        queue.finish(session, claim, TaskStatus.DONE)
        service.move(job, Status.COMPLETED)
        job.progress, job.eta_seconds, job.current_stage, job.finished_at = 1.0, None, None, now
        results.keep(session, job, outputs)
        for script in made.scripts:
            script.keep(session)
        for stage in _stages(session, job):
            stage.status, stage.progress = "completed", 1.0
            stage.finished_at = stage.finished_at or now
        size = sum(output.size for output in outputs)
        session.add(_usage(job, size, work_seconds, context.settings.price_per_minute, now))
        record(session, job, Kind.COMPLETED, {"target_languages": list(job.targets), "policy": job.policy})


def refuse(context: Context, claim: Claim, verdict: Verdict, now: float) -> None:
    """The dub is made, and the operator does not want it to leave the house: none of it is kept."""
    with context.database.writing() as session:
        queue.held(session, claim)
        keep_verdict(session, session.get_one(Job, claim.job), verdict)
        _failed(session, claim, "policy_refused", refusal(verdict).message, now)
    shutil.rmtree(own_folder(context, claim), ignore_errors=True)


def keep_verdict(session: Session, job: Job, verdict: Verdict) -> None:
    job.policy = Verdict.model_validate(job.policy).and_then(verdict).model_dump(mode="json")
    note_verdict(session, None, verdict, job.id, job.organisation_id)


def fail(context: Context, claim: Claim, code: str, message: str, now: float) -> None:
    with context.database.writing() as session:
        _failed(session, claim, code, message, now)


def _failed(session: Session, claim: Claim, code: str, message: str, now: float) -> None:
    queue.finish(session, claim, TaskStatus.FAILED)
    job = session.get_one(Job, claim.job)
    service.move(job, Status.FAILED)
    job.error_code, job.error_message = code, message
    job.finished_at, job.eta_seconds = now, None
    for stage in _stages(session, job):
        if stage.name == job.current_stage:
            stage.status, stage.error = "failed", message
    record(session, job, Kind.FAILED, {"error_code": code, "error_message": message})


def cancel(context: Context, claim: Claim) -> None:
    with context.database.writing() as session:
        queue.held(session, claim)
        service.end_cancelled(session, session.get_one(Job, claim.job))


def try_again(
    context: Context, claim: Claim, reason: str, *, wait: float = 0.0, uncounted: bool = False
) -> None:
    """Back into the queue: the job waits again."""
    with context.database.writing() as session:
        queue.put_back(session, claim, wait=wait, uncounted=uncounted)
        service.wait_again(session, session.get_one(Job, claim.job), reason)


def told(error: DublineError) -> str:
    return f"{error.message} {error.hint}".strip()


def _stages(session: Session, job: Job) -> list[Stage]:
    return list(session.scalars(select(Stage).where(Stage.job_id == job.id)))


def _usage(job: Job, outputs_bytes: int, seconds: float, price: float, at: float) -> UsageEntry:
    media_seconds = job.media_seconds * len(job.targets)
    return UsageEntry(
        organisation_id=job.organisation_id,
        user_id=job.user_id,
        job_id=job.id,
        kind=job.kind,
        media_seconds=media_seconds,
        work_seconds=seconds,
        bytes_stored=outputs_bytes + job.source_bytes,
        cost=price * media_seconds / 60,
        at=at,
    )
