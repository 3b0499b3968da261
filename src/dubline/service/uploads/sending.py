"""The simple door: a form with files in it, received whole or not at all."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool

from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.uploads import service
from dubline.service.uploads.form import FILE, FileBegins, FormReader
from dubline.service.uploads.holding import held
from dubline.service.uploads.incoming import Incoming, incoming
from dubline.service.uploads.receiving import Receiver, receiver
from dubline.service.uploads.service import NewUpload
from dubline.storage.tables import Upload

STEP = 64 << 20
"""Room that is set aside at a time for a sender who does not say how much is coming."""


@dataclass(frozen=True)
class Sent:
    uploads: list[Upload]
    """In the order of the form; one at least."""
    fields: dict[str, list[str]]


async def receive_form(context: Context, principal: Principal, request: Request, most_files: int = 1) -> Sent:
    """The files straight to their places; whatever goes wrong, nothing of them stays."""
    content_type, length = request.headers.get("content-type", ""), request.headers.get("content-length")
    reader = FormReader(content_type, context.settings.max_body_bytes, most_files)
    known = length if most_files == 1 else None
    expected = await run_in_threadpool(_expected, context, principal, known)
    reception = _Reception(context, principal, expected)
    async with incoming(request, context.settings.upload_patience_seconds) as body:
        try:
            uploads = await reception.carry_out(reader, body)
        except BaseException:
            await reception.undo()
            raise
    return Sent(uploads, reader.fields)


def _expected(context: Context, principal: Principal, length: str | None) -> int:
    """How much to set aside; a file that cannot fit is refused before its first byte. The form around it is small."""
    if length is None:
        return STEP
    limits = service.limits(context, principal.organisation)
    service.check_size(limits, int(length) - context.settings.max_body_bytes)
    return min(int(length), limits.max_upload_bytes)


class _Reception:
    def __init__(self, context: Context, principal: Principal, expected: int) -> None:
        self._context = context
        self._principal = principal
        self._expected = expected
        self._begun: list[str] = []
        self._whole: list[Upload] = []
        self._file = AsyncExitStack()
        """What is held open for the file that comes in now."""

    async def carry_out(self, reader: FormReader, body: Incoming) -> list[Upload]:
        to: Receiver | None = None
        async with self._file:
            while (data := await body.next()) is not None:
                for piece in reader.feed(data):
                    if isinstance(piece, FileBegins):
                        await self._end(to)
                        to = await self._begin(piece.filename)
                    elif to:
                        await self._take(to, piece)
            reader.end()
            await self._end(to)
        if not self._whole:
            raise missing(FILE)
        return self._whole

    async def undo(self) -> None:
        for upload in self._begun:
            await run_in_threadpool(service.remove, self._context, self._principal.organisation, upload)

    async def _begin(self, filename: str) -> Receiver:
        new = NewUpload(filename, self._expected, resumable=False)
        upload = await run_in_threadpool(service.create, self._context, self._principal, new)
        self._begun.append(upload.id)
        hold = await self._file.enter_async_context(
            held(self._context, self._principal.organisation, upload.id)
        )
        return await self._file.enter_async_context(receiver(hold))

    async def _end(self, to: Receiver | None) -> None:
        if to:
            await to.end_here()
            await self._file.aclose()
            self._whole.append(to.upload)

    async def _take(self, to: Receiver, piece: bytes) -> None:
        while to.offset + len(piece) > to.upload.size:
            await run_in_threadpool(service.grow, self._context, to.upload, STEP)
        await to.take(piece)
        await to.note()


def missing(field: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", field), "msg": "Field required", "type": "missing"}])
