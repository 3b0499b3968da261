"""Clears away what nobody is to keep: jobs past their time, and what crashes left behind.

A file goes only when no row names it. Files are listed before rows are read, and whoever writes has its row first:
what is being made meanwhile is never taken for rubbish.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from dubline.service.context import Context
from dubline.service.jobs import erasing
from dubline.service.jobs.states import ENDED, TaskStatus
from dubline.service.problem import ServiceError
from dubline.service.replies import repository as replies
from dubline.service.uploads.sweeping import sweep_expired
from dubline.storage.collect import erase as erase_artefacts
from dubline.storage.collect import sweep_unheld
from dubline.storage.tables import Job, Output, Task

EVERY = 600.0
"""Seconds between two rounds."""

AT_ONCE = 500
"""Rows in one question to the database."""

HOLDERS = re.compile(r"(tsk_[0-9a-z]+)\.([0-9]+)")
"""The folder of one holder of a task."""

log = structlog.get_logger()


class Janitor:
    """One round at the start and then every ten minutes, beside the requests."""

    def __init__(
        self, context: Context, clock: Callable[[], float] = time.time, every: float = EVERY
    ) -> None:
        self._context, self._clock, self._every = context, clock, every
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._go_round())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _go_round(self) -> None:
        while True:
            await run_in_threadpool(sweep, self._context, self._clock())
            await asyncio.sleep(self._every)


def sweep(context: Context, now: float) -> None:
    """One round. What fails in one corner is told, and the others are swept all the same."""
    for corner in (_jobs, sweep_expired, _results, _artefacts, _replies):
        try:
            corner(context, now)
        except Exception:  # a round that fails is followed by another
            log.exception("not swept", corner=corner.__name__)


def _jobs(context: Context, now: float) -> None:
    """Past their time and ended; one that still waits or works is not thrown away under its owner's eyes."""
    with context.database.reading() as session:
        past = select(Job.organisation_id, Job.id).where(Job.expires_at <= now, Job.status.in_(ENDED))
        found = session.execute(past.limit(AT_ONCE)).all()
    for organisation, job in found:
        try:
            erasing.erase(context, organisation, job)
        except ServiceError as refused:  # somebody deleted it or tries it again at this very moment
            log.info("not expired", job=job, reason=refused.code)


def _results(context: Context, _now: float) -> None:
    folders = sorted(context.results.glob("*"))
    holders = {folder: [inner for inner in folder.iterdir() if inner.is_dir()] for folder in folders}
    for start in range(0, len(folders), AT_ONCE):
        some = folders[start : start + AT_ONCE]
        with context.database.reading() as session:
            known = _known(session, [folder.name for folder in some])
            live = _live(session, [folder.name for folder in some])
        for folder in some:
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                _sweep_holders(folder.name, holders[folder], live)


def _sweep_holders(job: str, holders: Sequence[Path], live: set[tuple[str, str]]) -> None:
    for folder in holders:
        if HOLDERS.fullmatch(folder.name) and (job, folder.name) not in live:
            shutil.rmtree(folder, ignore_errors=True)


def _known(session: Session, jobs: Sequence[str]) -> set[str]:
    return set(session.scalars(select(Job.id).where(Job.id.in_(jobs))))


def _live(session: Session, jobs: Sequence[str]) -> set[tuple[str, str]]:
    """Folders that hold a job's files, or that somebody at work writes to."""
    paths = session.execute(select(Output.job_id, Output.path).where(Output.job_id.in_(jobs)))
    named = {(job, part) for job, path in paths for part in Path(path).parts}
    at_work = select(Task.job_id, Task.id, Task.fence).where(
        Task.job_id.in_(jobs), Task.status == TaskStatus.RUNNING
    )
    return named | {(job, f"{task}.{fence}") for job, task, fence in session.execute(at_work)}


def _artefacts(context: Context, now: float) -> None:
    with erasing.workroom(context) as (store, ledger):
        owners = sorted(ledger.owners())
        for start in range(0, len(owners), AT_ONCE):
            some = owners[start : start + AT_ONCE]
            with context.database.reading() as session:
                known = _known(session, some)
            for owner in set(some) - known:
                erase_artefacts(store, ledger, owner)
        sweep_unheld(store, ledger, now)
        store.scratch.sweep()


def _replies(context: Context, now: float) -> None:
    with context.database.writing() as session:
        replies.forget_old(session, now)
