"""One client that listens: what waits for it, and why it has to go."""

from __future__ import annotations

import asyncio
from collections import deque
from enum import StrEnum

from dubline.service.access.principal import Principal
from dubline.service.events.told import Told

MOST_WAITING = 1000
"""Events that may wait for a client. One that falls further behind is cut, and comes back by its last id."""


class Reason(StrEnum):
    SLOW = "slow"
    REVOKED = "revoked"
    DELETED = "deleted"
    CLOSING = "closing"


class Listener:
    """`since` is the newest event there was when it joined: older ones it reads from the table."""

    def __init__(self, principal: Principal, job: str | None, since: int) -> None:
        self.principal = principal
        self.job = job
        self.since = since
        self.reason: Reason | None = None
        self._waiting: deque[Told] = deque()
        self._woken = asyncio.Event()
        self._ended = asyncio.Event()

    def put(self, told: Told) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self.end(Reason.SLOW)
            return
        self._waiting.append(told)
        self._woken.set()

    def end(self, reason: Reason) -> None:
        self.reason = self.reason or reason
        self._waiting.clear()
        self._woken.set()
        self._ended.set()

    async def ended(self) -> None:
        await self._ended.wait()

    async def take(self, patience: float) -> list[Told]:
        """What came in; nothing, if nothing comes for that long or the client has to go."""
        try:
            await asyncio.wait_for(self._woken.wait(), patience)
        except TimeoutError:
            return []
        self._woken.clear()
        taken = list(self._waiting)
        self._waiting.clear()
        return taken
