"""Bodies of requests: how large, how deep, how slow they may be.

A body that a route reads whole is taken in here first, so that nothing half-received reaches a route. Files go
through piece by piece, only from somebody who is known; whoever receives them looks at their size and pace.
"""

from __future__ import annotations

import asyncio
import re

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dubline.domain.errors import DublineError
from dubline.service import problem
from dubline.service.access.door import identify
from dubline.service.gate import json_shape
from dubline.service.problem import ServiceError
from dubline.service.settings import ServiceSettings

STREAMS = (
    ("POST", re.compile(r"/api/v1/(upload|batches)")),
    ("POST|PATCH", re.compile(r"/api/v1/uploads(/[^/]*)?")),
)
"""Where files come in."""

BODY_SECONDS = 20.0
"""In which a body that is no file must be here."""


def too_large(most: int) -> ServiceError:
    message = f"The body of a request like this may have {most:,} bytes."
    return ServiceError(413, "body_too_large", message, hint="Upload large files by tus.")


class Bodies:
    def __init__(self, app: ASGIApp, *, settings: ServiceSettings) -> None:
        self._app = app
        self._most = settings.max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        try:
            received = await self._received(scope, receive)
        except DublineError as refusal:
            response = await problem.of_ours(Request(scope), refusal)
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
        else:
            await self._app(scope, received, send)

    async def _received(self, scope: Scope, receive: Receive) -> Receive:
        if is_stream(scope):
            await identify(HTTPConnection(scope))
            return receive
        if _announced(scope) > self._most:
            raise too_large(self._most)
        return _replayed(await _whole(receive, self._most, _is_json(scope)), receive)


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or _announced(scope) > 0


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else 0


def _is_json(scope: Scope) -> bool:
    return "json" in Headers(scope=scope).get("content-type", "json").lower()


def is_stream(scope: Scope) -> bool:
    """Whether a body is a file, or a form with files, rather than a document."""
    here = any(
        re.fullmatch(method, scope["method"]) and path.fullmatch(scope["path"]) for method, path in STREAMS
    )
    return here and not _is_json(scope)


async def _whole(receive: Receive, most: int, json: bool) -> bytes:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _collected(receive, most)
    except TimeoutError:
        raise ServiceError(
            408, "body_too_slow", "The rest of this request did not come in time.", hint="Send it again."
        ) from None
    if json:
        json_shape.check(body)
    return body


async def _collected(receive: Receive, most: int) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise too_large(most)
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message
