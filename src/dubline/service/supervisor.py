"""Keeps the worker processes running: starts them, starts them again, ends them with the server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress

import structlog

from dubline.service.settings import ServiceSettings

SOON, LATEST = 0.5, 30.0
"""Seconds before a worker that ended is started again; twice as long each time it ends quickly."""

STEADY = 60.0
"""A worker that ran this long had a good start."""

GRACE = 20.0
"""Seconds a worker has to put its task back before it is ended."""

log = structlog.get_logger()


class Supervisor:
    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._tasks: list[asyncio.Task[None]] = []
        self._running: set[asyncio.subprocess.Process] = set()

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._keep(number)) for number in range(self._settings.workers)]

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
        wait = SOON
        while True:
            clock = asyncio.get_running_loop().time
            started = clock()
            process = await self._spawn()
            code = await process.wait()
            self._running.discard(process)
            wait = SOON if clock() - started > STEADY else min(LATEST, wait * 2)
            log.warning("worker ended", worker=number, code=code, again_in=wait)
            await asyncio.sleep(wait)

    async def _spawn(self) -> asyncio.subprocess.Process:
        """The settings go by a variable: arguments are seen by everybody on the machine."""
        environment = {**os.environ, "DUBLINE_WORKER_SETTINGS": self._settings.model_dump_json()}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dubline.worker", env=environment, start_new_session=True
        )
        self._running.add(process)
        return process
