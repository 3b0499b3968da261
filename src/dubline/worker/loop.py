"""Take a task, carry it out, write down how it ended; for ever."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable

import structlog

from dubline.api.dub import Watch
from dubline.api.workshop import Workshop
from dubline.domain.errors import Cancelled, DublineError, EngineError
from dubline.service.context import Context
from dubline.service.jobs import queue, service
from dubline.service.jobs.queue import MOST_ATTEMPTS, Claim, LeaseLost
from dubline.storage.tables import Job, Upload
from dubline.worker import endings, importing
from dubline.worker.dubbing import dub
from dubline.worker.telling import Teller

IDLE = 0.25
"""Seconds between two looks into an empty queue."""

AGAIN_AFTER = 10.0
"""Seconds to wait after a fault that may pass; twice as long each time."""

log = structlog.get_logger()


def leave_at_once() -> None:
    """Safe, because a crash is; whoever looks after this process starts another."""
    os._exit(75)


class Worker:
    def __init__(
        self, context: Context, shop: Workshop, name: str = "", abandon: Callable[[], None] = leave_at_once
    ) -> None:
        self._context = context
        self._shop = shop
        self._abandon = abandon
        self._leaving = threading.Event()
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"

    def leave(self) -> None:
        """Begin nothing more; what is at work goes back into the queue with its finished steps kept."""
        self._leaving.set()
        self._shop.runner.stop.set()

    def run(self) -> None:
        while not self._leaving.is_set():
            if not self.once():
                self._leaving.wait(IDLE)

    def once(self) -> bool:
        """Whether there was anything to do."""
        now = time.time()
        with self._context.database.writing() as session:
            claim = queue.claim(session, self.name, self._context.settings.limits.max_concurrent_jobs, now)
            if claim is None:
                return False
            job = endings.begin(session, claim, now)
            upload = session.get_one(Upload, job.upload_id)
            session.flush()
            session.expunge_all()
        if claim.attempt > MOST_ATTEMPTS:
            message = f"The worker died {MOST_ATTEMPTS} times over this job, so it is not tried again."
            endings.fail(self._context, claim, "worker_lost", message, now)
        else:
            self._carry_out(claim, job, upload)
        return True

    def _carry_out(self, claim: Claim, job: Job, upload: Upload) -> None:
        stop = self._shop.runner.stop
        if not self._leaving.is_set():
            stop.clear()
        started = time.monotonic()
        log.info("task started", task=claim.task, job=claim.job, attempt=claim.attempt)
        teller = Teller(self._context.database, claim, stop, self._overdue)
        try:
            with teller:
                end = self._work(claim, job, upload, teller)
            end(time.monotonic() - started)
        except LeaseLost:
            log.warning("task lost", task=claim.task, job=claim.job)
        except DublineError as error:
            self._ended_badly(claim, teller, error)
        except Exception:
            log.exception("task broke", task=claim.task, job=claim.job)
            message = "Something went wrong on our side; the log of the server tells more."
            endings.fail(self._context, claim, "internal_error", message, time.time())
        log.info("task ended", task=claim.task, job=claim.job, seconds=round(time.monotonic() - started, 2))

    def _work(self, claim: Claim, job: Job, upload: Upload, teller: Teller) -> Callable[[float], None]:
        """Do what the task is for; gives back how to write down that it went well, told the seconds it took."""
        if claim.kind == service.IMPORT:
            teller.follow(fetching := importing.Fetching())
            arrived = importing.bring(self._context, job, upload, fetching, self._shop.runner.stop)
            return lambda _seconds: importing.hand_over(self._context, claim, *arrived, time.time())
        delivered = dub(self._context, self._shop, job, upload, Watch(begun=teller.follow))
        return lambda seconds: endings.complete(self._context, claim, delivered, seconds, time.time())

    def _ended_badly(self, claim: Claim, teller: Teller, error: DublineError) -> None:
        if teller.lost:
            return
        if teller.cancelled:
            endings.cancel(self._context, claim)
        elif isinstance(error, Cancelled):
            endings.try_again(self._context, claim, wait=0.0, uncounted=True)
        elif isinstance(error, EngineError) and error.retryable and claim.attempt < MOST_ATTEMPTS:
            endings.try_again(self._context, claim, wait=AGAIN_AFTER * 2 ** (claim.attempt - 1))
        else:
            endings.fail(self._context, claim, error.code, endings.told(error), time.time())

    def _overdue(self, claim: Claim, teller: Teller) -> None:
        """The run was told to stop and does not: write down how it ends and go."""
        if teller.cancelled:
            endings.cancel(self._context, claim)
        elif not teller.lost:
            endings.try_again(self._context, claim, wait=0.0, uncounted=True)
        self._abandon()
