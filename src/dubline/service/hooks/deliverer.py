"""Sends what the outbox holds, for as long as the server runs. Waiting for receivers is done in threads of its own,
so that neither requests nor receivers ever wait for one another."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog

from dubline.domain.errors import Cancelled
from dubline.egress import Egress
from dubline.service.hooks import claiming, outcomes
from dubline.service.hooks.claiming import Bounds, Parcel
from dubline.service.hooks.schedule import Spread, by_chance
from dubline.service.hooks.sending import Answer, send
from dubline.storage.database import Database

LOOK = 0.5
"""Seconds between two looks into the outbox."""

AFTER_TROUBLE = 5.0
"""Seconds before the next look when the database did not answer."""

GRACE = 5.0
"""Seconds that tries on their way have to be put back."""

log = structlog.get_logger()


class Deliverer:
    def __init__(
        self,
        database: Database,
        egress: Egress,
        *,
        clock: Callable[[], float] = time.time,
        spread: Spread = by_chance,
        bounds: Bounds = Bounds(),  # noqa: B008 - frozen
    ) -> None:
        self._database = database
        self._egress = egress
        self._clock, self._spread, self._bounds = clock, spread, bounds
        self.heard: Callable[[bool], None] = lambda _delivered: None
        """Told of every try."""
        self._leaving = threading.Event()
        self._threads = ThreadPoolExecutor(bounds.total, thread_name_prefix="hooks")
        self._sending: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """What is on its way is broken off and put back: a receiver may get it twice, never not at all."""
        self._leaving.set()
        if self._loop:
            self._loop.cancel()
            with suppress(asyncio.CancelledError):
                await self._loop
        if self._sending:
            await asyncio.wait(self._sending, timeout=GRACE)
        self._threads.shutdown(wait=False)

    async def round(self) -> int:
        """Everything that may be sent now; how many tries that was. What follows from them is for the next round."""
        begun = await self._begin()
        await asyncio.gather(*begun)
        return len(begun)

    async def _run(self) -> None:
        while True:
            try:
                begun = await self._begin()
            except Exception:
                log.exception("the outbox could not be read")
                await asyncio.sleep(AFTER_TROUBLE)
                continue
            if begun:
                await asyncio.wait(self._sending, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(LOOK)

    async def _begin(self) -> list[asyncio.Task[None]]:
        parcels = await asyncio.to_thread(self._claim)
        begun = [asyncio.create_task(self._deliver(parcel)) for parcel in parcels]
        for task in begun:
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return begun

    def _claim(self) -> list[Parcel]:
        now, room = self._clock(), self._bounds.total - len(self._sending)
        with self._database.reading() as session:
            if room <= 0 or not claiming.anything_due(session, now):
                return []
        with self._database.writing() as session:
            return claiming.claim(session, now, room, self._bounds)

    async def _deliver(self, parcel: Parcel) -> None:
        """If the outcome cannot be written, the lease runs out and the message is sent again."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._try, parcel)
        except Exception:
            log.exception("the outcome of a try could not be written", message=parcel.message)

    def _try(self, parcel: Parcel) -> None:
        try:
            answer = self._answer(parcel)
        except Cancelled:
            with self._database.writing() as session:
                outcomes.put_back(session, parcel)
            return
        now = self._clock()
        with self._database.writing() as session:
            outcomes.settle(session, parcel, answer, now, self._spread)
        self.heard(answer.delivered)
        log.info("message tried", message=parcel.message, hook=parcel.hook, status=answer.status)

    def _answer(self, parcel: Parcel) -> Answer:
        try:
            return send(self._egress, parcel, self._clock(), self._leaving.is_set)
        except Cancelled:
            raise
        except Exception:
            log.exception("a message could not be sent", message=parcel.message, hook=parcel.hook)
            return Answer(0.0, error="Something went wrong on our side.")
