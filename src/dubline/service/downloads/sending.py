"""A file over HTTP: whole or in ranges, from one descriptor that was opened before the first header."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dubline.service.downloads import ranges
from dubline.service.problem import ServiceError

CHUNK = 256 << 10


@dataclass(frozen=True)
class Part:
    """What goes before some bytes of the file, and the bytes."""

    head: bytes
    start: int
    end: int


def reply(request: Request, descriptor: int, headers: Mapping[str, str], version: str) -> Response:
    """Closes the descriptor once the reply is sent; where this raises, it is the caller's still."""
    etag = f'"{version}"'
    size = os.fstat(descriptor).st_size
    told = {**headers, "ETag": etag, "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache"}
    if known(request, etag):
        os.close(descriptor)
        return Response(status_code=304, headers=told)
    asked = request.headers.get("range")
    if asked and request.headers.get("if-range", etag) != etag:
        asked = None
    try:
        pieces = ranges.wanted(asked, size)
    except ranges.Unsatisfiable:
        raise ServiceError(
            416,
            "range_unsatisfiable",
            f"The file has {size} bytes.",
            hint="Ask for bytes that the file has, or leave out Range.",
            headers={"Content-Range": f"bytes */{size}"},
        ) from None
    status, parts = _parts(pieces, size, told)
    return FileReply(descriptor, parts, status, told)


def known(request: Request, etag: str) -> bool:
    """Whether the client has this very version already."""
    said = request.headers.get("if-none-match", "")
    return said.strip() == "*" or etag in {each.strip().removeprefix("W/") for each in said.split(",")}


def _parts(pieces: list[tuple[int, int]], size: int, headers: dict[str, str]) -> tuple[int, list[Part]]:
    if not pieces:
        return 200, [Part(b"", 0, size)]
    if len(pieces) == 1:
        ((start, end),) = pieces
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        return 206, [Part(b"", start, end)]
    boundary, inner = secrets.token_hex(12), headers["Content-Type"]
    headers["Content-Type"] = f"multipart/byteranges; boundary={boundary}"
    parts = [
        Part(
            f"\r\n--{boundary}\r\nContent-Type: {inner}\r\n"
            f"Content-Range: bytes {start}-{end - 1}/{size}\r\n\r\n".encode("latin-1"),
            start,
            end,
        )
        for start, end in pieces
    ]
    return 206, [*parts, Part(f"\r\n--{boundary}--\r\n".encode(), 0, 0)]


class FileReply(Response):
    def __init__(self, descriptor: int, parts: list[Part], status: int, headers: Mapping[str, str]) -> None:
        super().__init__(status_code=status, headers=dict(headers))
        self.headers["content-length"] = str(sum(len(part.head) + part.end - part.start for part in parts))
        self._descriptor = descriptor
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        talk = asyncio.ensure_future(self._talk(send, bodiless=scope["method"] == "HEAD"))
        left = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((talk, left), return_when=asyncio.FIRST_COMPLETED)
        finally:
            talk.cancel()
            left.cancel()
            results = await asyncio.gather(talk, left, return_exceptions=True)
            os.close(self._descriptor)
        if isinstance(results[0], Exception) and not isinstance(results[0], ConnectionError):
            raise results[0]

    async def _talk(self, send: Send, bodiless: bool) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for part in () if bodiless else self._parts:
            if part.head:
                await _more(send, part.head)
            for at in range(part.start, part.end, CHUNK):
                await _more(send, await self._read(at, min(CHUNK, part.end - at)))
        await send({"type": "http.response.body", "body": b""})

    async def _read(self, at: int, count: int) -> bytes:
        """Shielded: a descriptor must not be closed while a thread reads from it."""
        reading = asyncio.ensure_future(asyncio.to_thread(os.pread, self._descriptor, count, at))
        try:
            return await asyncio.shield(reading)
        except asyncio.CancelledError:
            await reading
            raise


async def _more(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
