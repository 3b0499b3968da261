"""Every request as operators see it: a line in the log, a time measured, a span; all under one trace.

The outermost of all: whatever refuses a request, it is seen here.
"""

from __future__ import annotations

import time
from contextlib import suppress

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dubline.observe import trace
from dubline.observe.metrics import Traffic as Measured
from dubline.observe.spans import Spans
from dubline.observe.trace import Trace

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds for ever, by machines."""

STARTS = ("http.response.start", "websocket.http.response.start")
ACCEPTED = 101
FAILED = 500

log = structlog.get_logger()


class Traffic:
    def __init__(self, app: ASGIApp, *, measured: Measured, spans: Spans) -> None:
        self._app, self._measured, self._spans = app, measured, spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            await _Passage(scope, self._measured, self._spans).follow(self._app, receive, send)
        else:
            await self._app(scope, receive, send)


class _Passage:
    """One request on its way."""

    def __init__(self, scope: Scope, measured: Measured, spans: Spans) -> None:
        self._scope, self._measured = scope, measured
        self._began = time.perf_counter()
        self._status = FAILED
        brought = Trace.read(Headers(scope=scope).get("traceparent"))
        self._span = spans.start(self._method, brought, serving=True)

    async def follow(self, app: ASGIApp, receive: Receive, send: Send) -> None:
        """What is set here stays set for whoever logs an error of this request after us; every request has a
        context of its own."""
        self._scope.setdefault("state", {})["trace_id"] = self._span.trace.id
        trace.current.set(self._span.trace)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace_id=self._span.trace.id)

        async def sent(message: Message) -> None:
            self._note(message)
            await send(message)

        failed = ""
        try:
            await app(self._scope, receive, sent)
        except BaseException as error:
            failed = type(error).__name__
            raise
        finally:
            self._end(failed)

    @property
    def _method(self) -> str:
        method = str(self._scope.get("method", "WS"))
        return method if method in METHODS or method == "WS" else "OTHER"

    @property
    def _route(self) -> str:
        """As it was written down in the code: what stands in its places may be a secret."""
        return str(getattr(self._scope.get("route"), "path", "unmatched"))

    def _note(self, message: Message) -> None:
        if message["type"] in STARTS:
            self._status = message["status"]
        elif message["type"] == "websocket.accept":
            self._status = ACCEPTED

    def _end(self, failed: str) -> None:
        seconds, route = time.perf_counter() - self._began, self._route
        self._measured.requests.labels(self._method, route, f"{self._status // 100}xx").observe(seconds)
        self._span.name(f"{self._method} {route}")
        self._span.tell({"http.route": route, "http.response.status_code": self._status})
        self._span.end(failed=failed)
        self._write(route, seconds)

    def _write(self, route: str, seconds: float) -> None:
        write = log.debug if route in QUIET else log.info
        with suppress(BrokenPipeError):  # nobody reads our log any more, and that is no fault of the request
            write(
                "request",
                method=self._method,
                route=route,
                status=self._status,
                ms=round(seconds * 1000, 1),
                **self._code(),
            )

    def _code(self) -> dict[str, str]:
        code = self._scope.get("state", {}).get("problem")
        return {"code": code} if isinstance(code, str) else {}
