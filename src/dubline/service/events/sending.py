"""Streams on the wire. Whoever listens may go, stall, or lose the right to: each time everything of theirs ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import suppress
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from dubline.service.events.hub import Hub
from dubline.service.events.listener import Listener, Reason

RETRY_MS = 2000
"""What a browser waits before it comes back."""

GRACE = 2.0
"""Seconds for the last words to somebody who may be reading no more."""

CODES = {Reason.SLOW: 4008, Reason.REVOKED: 4401, Reason.DELETED: 4404, Reason.CLOSING: 1012}
"""Why a socket was closed by us; 1000 where all was said."""


async def carry(sending: Coroutine[Any, Any, None], gone: Awaitable[None], listener: Listener) -> None:
    """Send until all is said, or the client is gone, or it has to go and does not."""
    talk, left, end = (asyncio.ensure_future(each) for each in (sending, gone, listener.ended()))
    tasks = (talk, left, end)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if end.done() and not left.done():
            await asyncio.wait((talk, left), timeout=GRACE, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    if isinstance(results[0], Exception) and not isinstance(results[0], WebSocketDisconnect | OSError):
        raise results[0]


class EventStream(Response):
    """Server-sent events."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, listener: Listener, chunks: AsyncIterator[bytes]) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._listener = listener
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            await carry(self._talk(send), _disconnected(receive), self._listener)
        finally:
            self._hub.leave(self._listener)

    async def _talk(self, send: Send) -> None:
        async for chunk in self._chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def talk_over(
    socket: WebSocket, hub: Hub, listener: Listener, frames: AsyncIterator[list[str]]
) -> None:
    async def talk() -> None:
        async for some in frames:
            for frame in some:
                await socket.send_text(frame)

    try:
        await carry(talk(), _hung_up(socket), listener)
    finally:
        hub.leave(listener)
    if socket.client_state is WebSocketState.CONNECTED:
        code = CODES[listener.reason] if listener.reason else 1000
        with suppress(RuntimeError, WebSocketDisconnect, OSError):
            await asyncio.wait_for(socket.close(code, listener.reason), GRACE)


async def _hung_up(socket: WebSocket) -> None:
    """Whatever else a client says is not for us."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
