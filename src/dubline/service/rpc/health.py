"""Health as gRPC's own tools ask for it: the same answer as /readyz gives, to anybody."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from dubline.service.health.readiness import FRESH, Readiness

MOST_WATCHERS = 100
"""Nobody shows a key here, so nobody shall hold us up."""

Reply = health_pb2.HealthCheckResponse
Untyped = Any
"""What gRPC's own libraries hand over; they are written without types."""


class Health(health_pb2_grpc.HealthServicer):  # type: ignore[misc]  # untyped
    def __init__(self, readiness: Readiness, names: tuple[str, ...]) -> None:
        self._readiness = readiness
        self._names = ("", *names)
        self._watchers = 0

    async def Check(self, request: Untyped, context: Untyped) -> Untyped:  # noqa: N802 - gRPC's own
        if request.service not in self._names:
            await context.abort(grpc.StatusCode.NOT_FOUND, "There is no such service.")
        return Reply(status=await self._status())

    async def Watch(self, request: Untyped, context: Untyped) -> None:  # noqa: N802 - gRPC's own
        if self._watchers >= MOST_WATCHERS:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "Too many watch already.")
        self._watchers += 1
        try:
            await self._tell(request.service in self._names, context)
        finally:
            self._watchers -= 1

    async def _tell(self, known: bool, context: Untyped) -> None:
        told = None
        while True:
            now = await self._status() if known else Reply.SERVICE_UNKNOWN
            if now != told:
                await context.write(Reply(status=now))
                told = now
            await asyncio.sleep(FRESH)

    async def _status(self) -> Untyped:
        ready = all(check.ready for check in await self._readiness.checks())
        return Reply.SERVING if ready else Reply.NOT_SERVING
