"""Take a task, carry it out, write down how it ended; for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import OperationalError

from dubline.api.dub import Watch
from dubline.api.workshop import Workshop
from dubline.domain.errors import Cancelled, DublineError, EngineError, StorageFull
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.jobs import queue, service
from dubline.service.jobs.queue import MOST_ATTEMPTS, Claim, LeaseLost
from dubline.service.jobs.states import RENDER
from dubline.service.policy.judging import State
from dubline.storage.blobs import DamagedArtefact
from dubline.storage.tables import Job, Upload
from dubline.worker import endings, importing, rendering
from dubline.worker.admission import Admission
from dubline.worker.course import WHOLE_JOB, Course
from dubline.worker.dubbing import dub, forget_folder
from dubline.worker.leaving import leave_at_once
from dubline.worker.meter import Meter
from dubline.worker.observing import Observed
from dubline.worker.telling import Teller

IDLE = 0.25
"""Seconds between two looks into an empty queue."""

AGAIN_AFTER = 10.0
"""Seconds to wait after a fault that may pass; twice as long each time."""

SPACE_AFTER, SPACE_PATIENCE = 30.0, 86_400.0
"""Seconds between two tries while the disk is full, and how long a job waits for space."""

UNWRITTEN = 2.0
"""Seconds between two tries to write down how a task ended."""

TABLES_UNAVAILABLE = EngineError(
    "tables_unavailable", "The server could not write down how far it was.", retryable=True
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Taken:
    """A task with what it is about."""

    claim: Claim
    job: Job
    upload: Upload
    begun: bool
    """Whether there is anything to do still: it may have been cancelled, or have killed too many workers."""


def course_of(claim: Claim) -> Course:
    return rendering.COURSE if claim.kind == RENDER else WHOLE_JOB


class Worker:
    def __init__(
        self, context: Context, shop: Workshop, name: str = "", abandon: Callable[[], None] = leave_at_once
    ) -> None:
        self._context = context
        self._shop = shop
        self._abandon = abandon
        self._admission = Admission(context)
        self._leaving = threading.Event()
        self.name = name or new_id("wrk")
        self.meter = Meter(context.database, shop.registry.models.pool)
        shop.registry.calls.heard = self.meter.engine_tried

    def leave(self) -> None:
        """Begin nothing more; what is at work goes back into the queue with its finished steps kept."""
        self._leaving.set()
        self._shop.runner.stop.set()

    def run(self) -> None:
        while not self._leaving.is_set():
            try:
                done = self.once()
            except (StorageFull, OperationalError) as error:
                log.warning("tables not to be written", error=str(error))
                done = False
            if not done:
                self._leaving.wait(IDLE)

    def once(self) -> bool:
        """Whether there was anything to do."""
        with self._context.database.reading() as session:
            if not queue.anything_to_do(session, time.time()) or self._admission.held_back(session):
                return False
        taken = self._take(time.time())
        if taken is None:
            return False
        if taken.begun:
            with Observed(self._context, self.meter.work, taken.claim, taken.job.trace) as seen:
                self._carry_out(taken, seen)
            self.meter.hand_over()
        return True

    def _take(self, now: float) -> Taken | None:
        with self._context.database.writing() as session:
            claim = queue.claim(session, self.name, self._context.settings.limits.max_concurrent_jobs, now)
            if claim is None:
                return None
            job = course_of(claim).begin(session, claim, now)
            upload = session.get_one(Upload, job.upload_id)
            session.flush()
            begun = queue.is_held(session, claim)
            session.expunge_all()
        return Taken(claim, job, upload, begun)

    def _carry_out(self, taken: Taken, seen: Observed) -> None:
        claim, stop, started = taken.claim, self._shop.runner.stop, time.monotonic()
        stop.clear()
        if self._leaving.is_set():
            stop.set()
        self._shop.runner.owner = claim.job
        log.info("task started", task=claim.task, job=claim.job, attempt=claim.attempt)
        teller = course_of(claim).teller(self._context.database, claim, stop, self._overdue)
        try:
            with teller:
                end = self._work(taken, teller, seen)
            end(time.monotonic() - started)
        except LeaseLost:
            log.warning("task lost", task=claim.task, job=claim.job)
            forget_folder(self._context, claim)
        except DublineError as error:
            self._settle(self._after(error, taken, teller))
        except OperationalError as error:
            log.warning("tables not to be used", task=claim.task, error=str(error))
            self._settle(self._after(TABLES_UNAVAILABLE, taken, teller))
        except Exception:
            log.exception("task broke", task=claim.task, job=claim.job)
            message = "Something went wrong on our side; the log of the server tells more."
            fail = course_of(claim).fail
            self._settle(lambda: fail(self._context, claim, "internal_error", message, time.time()))
        log.info("task ended", task=claim.task, job=claim.job, seconds=round(time.monotonic() - started, 2))

    def _work(self, taken: Taken, teller: Teller, seen: Observed) -> Callable[[float], None]:
        """Do what the task is for; gives back how to write down that it went well, told the seconds it took."""
        context, claim, job, upload = self._context, taken.claim, taken.job, taken.upload
        if claim.kind == service.IMPORT:
            teller.follow(fetching := importing.Fetching())
            arrived = importing.bring(context, job, upload, fetching, self._shop.runner.stop)
            return lambda _seconds: importing.hand_over(context, claim, *arrived, time.time())
        watch = Watch(teller.follow, seen.step)
        if claim.kind == RENDER:
            rendered = rendering.render(context, self._shop, claim, job, upload, watch)
            return lambda seconds: rendering.complete(context, claim, rendered, seconds, time.time())
        delivered = dub(context, self._shop, claim, job, upload, watch)
        made = endings.Made.of(context, claim.job, delivered)
        if made.verdict.state is State.REFUSED:
            return lambda _seconds: endings.refuse(context, claim, made.verdict, time.time())
        return lambda seconds: endings.complete(context, claim, made, seconds, time.time())

    def _settle(self, ending: Callable[[], None]) -> None:
        """Write it down. A full disk is waited for: should another worker take the task meanwhile, it is its."""
        while True:
            try:
                return ending()
            except LeaseLost:
                return None
            except (StorageFull, OperationalError) as error:
                log.warning("ending not written", error=str(error))
                if self._leaving.wait(UNWRITTEN):
                    return None

    def _after(self, error: DublineError, taken: Taken, teller: Teller) -> Callable[[], None]:
        """What becomes of a task whose work broke off."""
        context, claim, course = self._context, taken.claim, course_of(taken.claim)
        if teller.lost:
            return lambda: forget_folder(context, claim)
        if teller.cancelled:
            importing.forget(context, taken.upload)
            return lambda: course.cancel(context, claim)
        if isinstance(error, Cancelled):
            return lambda: course.try_again(context, claim, "worker_stopped", uncounted=True)
        if isinstance(error, StorageFull) and time.time() - taken.job.created_at < SPACE_PATIENCE:
            return lambda: course.try_again(context, claim, error.code, wait=SPACE_AFTER, uncounted=True)
        if isinstance(error, DamagedArtefact):
            self._shop.ledger.forget_artefact(error.blob.digest)
        if _may_pass(error) and claim.attempt < MOST_ATTEMPTS:
            wait = AGAIN_AFTER * 2 ** (claim.attempt - 1) if isinstance(error, EngineError) else 0.0
            return lambda: course.try_again(context, claim, error.code, wait=wait)
        return lambda: course.fail(context, claim, error.code, endings.told(error), time.time())

    def _overdue(self, claim: Claim, teller: Teller) -> None:
        """The run was told to stop and does not: write down how it ends and go."""
        course = course_of(claim)
        try:
            if teller.cancelled:
                course.cancel(self._context, claim)
            elif not teller.lost:
                course.try_again(self._context, claim, "worker_stopped", uncounted=True)
        except Exception:  # the lease runs out by itself
            log.exception("ending not written", task=claim.task)
        finally:
            self._abandon()


def _may_pass(error: DublineError) -> bool:
    return isinstance(error, DamagedArtefact) or (isinstance(error, EngineError) and error.retryable)
