"""The queue: which task a worker takes next, and the lease by which it holds it.

Fair among organisations and, within one, among its people: whoever has fewest tasks at work is served first; then
priority, then age. A lease that ran out may be taken by another worker; the fence tells the late one that it lost.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from dubline.service.jobs.states import TaskStatus
from dubline.storage.tables import Job, Organisation, Task

LEASE_SECONDS = 30.0
"""Without a sign of life for this long a worker is taken for dead."""

RENEWED_AFTER = 10.0
"""Seconds after which a worker renews its lease, well before it runs out."""

MOST_ATTEMPTS = 3

SECOND_WAIT = 10.0
"""Seconds a task waits that lost its worker twice: others that wait are not to suffer for it."""


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


def anything_to_do(session: Session, now: float) -> bool:
    """A cheap look, before anybody takes the turn to write."""
    due = select(Task.id).where(_open_to_all(now), Task.not_before <= now)
    return session.scalars(due.limit(1)).first() is not None


def others_at_work(session: Session) -> bool:
    return (
        session.scalars(select(Task.id).where(Task.status == TaskStatus.RUNNING).limit(1)).first() is not None
    )


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


def _open_to_all(now: float) -> ColumnElement[bool]:
    abandoned = and_(Task.status == TaskStatus.RUNNING, Task.lease_until <= now)
    return or_(Task.status == TaskStatus.WAITING, abandoned)


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
    return (
        select(Task)
        .join(Job, Job.id == Task.job_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(_open_to_all(now), Task.not_before <= now)
        .where(at_work < allowed)
        .order_by(at_work, of_person, Task.priority.desc(), Task.created_at, Task.id)
        .with_for_update(of=Task, skip_locked=True)
    )


def held(session: Session, claim: Claim) -> Task:
    """The task, if this claim still holds it: asked before anything is written in its name."""
    task = session.get(Task, claim.task)
    if task is None or not _holds(claim, task):
        raise LeaseLost(claim.task)
    return task


def is_held(session: Session, claim: Claim) -> bool:
    task = session.get(Task, claim.task)
    return task is not None and _holds(claim, task)


def _holds(claim: Claim, task: Task) -> bool:
    return task.fence == claim.fence and task.status == TaskStatus.RUNNING


def extend(session: Session, claim: Claim, now: float | None = None) -> None:
    held(session, claim).lease_until = (time.time() if now is None else now) + LEASE_SECONDS


def finish(session: Session, claim: Claim, status: TaskStatus) -> None:
    task = held(session, claim)
    task.status, task.lease_until, task.worker = status, None, None
    task.finished_at = time.time()


def put_back(session: Session, claim: Claim, *, wait: float = 0.0, uncounted: bool = False) -> None:
    """Somebody else may try: after a worker was told to stop, or a fault that may pass."""
    task = held(session, claim)
    _wait_again(task, time.time() + wait)
    task.attempts -= uncounted


def held_by(session: Session, worker: str) -> list[Task]:
    found = select(Task).where(Task.worker == worker, Task.status == TaskStatus.RUNNING)
    return list(session.scalars(found.with_for_update()))


def abandoned(task: Task, now: float) -> None:
    """Its worker died. The fence grows with the next holder; should the dead one write after all, it is refused."""
    second = task.attempts == MOST_ATTEMPTS - 1
    _wait_again(task, now + SECOND_WAIT if second else now)


def _wait_again(task: Task, not_before: float) -> None:
    task.status, task.lease_until, task.worker = TaskStatus.WAITING, None, None
    task.not_before = not_before
