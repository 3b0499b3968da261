"""Tasks whose worker died on this machine: back into the queue at once, rather than when their lease has run out."""

from __future__ import annotations

import time

import structlog
from sqlalchemy.orm import Session

from dubline.service import presence
from dubline.service.context import Context
from dubline.service.jobs import queue, service
from dubline.service.jobs.states import RENDER
from dubline.storage.tables import Job

log = structlog.get_logger()


def release(context: Context) -> None:
    """Asked whenever a worker started or ended. A worker is forgotten only after its tasks are free."""
    for worker in presence.departed(context.workers):
        with context.database.writing() as session:
            released = _release(session, worker, time.time())
        presence.forget(context.workers, worker)
        if released:
            log.warning("worker died at work", worker=worker, jobs=released)


def _release(session: Session, worker: str, now: float) -> list[str]:
    jobs = []
    for task in queue.held_by(session, worker):
        job = session.get_one(Job, task.job_id)
        queue.abandoned(task, now)
        if task.kind != RENDER:
            service.wait_again(session, job, "worker_lost")
        jobs.append(job.id)
    return jobs
