"""Every call as operators see it: a line in the log, a time measured, a span; all under one trace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import structlog
from starlette.requests import HTTPConnection

from dubline.observe import trace
from dubline.observe.trace import Trace
from dubline.service.context import context_of

log = structlog.get_logger()


@dataclass
class Passage:
    code: str = "OK"


@contextmanager
def seen(connection: HTTPConnection) -> Iterator[Passage]:
    """Every call is a task of its own, so what is set here is set for it alone."""
    path, began, passage = str(connection.scope["path"]), time.perf_counter(), Passage()
    brought = Trace.read(connection.headers.get("traceparent"))
    span = context_of(connection).spans.start(path, brought, serving=True)
    connection.state.trace_id = span.trace.id
    trace.current.set(span.trace)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(trace_id=span.trace.id)
    try:
        yield passage
    except asyncio.CancelledError:
        passage.code = "CANCELLED"
        raise
    finally:
        seconds = time.perf_counter() - began
        connection.app.state.measured.calls.labels(path, passage.code).observe(seconds)
        span.tell({"rpc.system": "grpc", "rpc.method": path, "rpc.grpc.status": passage.code})
        span.end(failed="" if passage.code == "OK" else passage.code)
        _write(connection, path, passage.code, seconds)


def _write(connection: HTTPConnection, path: str, code: str, seconds: float) -> None:
    problem = getattr(connection.state, "problem", None)
    with suppress(BrokenPipeError):  # nobody reads our log any more, and that is no fault of the call
        log.info(
            "call",
            method=path,
            status=code,
            ms=round(seconds * 1000, 1),
            **({"code": problem} if problem else {}),
        )
