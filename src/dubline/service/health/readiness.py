"""Asks the checks side by side, none more often than once a second however often it is asked itself."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from dubline.service.context import Context
from dubline.service.health import checks
from dubline.service.health.checks import Look
from dubline.service.health.schemas import Check

FRESH = 1.0
"""Seconds for which an answer holds; anybody may ask, as fast as they like."""

PATIENCE = 3.0
"""Seconds the checks have. A database that is far away may not answer at all."""


class Readiness:
    def __init__(self, context: Context) -> None:
        self._context = context
        # Threads of their own: elsewhere they would wait behind whatever else the server does.
        self._threads = ThreadPoolExecutor(len(checks.CHECKS) + 1, thread_name_prefix="ready")
        self._asked: dict[Look, _Asked] = {}

    async def checks(self) -> list[Check]:
        asked = [self._ask(look) for look in checks.CHECKS]
        if pending := [each.pending for each in asked if each.pending]:
            await asyncio.wait(pending, timeout=PATIENCE)
        return [each.answer() for each in asked]

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(self, look: Look) -> _Asked:
        """Each at most once at a time: one that hangs holds one thread."""
        asked = self._asked.setdefault(look, _Asked(look))
        if asked.pending is None and time.monotonic() - asked.at >= FRESH:
            loop = asyncio.get_running_loop()
            asked.pending = loop.run_in_executor(self._threads, checks.made, look, self._context)
            asked.pending.add_done_callback(asked.heard)
        return asked


class _Asked:
    """A check, what it said last and whether it is being asked again."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._said: Check | None = None
        self.pending: asyncio.Future[Check] | None = None
        self.at = -FRESH

    def heard(self, done: asyncio.Future[Check]) -> None:
        self.pending, self.at = None, time.monotonic()
        self._said = None if done.cancelled() else done.result()

    def answer(self) -> Check:
        """One that is late is not ready, unless it is known for being slow and what it said before still holds."""
        late = self.pending is not None and time.monotonic() - self.at > checks.HOLDS.get(self._look, FRESH)
        if late or self._said is None:
            return Check(name=self._look.__name__, ready=False, reason="It did not answer in time.")
        return self._said
