"""Keeps the worker processes running: starts them, starts them again, ends them with the server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from dubline.domain.errors import DublineError
from dubline.service.context import Context
from dubline.service.jobs import orphans

SOON, LATEST = 0.5, 30.0
"""Seconds before a worker that broke down is started again; twice as long each time it breaks down quickly."""

STEADY = 60.0
"""A worker that ran this long had a good start."""

ON_PURPOSE = 75
"""The exit status of a worker that left because a model call could not be interrupted."""

GRACE = 10.0
"""Seconds a worker has to put its task back before it is ended; it takes about half as long."""

log = structlog.get_logger()


class Supervisor:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._tasks: list[asyncio.Task[None]] = []
        self._running: set[asyncio.subprocess.Process] = set()
        self._numbers: dict[str, int] = {}

    def processes(self) -> dict[str, int]:
        """The workers by the name that goes over to whoever takes a dead one's place, and their process numbers."""
        return dict(self._numbers)

    def start(self) -> None:
        count = self._context.settings.workers
        self._tasks = [asyncio.create_task(self._keep(number)) for number in range(count)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for process in self._running:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        await asyncio.gather(*(self._end(process) for process in self._running))

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _keep(self, number: int) -> None:
        """A worker that broke down is given ever more time; what it held is free for the others at once."""
        clock, wait = asyncio.get_running_loop().time, 0.0
        while True:
            started = clock()
            code = await self._live(number)
            if code == ON_PURPOSE:
                wait = 0.0
            else:
                wait = SOON if clock() - started > STEADY else min(LATEST, max(SOON, wait * 2))
            log.warning("worker ended", worker=number, code=code, again_in=wait)
            await self._release()
            await asyncio.sleep(wait)

    async def _release(self) -> None:
        try:
            await run_in_threadpool(orphans.release, self._context)
        except (DublineError, SQLAlchemyError):  # the leases run out by themselves
            log.exception("tasks of a dead worker not released")

    async def _live(self, number: int) -> int | None:
        try:
            process = await self._spawn(number)
        except OSError as error:
            log.error("worker not started", error=str(error))
            return None
        code = await process.wait()
        self._running.discard(process)
        self._numbers.pop(f"worker-{number}", None)
        return code

    async def _spawn(self, number: int) -> asyncio.subprocess.Process:
        """The settings go by a variable: arguments are seen by everybody on the machine. The pipe is never written
        to; it tells the worker that we are there."""
        settings = self._context.settings.model_dump_json()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "dubline.worker",
            env={**os.environ, "DUBLINE_WORKER_SETTINGS": settings, "DUBLINE_WORKER_NUMBER": str(number)},
            stdin=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        self._running.add(process)
        self._numbers[f"worker-{number}"] = process.pid
        return process
