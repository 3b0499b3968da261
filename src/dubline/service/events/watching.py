"""What one client is told: first what it missed, from the table, then what happens, as it happens.

It joins before it reads, and reads only what is older than that moment: so nothing is missed in between, and
nothing comes twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.events import repository
from dubline.service.events.listener import Listener
from dubline.service.events.told import Told
from dubline.service.jobs import repository as jobs
from dubline.service.jobs.states import ENDED

HEARTBEAT = 15.0
"""Seconds of silence after which a client hears that the line is still good."""

T = TypeVar("T")
Events = AsyncIterator[list[Told]]
"""Some at a time; none at all is a heartbeat."""


@dataclass(frozen=True)
class Position:
    """Where a client stands in a job's events."""

    after: int
    over: bool
    """The job has ended and the client knows everything."""


async def position(context: Context, principal: Principal, job_id: str, after: int) -> Position:
    """Nobody can know more than there is: who says so is told what comes from now on."""

    def look(session: Session) -> Position:
        job = jobs.get(session, principal.organisation, job_id)
        return Position(min(after, job.events), job.status in ENDED and after >= job.events)

    return await _read(context, look)


async def of_job(context: Context, listener: Listener, job: str, after: int, follow: bool) -> Events:
    """Ends with the last event of a job that has ended, unless the client wants to hear what follows."""
    known = after

    def page(session: Session) -> list[Told]:
        return repository.of_job(session, job, known, listener.since)

    async def over() -> bool:
        return not follow and await _read(context, lambda session: repository.is_last(session, job, known))

    while missed := await _read(context, page):
        yield missed
        known = missed[-1].number
    if await over():
        return
    while listener.reason is None:
        taken = await listener.take(HEARTBEAT)
        fresh = [told for told in taken if told.number > known]
        if listener.reason is None:
            yield fresh
        if fresh:
            known = fresh[-1].number
            if fresh[-1].data.get("status") in ENDED and await over():
                return


async def of_all(context: Context, listener: Listener, after: int | None) -> Events:
    """Of all jobs of an organisation, for ever; without `after` from now on."""
    known = listener.since if after is None else after

    def page(session: Session) -> list[Told]:
        return repository.of_organisation(session, listener.principal.organisation, known, listener.since)

    while missed := await _read(context, page):
        yield missed
        known = missed[-1].id
    while listener.reason is None:
        taken = await listener.take(HEARTBEAT)
        if listener.reason is None:
            yield taken


async def _read(context: Context, look: Callable[[Session], T]) -> T:
    def read() -> T:
        with context.database.reading() as session:
            return look(session)

    return await asyncio.to_thread(read)
