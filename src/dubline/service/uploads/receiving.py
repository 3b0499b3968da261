"""From a request onto the disk, in large pieces; what is synced is noted, and only that was ever acknowledged."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.concurrency import run_in_threadpool

from dubline.service.problem import ServiceError
from dubline.service.uploads import files, service
from dubline.service.uploads.holding import Hold, taken_over
from dubline.service.uploads.incoming import LOOK, Incoming
from dubline.service.uploads.sink import Sink
from dubline.storage.tables import Upload

BLOCK = 1 << 20
"""Bytes in memory at most, for each sender."""

NOTE_BYTES, NOTE_SECONDS = 64 << 20, 3.0
"""What a killed server may have to be sent again."""


class Receiver:
    def __init__(self, hold: Hold, sink: Sink) -> None:
        self._hold = hold
        self._sink = sink
        self._waiting = bytearray()
        self._noted_at = self._looked_at = time.monotonic()

    @property
    def upload(self) -> Upload:
        return self._hold.upload

    @property
    def offset(self) -> int:
        """Where the next byte goes."""
        return self._sink.offset + len(self._waiting)

    @property
    def full(self) -> bool:
        return self.offset == self.upload.size

    async def take(self, data: bytes) -> None:
        """Bytes, or none: then it is only time to look around."""
        self._waiting += data
        if len(self._waiting) >= BLOCK:
            await self._write()
        if time.monotonic() - self._looked_at > LOOK:
            self._looked_at = time.monotonic()
            if await run_in_threadpool(self._hold.wanted):
                raise taken_over()

    async def note(self) -> None:
        """Make what came safe, now and then. The last bytes are never noted alone: a full offset means that the
        upload is complete."""
        unsafe, since = self.offset - self.upload.offset, time.monotonic() - self._noted_at
        if not self.full and (unsafe > NOTE_BYTES or (unsafe and since > NOTE_SECONDS)):
            await self.save()

    async def save(self) -> None:
        self._noted_at = time.monotonic()
        await self._write()
        if self.full:
            await run_in_threadpool(self._finish)
        elif self._sink.offset != self.upload.offset:
            await run_in_threadpool(self._save)

    async def end_here(self) -> None:
        """This was the last byte, whatever was announced."""
        self.upload.size = self.offset
        await self.save()

    async def back_to(self, offset: int) -> None:
        self._waiting.clear()
        await run_in_threadpool(self._sink.back_to, offset)

    async def _write(self) -> None:
        """Taken out first: a request that is broken off here must not write the same bytes again."""
        block, self._waiting = self._waiting, bytearray()
        if block:
            await run_in_threadpool(self._sink.write, block)

    def _save(self) -> None:
        self._sink.sync()
        service.note(self._hold.context, self.upload, self._sink.synced)

    def _finish(self) -> None:
        self._sink.sync()
        self._hold.upload = service.finish(self._hold.context, self.upload, self._sink.digest)


@asynccontextmanager
async def receiver(hold: Hold) -> AsyncIterator[Receiver]:
    """The file brought to the acknowledged offset, whatever happened to its last writer."""
    sink = await run_in_threadpool(_opened, hold)
    try:
        yield Receiver(hold, sink)
    finally:
        await run_in_threadpool(sink.close)


def _opened(hold: Hold) -> Sink:
    context, upload = hold.context, hold.upload
    files.bring_back(context, upload.id, upload.filename)
    path = files.path_of(context, upload.id)
    new = not path.exists()
    sink = Sink(path, upload.offset)
    if new:
        files.sync_folder(path.parent)
    if sink.offset != upload.offset:
        service.note(context, upload, sink.offset)
    return sink


async def receive(to: Receiver, body: Incoming) -> None:
    """All that comes, up to the size that was announced. Whatever ends it, what came is kept."""
    try:
        while (data := await body.next()) is not None:
            if to.offset + len(data) > to.upload.size:
                raise too_long(to.upload)
            await to.take(data)
            await to.note()
    finally:
        await to.save()


def too_long(upload: Upload) -> ServiceError:
    return ServiceError(
        413,
        "upload_too_long",
        f"These are more bytes than the {upload.size:,} that were announced.",
        hint="Begin a new upload and announce the size of the whole file.",
    )
