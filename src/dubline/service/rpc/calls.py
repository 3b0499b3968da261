"""One call on its way: who is it, may they, what do they want; and what they hear where it is refused.

Each method gets its caller before it reads a word of the message, whether it replies once or many times: a stranger
can make nobody wait for the rest of a message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import unquote

import grpc
import structlog
from fastapi import FastAPI
from google.protobuf.message import Message
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from dubline.domain.errors import DublineError
from dubline.service.access.door import allowed
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.audit.log import Action
from dubline.service.context import Context, context_of
from dubline.service.events.sending import GRACE
from dubline.service.gate import records
from dubline.service.problem import ServiceError, bug, status_of
from dubline.service.rpc import messages, passing
from dubline.service.rpc.refusals import refusal_of

MESSAGE_SECONDS = 20.0
"""In which the message must be here."""

HEADERS = frozenset({"authorization", "x-api-key", "origin", "traceparent"})
"""What of the metadata is heard. No cookies: nobody's browser speaks gRPC."""

Sent = TypeVar("Sent", bound=Message)
Wire = grpc.aio.ServicerContext[bytes, bytes]

log = structlog.get_logger()


@dataclass(frozen=True)
class Call:
    """Somebody who may."""

    connection: HTTPConnection
    principal: Principal
    send: Callable[[Message], Awaitable[None]]

    @property
    def context(self) -> Context:
        return context_of(self.connection)


@dataclass(frozen=True)
class Method(Generic[Sent]):
    """What a method needs, what it is sent and what it does."""

    operation: Operation
    sent: type[Sent]
    work: Callable[[Call, Sent], Awaitable[None]]


def once(operation: Operation, sent: type[Sent]) -> Callable[[Callable[[Call, Sent], Message]], Method[Sent]]:
    """A method that replies once, and is no coroutine."""

    def made(work: Callable[[Call, Sent], Message]) -> Method[Sent]:
        async def reply(call: Call, message: Sent) -> None:
            await call.send(await run_in_threadpool(work, call, message))

        return Method(operation, sent, reply)

    return made


def often(
    operation: Operation, sent: type[Sent]
) -> Callable[[Callable[[Call, Sent], Awaitable[None]]], Method[Sent]]:
    """A method that replies as often as it likes."""
    return lambda work: Method(operation, sent, work)


def served(app: FastAPI, path: str, method: Method[Message]) -> grpc.RpcMethodHandler[bytes, bytes]:
    """On the wire one message is a stream of one."""

    async def serve(_messages: object, wire: Wire) -> None:
        connection = connection_of(app, path, wire)
        with passing.seen(connection) as passage:
            try:
                await _answer(connection, method, wire)
            except Exception as error:  # noqa: BLE001 - told, and logged where it is a bug
                await refuse(connection, wire, passage, error)

    return grpc.stream_stream_rpc_method_handler(serve)


async def _answer(connection: HTTPConnection, method: Method[Message], wire: Wire) -> None:
    principal = await allowed(connection, method.operation)
    message = messages.read(method.sent, await _received(wire))
    connection.scope["path_params"] = _ids(message)

    async def send(reply: Message) -> None:
        await wire.write(reply.SerializeToString())

    await method.work(Call(connection, principal, send), message)


async def _received(wire: Wire) -> bytes:
    try:
        found = await asyncio.wait_for(wire.read(), MESSAGE_SECONDS)
    except TimeoutError:
        raise ServiceError(
            408, "body_too_slow", "The rest of this request did not come in time.", hint="Send it again."
        ) from None
    if not isinstance(found, bytes):
        raise ServiceError(
            400,
            "message_missing",
            "There was no message in this call.",
            hint="Send one message of the kind that the .proto file names.",
        )
    return found


def _ids(message: Message) -> dict[str, str]:
    return {field.name: value for field, value in message.ListFields() if field.name.endswith("_id")}


async def refuse(connection: HTTPConnection, wire: Wire, passage: passing.Passage, error: Exception) -> None:
    if not isinstance(error, DublineError):
        log.error("call failed", exc_info=error)
        error = bug()
    connection.state.problem = error.code
    status = status_of(error)
    if status in records.REFUSED:
        await run_in_threadpool(records.note, connection, Action.REFUSED, status)
    refusal = refusal_of(error, connection.state.trace_id)
    passage.code = refusal.code.name
    try:
        await asyncio.wait_for(wire.abort(refusal.code, refusal.message, refusal.metadata), GRACE)
    except TimeoutError:
        # It waits behind what the other side does not read. Left to itself the call is reset.
        raise asyncio.CancelledError from None


@dataclass(frozen=True)
class Route:
    path: str


def connection_of(app: FastAPI, path: str, wire: Wire) -> HTTPConnection:
    """The call as what it is, a POST over HTTP/2: the door, the limits and the audit log see no difference."""
    said = wire.invocation_metadata() or ()
    headers = [(name.encode(), _bytes(value)) for name, value in said if name in HEADERS]
    client = _address(wire.peer())
    return HTTPConnection(
        {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "server": ("localhost", None),
            "path": path,
            "query_string": b"",
            "headers": headers,
            "client": client,
            "app": app,
            "state": {},
            "route": Route(path),
            "path_params": {},
        }
    )


def _bytes(value: str | bytes) -> bytes:
    return value.encode("latin-1", "replace") if isinstance(value, str) else value


def _address(peer: str) -> tuple[str, int] | None:
    """gRPC writes ipv4:127.0.0.1:5 and ipv6:%5B::1%5D:5."""
    kind, _, place = unquote(peer).partition(":")
    host, _, port = place.rpartition(":")
    with suppress(ValueError):
        return (host.strip("[]"), int(port)) if kind.startswith("ip") else None
    return None
