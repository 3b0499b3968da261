"""Asks all checks, not more often than once a second however often it is asked itself."""

from __future__ import annotations

import asyncio
import time

from dubline.service.context import Context
from dubline.service.health.checks import all_checks
from dubline.service.health.schemas import Check

FRESH = 1.0
"""Seconds for which an answer holds; anybody may ask, as fast as they like."""

PATIENCE = 3.0
"""Seconds the checks have. A database that is far away may not answer at all."""


class Readiness:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._asking = asyncio.Lock()
        self._asked = -FRESH
        self._found: list[Check] = []

    async def checks(self) -> list[Check]:
        async with self._asking:
            if time.monotonic() - self._asked >= FRESH:
                self._found = await self._ask()
                self._asked = time.monotonic()
            return self._found

    async def _ask(self) -> list[Check]:
        try:
            return await asyncio.wait_for(asyncio.to_thread(all_checks, self._context), PATIENCE)
        except TimeoutError:
            return [Check(name="patience", ready=False, reason="The checks did not answer in time.")]
