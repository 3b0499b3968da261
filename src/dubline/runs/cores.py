"""Processor cores handed out to steps: never more busy threads than cores, the most urgent step first."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Priority = tuple[int, int]


class Cores:
    def __init__(self, count: int) -> None:
        self.count = count
        self._free = count
        self._waiting: list[tuple[Priority, int, int, asyncio.Future[None]]] = []
        self._order = 0

    @asynccontextmanager
    async def take(self, wanted: int, priority: Priority) -> AsyncIterator[None]:
        """Hold `wanted` cores; a step that wants more than there are gets them all."""
        wanted = min(wanted, self.count)
        await self._queue(wanted, priority)
        try:
            yield
        finally:
            self._free += wanted
            self._admit()

    async def _queue(self, wanted: int, priority: Priority) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._waiting, (priority, self._order, wanted, turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._free += wanted
                self._admit()
            raise

    def _admit(self) -> None:
        """Strictly by priority, so that a step that wants many cores is not starved by small ones."""
        while self._waiting:
            _, _, wanted, turn = self._waiting[0]
            if turn.cancelled():
                heapq.heappop(self._waiting)
                continue
            if wanted > self._free:
                return
            heapq.heappop(self._waiting)
            self._free -= wanted
            turn.set_result(None)
