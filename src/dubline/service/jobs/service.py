"""What may be done with jobs. Every change writes its event in the same transaction."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dubline.observe import trace
from dubline.service.access.principal import Principal
from dubline.service.audit import log as audit
from dubline.service.events.log import Kind, record
from dubline.service.hooks import service as hooks
from dubline.service.hooks.schemas import JobHook
from dubline.service.ids import new_id, repeatable_id
from dubline.service.jobs.states import ENDED, NEXT, OPEN, RENDER, Status, TaskStatus
from dubline.service.policy.judging import Verdict, note_verdict
from dubline.service.problem import ServiceError, not_found
from dubline.service.settings import Limits
from dubline.service.usage import quota
from dubline.stages.stage import PHASES
from dubline.storage.tables import Document, Job, Stage, Task, Upload

DAY = 86_400.0
IMPORT = "import"
"""The stage, and the kind of task, that comes before all others where the video must be fetched."""


@dataclass(frozen=True)
class NewJob:
    """A job that was looked at and may be accepted."""

    upload: Upload
    """Finished; or, where there is a `source_url`, one that an import will fill."""
    kind: str
    name: str
    targets: tuple[str, ...]
    settings: Document
    media_seconds: float
    retention_days: float
    priority: int = 0
    labels: Document = field(default_factory=dict)
    batch_id: str | None = None
    policy: Verdict = field(default_factory=Verdict)
    consent_by: str | None = None
    """Who answers for the consent to have voices imitated, where that was asked for."""
    webhook: JobHook | None = None
    source_url: str | None = None

    @property
    def phases(self) -> tuple[str, ...]:
        return (IMPORT, *PHASES) if self.source_url else PHASES


def create(session: Session, principal: Principal, new: NewJob, limits: Limits) -> Job:
    job_id = repeatable_id("job")
    if (made := session.get(Job, job_id)) is not None:
        return made
    if new.source_url:
        session.add(new.upload)
        session.flush()
    elif session.get(Upload, new.upload.id) is None:
        raise not_found("upload")
    _check_room(session, principal.organisation, limits.max_queued_jobs)
    quota.check(
        session,
        principal.organisation,
        limits,
        quota.need_of(new.media_seconds, new.upload.size, new.targets),
    )
    now = time.time()
    job = Job(
        id=job_id,
        organisation_id=principal.organisation,
        user_id=principal.user,
        upload_id=new.upload.id,
        source_url=new.source_url,
        batch_id=new.batch_id,
        kind=new.kind,
        name=new.name,
        targets=list(new.targets),
        scripts=[],
        settings=new.settings,
        labels=new.labels,
        policy=new.policy.model_dump(mode="json"),
        priority=new.priority,
        status=Status.UPLOADED,
        progress=0.0,
        media_seconds=new.media_seconds,
        source_bytes=new.upload.size,
        trace=trace.written(),
        events=0,
        created_at=now,
        updated_at=now,
        expires_at=now + new.retention_days * DAY,
    )
    session.add(job)
    session.flush()
    if new.webhook:
        hooks.attach(session, job, new.webhook)
    session.add_all(
        Stage(job_id=job.id, name=name, position=place, status="waiting")
        for place, name in enumerate(new.phases)
    )
    enqueue(session, job, IMPORT if new.source_url else new.kind)
    record(session, job, Kind.CREATED, {"name": job.name, "target_languages": list(job.targets)})
    note_verdict(session, principal, new.policy, job.id)
    if new.consent_by:
        details = {"consent_by": new.consent_by}
        audit.record(session, audit.Action.CLONING_CONSENT, principal, about=job.id, details=details)
    return job


def _check_room(session: Session, organisation: str, most: int) -> None:
    waiting = session.scalar(
        select(func.count()).where(Job.organisation_id == organisation, Job.status.in_(OPEN))
    )
    if (waiting or 0) >= most:
        raise ServiceError(
            429,
            "queue_full",
            f"{most} jobs are waiting or at work already.",
            hint="Try again when some of them are done.",
            headers={"Retry-After": "60"},
        )


def enqueue(session: Session, job: Job, kind: str, target: str | None = None) -> Task:
    task = Task(
        id=new_id("tsk"),
        job_id=job.id,
        organisation_id=job.organisation_id,
        kind=kind,
        target=target,
        status=TaskStatus.WAITING,
        priority=job.priority,
        attempts=0,
        fence=0,
        created_at=time.time(),
    )
    session.add(task)
    return task


def move(job: Job, status: Status) -> None:
    """To another status, if that is a way there is."""
    if status not in NEXT[Status(job.status)]:
        raise ServiceError(
            409,
            "status_conflict",
            f"The job is {job.status}; it cannot become {status} now.",
            hint="Look at the job again and decide anew.",
        )
    job.status = status


def cancel(session: Session, job: Job) -> None:
    """A waiting job ends at once; one at work is told to stop and ends within seconds."""
    if job.status in ENDED:
        raise ServiceError(
            409,
            "job_ended",
            f"The job is {job.status} already.",
            hint="There is nothing left to cancel. Retry it if it failed or was cancelled, or delete it.",
        )
    now = time.time()
    job.cancel_requested_at = job.cancel_requested_at or now
    at_work = select(Task.id).where(
        Task.job_id == job.id, Task.status == TaskStatus.RUNNING, Task.lease_until > now
    )
    if session.scalars(at_work).first() is None:
        end_cancelled(session, job)


def wait_again(session: Session, job: Job, reason: str) -> None:
    """Back among the waiting, without anybody having asked for it."""
    if job.cancel_requested_at is not None:
        end_cancelled(session, job)
    else:
        move(job, Status.UPLOADED)
        record(session, job, Kind.RETRIED, {"reason": reason})


def end_cancelled(session: Session, job: Job) -> None:
    now = time.time()
    move(job, Status.CANCELLED)
    job.finished_at, job.eta_seconds = now, None
    for task in session.scalars(select(Task).where(Task.job_id == job.id, Task.finished_at.is_(None))):
        task.status, task.finished_at, task.lease_until = TaskStatus.CANCELLED, now, None
        task.fence += 1
    record(session, job, Kind.CANCELLED)


def retry(session: Session, job: Job) -> None:
    """Finished steps are in the ledger, so it goes on where it stood."""
    if job.status not in (Status.FAILED, Status.CANCELLED):
        raise ServiceError(
            409,
            "job_not_failed",
            f"The job is {job.status}; there is nothing to try again.",
            hint="Only jobs that failed or were cancelled are tried again; for another dub send a new job.",
        )
    move(job, Status.UPLOADED)
    job.error_code = job.error_message = job.cancel_requested_at = job.finished_at = job.eta_seconds = None
    for stage in session.scalars(select(Stage).where(Stage.job_id == job.id)):
        stage.status, stage.error = "waiting", None
    upload = session.get(Upload, job.upload_id) if job.source_url else None
    enqueue(session, job, IMPORT if upload and upload.completed_at is None else job.kind)
    record(session, job, Kind.RETRIED, {"reason": "asked"})


def remove(session: Session, job: Job) -> None:
    """The rows; the files are the caller's."""
    if job.status in OPEN:
        raise ServiceError(
            409, "job_running", f"The job is {job.status}.", hint="Cancel it first; then delete it."
        )
    if (target := _rendering(session, job)) is not None:
        raise ServiceError(
            409,
            "job_running",
            f"The script in {target} is being rendered, or waits for it.",
            hint=f"Wait for it, or call it off: DELETE /api/v1/jobs/{job.id}/scripts/{target}/render",
        )
    session.execute(delete(Job).where(Job.id == job.id))


def _rendering(session: Session, job: Job) -> str | None:
    """The language of a render that would be lost."""
    wanted = select(Task.target).where(
        Task.job_id == job.id,
        Task.kind == RENDER,
        Task.status.in_((TaskStatus.WAITING, TaskStatus.RUNNING)),
    )
    return session.scalars(wanted).first()
