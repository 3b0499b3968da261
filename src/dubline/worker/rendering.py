"""A render, as a task: the same way as `dubline redub`, from the script in the tables to files that take the place of
the old ones all at once. Whatever happens to it, the job stays completed and its old files are served."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dubline.api.delivery import Delivered
from dubline.api.dub import Watch, carry_out, prepare_render
from dubline.api.job import Request
from dubline.api.workshop import Workshop
from dubline.domain.script import Script, TargetState
from dubline.domain.settings import DubSettings
from dubline.runs.tracker import PhaseState
from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.service.jobs import queue
from dubline.service.jobs.queue import Claim
from dubline.service.jobs.states import RENDER, TaskStatus
from dubline.service.policy.judging import State, Verdict, judge, of_scripts, refusal
from dubline.service.scripts import repository
from dubline.service.scripts.rows import Rendered
from dubline.service.uploads import service
from dubline.storage.tables import Job, Output, ScriptRow, Upload, UsageEntry
from dubline.worker import endings, results
from dubline.worker.course import Course
from dubline.worker.dubbing import forget_folder, own_folder
from dubline.worker.telling import Followed, Teller


@dataclass(frozen=True)
class Made:
    """The files that say what the script said in this revision."""

    revision: int
    delivered: Delivered
    verdict: Verdict


def begin(session: Session, claim: Claim, now: float) -> Job:
    job = session.get_one(Job, claim.job)
    if claim.attempt > queue.MOST_ATTEMPTS:
        _failed(session, claim, "worker_lost", endings.WORKER_LOST, now)
    else:
        record(session, job, Kind.RENDERING, {"language": claim.target, "fraction": 0.0})
    return job


def _row(session: Session, claim: Claim) -> ScriptRow:
    row = repository.of_job(session, claim.job, claim.target or "", to_write=True)
    if row is None:
        raise queue.LeaseLost(claim.task)
    return row


def render(context: Context, shop: Workshop, claim: Claim, job: Job, upload: Upload, watch: Watch) -> Made:
    script, revision = _snapshot(context, claim)
    verdict = judge(context.settings, of_scripts([script]))
    if verdict.state is State.REFUSED:
        raise refusal(verdict)
    request = Request(
        source=service.source(context, upload),
        targets=(script.target_language,),
        settings=DubSettings.model_validate(job.settings),
        out=own_folder(context, claim),
        force=True,
    )
    (delivered,) = carry_out(prepare_render(script, request, shop), watch)
    return Made(revision, delivered, verdict)


def _snapshot(context: Context, claim: Claim) -> tuple[Script, int]:
    """The script as it is when its render begins."""
    with context.database.reading() as session:
        row = repository.of_job(session, claim.job, claim.target or "")
        if row is None:
            raise queue.LeaseLost(claim.task)
        return repository.part(row, repository.lines(session, row)), row.revision


def complete(context: Context, claim: Claim, made: Made, seconds: float, now: float) -> None:
    """The files of the new revision take the place of the old ones, in one transaction. Lines that were edited while
    it was rendered stay as they are now, and the script stays stale."""
    rendered = Rendered(made.revision, made.delivered.script)
    outputs = results.listed(context, claim.job, made.delivered)
    with context.database.writing() as session:
        queue.finish(session, claim, TaskStatus.DONE)
        job, row = session.get_one(Job, claim.job), _row(session, claim)
        newer = row.rendered < made.revision
        older = _paths(session, claim) if newer else [output.path for output in outputs]
        endings.keep_verdict(session, job, made.verdict)
        if newer:
            results.keep(session, job, outputs)
            rendered.keep(session, row)
        told = {"language": row.target, "revision": row.revision, "rendered": row.rendered}
        record(session, job, Kind.RENDERED, {**told, "state": row.state})
        session.add(_usage(job, seconds, now))
    results.forget(context, older)


def _paths(session: Session, claim: Claim) -> list[str]:
    wanted = select(Output.path).where(Output.job_id == claim.job, Output.target == claim.target)
    return list(session.scalars(wanted))


def _usage(job: Job, seconds: float, now: float) -> UsageEntry:
    """A render costs work and nothing else: the minutes were counted when the job was done."""
    return UsageEntry(
        organisation_id=job.organisation_id,
        user_id=job.user_id,
        job_id=job.id,
        kind=RENDER,
        media_seconds=0.0,
        work_seconds=seconds,
        bytes_stored=0,
        cost=0.0,
        at=now,
    )


def fail(context: Context, claim: Claim, code: str, message: str, now: float) -> None:
    with context.database.writing() as session:
        _failed(session, claim, code, message, now)
    forget_folder(context, claim)


def _failed(session: Session, claim: Claim, code: str, message: str, now: float) -> None:
    """The old files stay, and the script says why there are no newer ones."""
    queue.finish(session, claim, TaskStatus.FAILED)
    job, row = session.get_one(Job, claim.job), _row(session, claim)
    row.state, row.error_code, row.error_message = TargetState.FAILED, code, message
    row.updated_at = now
    told = {"language": row.target, "error_code": code, "error_message": message}
    record(session, job, Kind.RENDER_FAILED, told)


def call_off(context: Context, claim: Claim) -> None:
    with context.database.writing() as session:
        queue.finish(session, claim, TaskStatus.CANCELLED)
    forget_folder(context, claim)


def try_again(
    context: Context, claim: Claim, reason: str, *, wait: float = 0.0, uncounted: bool = False
) -> None:
    with context.database.writing() as session:
        queue.put_back(session, claim, wait=wait, uncounted=uncounted)
        told = {"language": claim.target, "fraction": 0.0, "reason": reason}
        record(session, session.get_one(Job, claim.job), Kind.RENDERING, told)
    forget_folder(context, claim)


class RenderTeller(Teller):
    """Tells of the render and leaves the job's own stages and progress as they are: the job is done, and no wish to
    cancel it concerns what is made of it afterwards."""

    def _stop_if_cancelled(self, job: Job) -> None:
        pass

    def _write_down(
        self, session: Session, tracker: Followed, _changed: list[PhaseState], _now: float
    ) -> None:
        job = session.get_one(Job, self._claim.job)
        told = {"language": self._claim.target, "fraction": round(tracker.fraction(), 4)}
        record(session, job, Kind.RENDERING, told)


COURSE = Course(begin, fail, call_off, try_again, RenderTeller)
