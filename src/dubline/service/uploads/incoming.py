"""A request's body as it arrives, with an eye on the sender: gone, or only pretending to send?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from starlette.types import Message

from dubline.service.problem import ServiceError

LOOK = 0.25
"""Seconds without bytes after which the receiver looks around: somebody else may want to go on with its upload."""

LEAST = 16 << 10
"""Bytes that must come within a sender's patience. Anybody with a modem brings more."""

CLOSE = {"Connection": "close"}
"""The rest of the body is not waited for."""


class SenderGone(ServiceError):
    def __init__(self) -> None:
        super().__init__(
            400,
            "sender_gone",
            "The sender went away before everything was here.",
            hint="Ask for the offset with HEAD and go on from there, or send it again.",
        )


class SenderTooSlow(ServiceError):
    def __init__(self, patience: float) -> None:
        super().__init__(
            408,
            "upload_too_slow",
            f"Next to nothing came for {patience:g} seconds.",
            hint="Resumable uploads go on where they stood; others start again.",
            headers=CLOSE,
        )


class Incoming:
    def __init__(self, request: Request, patience: float) -> None:
        self._request = request
        self._patience = patience
        self._more = True
        self._pending: asyncio.Task[Message] | None = None
        self._waited = 0.0
        self._came = 0

    async def next(self) -> bytes | None:
        """More of the body; nothing, if it is time to look around; None, once all is here."""
        if not self._more:
            return None
        message = await self._message()
        if message is None:
            return b""
        if message["type"] == "http.disconnect":
            raise SenderGone
        self._more = bool(message.get("more_body", False))
        body: bytes = message.get("body", b"")
        self._weigh(len(body))
        return body

    def close(self) -> None:
        if self._pending:
            self._pending.cancel()

    async def _message(self) -> Message | None:
        """The receiving goes on in a task of its own: broken off half-way it could lose bytes."""
        if self._pending is None:
            self._pending = asyncio.ensure_future(self._request.receive())
        began = time.monotonic()
        done, _ = await asyncio.wait({self._pending}, timeout=LOOK)
        self._waited += time.monotonic() - began
        if not done:
            self._weigh(0)
            return None
        pending, self._pending = self._pending, None
        return pending.result()

    def _weigh(self, came: int) -> None:
        """Only waiting counts: a slow disk of ours is not the sender's fault."""
        self._came += came
        if self._came >= LEAST or not self._more:
            self._came, self._waited = 0, 0.0
        elif self._waited > self._patience:
            raise SenderTooSlow(self._patience)


@asynccontextmanager
async def incoming(request: Request, patience: float) -> AsyncIterator[Incoming]:
    made = Incoming(request, patience)
    try:
        yield made
    finally:
        made.close()
