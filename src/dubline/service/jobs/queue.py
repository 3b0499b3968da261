"""The queue: which task a worker takes next, and the lease by which it holds it.

Fair among organisations and, within one, among its people: whoever has fewest tasks at work is served first; then
priority, then age. A lease that ran out may be taken by another worker; the fence tells the late one that it lost.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from dubline.service.jobs.states import TaskStatus
from dubline.storage.tables import Job, Organisation, Task

LEASE_SECONDS = 30.0
"""Without a sign of life for this long a worker is taken for dead."""

MOST_ATTEMPTS = 3


class LeaseLost(Exception):
    """Another worker has the task now, or somebody took it out of the queue."""


@dataclass(frozen=True)
class Claim:
    """A task as its worker holds it."""

    task: str
    job: str
    kind: str
    target: str | None
    attempt: int
    fence: int
    worker: str


def claim(session: Session, worker: str, most_at_once: int, now: float | None = None) -> Claim | None:
    """Take the next task, its attempt counted before anything is tried."""
    now = time.time() if now is None else now
    task = session.scalars(_next(now, most_at_once).limit(1)).first()
    if task is None:
        return None
    task.status, task.worker, task.lease_until = TaskStatus.RUNNING, worker, now + LEASE_SECONDS
    task.attempts += 1
    task.fence += 1
    return Claim(task.id, task.job_id, task.kind, task.target, task.attempts, task.fence, worker)


def _next(now: float, most_at_once: int) -> Select[Task]:
    busy, holder = aliased(Task), aliased(Job)
    at_work = (
        select(func.count(busy.id))
        .where(busy.organisation_id == Task.organisation_id, busy.status == TaskStatus.RUNNING)
        .where(busy.lease_until > now)
        .correlate(Task)
        .scalar_subquery()
    )
    of_person = (
        select(func.count(busy.id))
        .join(holder, holder.id == busy.job_id)
        .where(holder.user_id == Job.user_id, busy.status == TaskStatus.RUNNING, busy.lease_until > now)
        .correlate(Job)
        .scalar_subquery()
    )
    allowed = func.coalesce(Organisation.limits["max_concurrent_jobs"].as_integer(), most_at_once)
    abandoned = (Task.status == TaskStatus.RUNNING) & (Task.lease_until <= now)
    return (
        select(Task)
        .join(Job, Job.id == Task.job_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(or_(Task.status == TaskStatus.WAITING, abandoned), Task.not_before <= now)
        .where(at_work < allowed)
        .order_by(at_work, of_person, Task.priority.desc(), Task.created_at, Task.id)
    )


def held(session: Session, claim: Claim) -> Task:
    """The task, if this claim still holds it: asked before anything is written in its name."""
    task = session.get(Task, claim.task)
    if task is None or task.fence != claim.fence or task.status != TaskStatus.RUNNING:
        raise LeaseLost(claim.task)
    return task


def extend(session: Session, claim: Claim, now: float | None = None) -> None:
    held(session, claim).lease_until = (time.time() if now is None else now) + LEASE_SECONDS


def finish(session: Session, claim: Claim, status: TaskStatus) -> None:
    task = held(session, claim)
    task.status, task.lease_until, task.worker = status, None, None
    task.finished_at = time.time()


def put_back(session: Session, claim: Claim, *, wait: float = 0.0, uncounted: bool = False) -> None:
    """Somebody else may try: after a worker was told to stop, or a fault that may pass."""
    task = held(session, claim)
    task.status, task.lease_until, task.worker = TaskStatus.WAITING, None, None
    task.not_before = time.time() + wait
    task.attempts -= uncounted
