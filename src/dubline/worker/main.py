"""A worker process: one workshop for its whole life, so that models stay loaded from job to job."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from dataclasses import replace
from types import FrameType

import structlog

from dubline.api.workshop import workshop
from dubline.service import presence
from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.jobs import orphans
from dubline.service.observing import keep_logs, spans_of
from dubline.service.settings import ServiceSettings
from dubline.worker.leaving import leave_at_once
from dubline.worker.loop import Worker

NICENESS = 10
"""The API answers first; a worker takes what is left."""

STDIN = 0

LAST = 15.0
"""Seconds after which a worker without a server is gone in any case."""

log = structlog.get_logger()


def work(settings: ServiceSettings, number: str) -> None:
    """`number` tells the workers of a server apart; whoever takes a dead one's place has its number."""
    os.nice(NICENESS)
    process = f"worker-{number}"
    keep_logs(settings, process)
    context, name = replace(open_context(settings), spans=spans_of(settings, process)), new_id("wrk")
    with presence.present(context.workers, name):
        orphans.release(context)
        _work(context, name)
    presence.forget(context.workers, name)
    context.spans.close()
    context.database.close()


def _work(context: Context, name: str) -> None:
    cores = max(1, len(os.sched_getaffinity(0)) // max(1, context.settings.workers))
    with workshop(context.work, cores=cores) as shop, shop.store.scratch.directory() as scratch:
        # Whoever makes a temporary file in this process makes it where the next one sweeps.
        tempfile.tempdir = str(scratch)
        worker = Worker(context, shop, name)

        def leave(_number: int, _frame: FrameType | None) -> None:
            worker.leave()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, leave)
        threading.Thread(target=_end_with_server, args=(worker,), daemon=True).start()
        log.info("worker started", worker=name, process=os.getpid(), cores=cores)
        over = threading.Event()
        handing = threading.Thread(target=worker.meter.keep_handing_over, args=(over,), daemon=True)
        handing.start()
        worker.run()
        over.set()
        handing.join()
        worker.meter.hand_over()


def _end_with_server(worker: Worker) -> None:
    """Our input is a pipe that the server holds and never writes to: it ends when the server does, however it
    does. Read past `sys.stdin`, whose lock would be held while Python takes itself apart."""
    while os.read(STDIN, 1):
        pass
    worker.leave()
    threading.Event().wait(LAST)
    leave_at_once()
