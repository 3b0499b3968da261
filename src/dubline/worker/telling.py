"""A run's events become stage rows and job events, a few times a second at most."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from typing import Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from dubline.domain.errors import DublineError
from dubline.runs.tracker import PhaseState
from dubline.service.events.log import Kind, record
from dubline.service.jobs import queue
from dubline.service.jobs.queue import Claim
from dubline.storage.database import Database
from dubline.storage.tables import Job, Stage

Gist = tuple[float, bool, str]

log = structlog.get_logger()

EVERY = 0.5
"""Seconds between two notes of progress."""

PATIENCE = 3.0
"""Seconds a run that was told to stop has to end by itself. A model call cannot be interrupted, a process can."""


class Followed(Protocol):
    """Work under way: a run's tracker, or whatever else can say how far it is."""

    def phases(self) -> list[PhaseState]: ...
    def fraction(self) -> float: ...
    def eta(self) -> float | None: ...


class Teller:
    """While a task runs: keeps its lease, writes how far it is, notices that somebody wants it stopped."""

    def __init__(
        self,
        database: Database,
        claim: Claim,
        stop: threading.Event,
        overdue: Callable[[Claim, Teller], None],
    ) -> None:
        self._database = database
        self._overdue = overdue
        self._claim = claim
        self._stop = stop
        self._tracker: Followed | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._tell,), name=f"tell {claim.task}", daemon=True
        )
        self._told: dict[str, Gist] = {}
        self._renewed = time.monotonic()
        self.lost = False
        """Somebody else has the task: nothing of ours may be written any more."""
        self.cancelled = False

    def __enter__(self) -> Teller:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if not self.lost:
            self._look()

    def follow(self, tracker: Followed) -> None:
        self._tracker = tracker

    def _tell(self) -> None:
        while not self._over.wait(EVERY):
            self._look()
            if self._stop.is_set():
                break
        if not self._over.wait(PATIENCE):
            self._overdue(self._claim, self)

    def _look(self) -> None:
        """Notes of progress may be missed, the work may not: a database that is busy or full is asked again. Should
        the lease run out meanwhile, the fence decides."""
        try:
            self.note()
        except queue.LeaseLost:
            self.lost = True
            self._stop.set()
        except (SQLAlchemyError, DublineError) as error:
            log.warning("progress not written", task=self._claim.task, error=str(error))

    def note(self) -> None:
        """One note: whether to stop, stages, progress, lease. Written only where there is something to write."""
        tracker, now = self._tracker, time.time()
        changed = self._changed(tracker.phases()) if tracker else []
        with self._database.reading() as session:
            queue.held(session, self._claim)
            self._stop_if_cancelled(session.get_one(Job, self._claim.job))
        if not changed and time.monotonic() - self._renewed < queue.RENEWED_AFTER:
            return
        with self._database.writing() as session:
            queue.extend(session, self._claim, now)
            if changed and tracker:
                self._write_down(session, tracker, changed, now)
        self._renewed = time.monotonic()
        self._told |= {state.phase: _gist(state) for state in changed}

    def _stop_if_cancelled(self, job: Job) -> None:
        if job.cancel_requested_at is not None:
            self.cancelled = True
            self._stop.set()

    def _write_down(self, session: Session, tracker: Followed, changed: list[PhaseState], now: float) -> None:
        job = session.get_one(Job, self._claim.job)
        rows = {row.name: row for row in session.scalars(select(Stage).where(Stage.job_id == job.id))}
        for state in changed:
            _write(rows[state.phase], state, now)
        job.progress = max(job.progress, tracker.fraction())
        job.eta_seconds = tracker.eta()
        running = (state.phase for state in tracker.phases() if state.running)
        job.current_stage = next(running, job.current_stage)
        record(session, job, Kind.PROGRESS, {"eta_seconds": job.eta_seconds, "stages": _told(changed)})

    def _changed(self, states: list[PhaseState]) -> list[PhaseState]:
        return [state for state in states if self._told.get(state.phase) != _gist(state)]


def _gist(state: PhaseState) -> Gist:
    return round(state.fraction, 2), state.running, state.detail


def _write(row: Stage, state: PhaseState, now: float) -> None:
    done = state.fraction >= 1.0 and not state.running
    row.status = "completed" if done else "processing" if state.running or state.fraction > 0 else "waiting"
    row.progress, row.detail, row.seconds = (
        round(state.fraction, 4),
        state.detail[:400],
        round(state.seconds, 3),
    )
    row.steps, row.reused, row.engines = state.steps, state.reused, list(state.engines)
    if row.status != "waiting" and row.started_at is None:
        row.started_at = now
    row.finished_at = now if done else None


def _told(states: list[PhaseState]) -> list[dict[str, object]]:
    return [
        {
            "name": state.phase,
            "progress": round(state.fraction, 4),
            "running": state.running,
            "detail": state.detail,
        }
        for state in states
    ]
