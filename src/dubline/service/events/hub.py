"""From the table to everybody who listens: one reader for a whole process, no thread for any stream.

The reader works only while somebody listens. Ids are given out in order and may become visible out of order where
writers do not take turns, so where one is missing it is waited for: whoever was told of 7 is never told of 6.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Iterable

import structlog
from sqlalchemy import select

from dubline.service.access.principal import Principal
from dubline.service.access.standing import still_good
from dubline.service.context import Context
from dubline.service.events import repository
from dubline.service.events.listener import Listener, Reason
from dubline.service.events.told import Told
from dubline.service.problem import ServiceError
from dubline.storage.tables import Job

EVERY = 0.1
"""Seconds between two looks into the table."""

INSPECTED_EVERY = 2.0
"""Seconds between two looks at whether everybody may still listen."""

GAP = 1.0
"""Seconds for which a missing id is waited for; then it was one that never came to be."""

MOST_LISTENERS = 5000
AT_ONCE = 500

log = structlog.get_logger()


class Hub:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._by_job: defaultdict[str | None, set[Listener]] = defaultdict(set)
        """Under None those who listen to all jobs of their organisation."""
        self._count = 0
        self._newest = 0
        self._gap_since: float | None = None
        self._reader: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._closed = False

    async def join(self, principal: Principal, job: str | None) -> Listener:
        if self._count >= MOST_LISTENERS or self._closed:
            raise ServiceError(
                503,
                "too_many_streams",
                "The server cannot hold another stream now.",
                hint="Try again in a few seconds.",
                headers={"Retry-After": "5"},
            )
        async with self._starting:
            if self._reader is None:
                self._newest = await asyncio.to_thread(self._find_newest)
                self._reader = asyncio.create_task(self._read_on())
        listener = Listener(principal, job, self._newest)
        self._by_job[job].add(listener)
        self._count += 1
        return listener

    def listening(self) -> int:
        return self._count

    def leave(self, listener: Listener) -> None:
        there = self._by_job[listener.job]
        if listener in there:
            there.remove(listener)
            self._count -= 1
        if not there:
            del self._by_job[listener.job]

    def close(self) -> None:
        """The server is going down: clients come back to the next one by their last id."""
        self._closed = True
        for listener in self._everybody():
            listener.end(Reason.CLOSING)

    def _everybody(self) -> list[Listener]:
        return [listener for some in self._by_job.values() for listener in some]

    def _find_newest(self) -> int:
        with self._context.database.reading() as session:
            return repository.newest(session)

    async def _read_on(self) -> None:
        inspected = time.monotonic()
        while True:
            await asyncio.sleep(EVERY)
            if not self._count:
                self._reader = None
                return
            try:
                await self._read()
                if time.monotonic() - inspected >= INSPECTED_EVERY:
                    await self._inspect()
                    inspected = time.monotonic()
            except Exception:
                # A database that is away for a moment must not leave everybody without news for ever.
                log.exception("events could not be read")
                await asyncio.sleep(GAP)

    async def _read(self) -> None:
        more = True
        while more:
            found = await asyncio.to_thread(self._found)
            ready = self._in_order(found)
            for told in ready:
                self._hand_out(told)
            more = len(ready) == repository.PAGE

    def _found(self) -> list[Told]:
        with self._context.database.reading() as session:
            return repository.since(session, self._newest)

    def _in_order(self, found: list[Told]) -> list[Told]:
        """Up to the first id that is missing, unless it has been missing for long."""
        now = time.monotonic()
        for place, told in enumerate(found):
            if told.id == self._newest + 1 + place:
                continue
            self._gap_since = self._gap_since or now
            if now - self._gap_since < GAP:
                return found[:place]
            break
        self._gap_since = None
        return found

    def _hand_out(self, told: Told) -> None:
        self._newest = told.id
        for listener in self._by_job.get(told.job, ()):
            listener.put(told)
        for listener in self._by_job.get(None, ()):
            if listener.principal.organisation == told.organisation:
                listener.put(told)

    async def _inspect(self) -> None:
        everybody = self._everybody()
        principals = {listener.principal for listener in everybody}
        jobs = {listener.job for listener in everybody if listener.job is not None}
        revoked, there = await asyncio.to_thread(self._looked_up, principals, jobs)
        for listener in everybody:
            if listener.principal in revoked:
                listener.end(Reason.REVOKED)
            elif listener.job is not None and listener.job not in there:
                listener.end(Reason.DELETED)

    def _looked_up(
        self, principals: Iterable[Principal], jobs: Collection[str]
    ) -> tuple[set[Principal], set[str]]:
        revoked = {each for each in principals if not still_good(self._context, each)}
        names, there = list(jobs), set[str]()
        with self._context.database.reading() as session:
            for start in range(0, len(names), AT_ONCE):
                some = names[start : start + AT_ONCE]
                there.update(session.scalars(select(Job.id).where(Job.id.in_(some))))
        return revoked, there
