"""The gRPC server: beside the HTTP one, in the same process and loop, on a port of its own."""

from __future__ import annotations

import asyncio

import grpc
from fastapi import FastAPI
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2_grpc

from dubline.service.events.hub import MOST_LISTENERS
from dubline.service.listening import refuse_taken
from dubline.service.rpc.calls import served
from dubline.service.rpc.health import Health
from dubline.service.rpc.jobs import METHODS
from dubline.service.rpc.reflection import NAME as REFLECTION
from dubline.service.rpc.reflection import Reflection
from dubline.service.settings import ServiceSettings
from dubline.v1 import jobs_pb2

GRACE = 5.0
"""Seconds that calls under way have to end."""

MOST_CALLS = MOST_LISTENERS + 1000
"""At once. Those who watch leave room for those who ask."""

JOBS = jobs_pb2.DESCRIPTOR.services_by_name["Jobs"]
SERVICES = (JOBS.full_name, health.SERVICE_NAME, REFLECTION)


def options(settings: ServiceSettings) -> list[tuple[str, int]]:
    return [
        ("grpc.so_reuseport", 0),  # two servers on one port would each get half of the calls
        ("grpc.max_receive_message_length", settings.max_body_bytes),
        ("grpc.max_concurrent_streams", 1000),
        ("grpc.max_metadata_size", 16 << 10),
        ("grpc.keepalive_time_ms", 30_000),  # a peer that vanished is noticed, and what it held is freed
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
    ]


class RpcServer:
    def __init__(self, app: FastAPI, settings: ServiceSettings, port: int) -> None:
        self._app, self._settings = app, settings
        refuse_taken(settings.host, port, "--grpc-port")
        self._host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self.port = port
        """Once it has begun, the one that is listened on; before that it may be nought: any."""

    def start(self) -> None:
        self._server = grpc.aio.server(options=options(self._settings), maximum_concurrent_rpcs=MOST_CALLS)
        self._register()
        self.port = self._server.add_insecure_port(f"{self._host}:{self.port}")
        self._starting = asyncio.create_task(self._server.start())

    def _register(self) -> None:
        methods = {
            method.name: served(self._app, f"/{JOBS.full_name}/{method.name}", METHODS[method.name])
            for method in JOBS.methods
        }
        handlers = grpc.method_handlers_generic_handler(JOBS.full_name, methods)
        self._server.add_generic_rpc_handlers((handlers,))
        reflected = Reflection(self._app, SERVICES)
        reflection_pb2_grpc.add_ServerReflectionServicer_to_server(reflected, self._server)
        healthy = Health(self._app.state.readiness, SERVICES)
        health_pb2_grpc.add_HealthServicer_to_server(healthy, self._server)

    async def stop(self) -> None:
        await self._starting
        await self._server.stop(GRACE)
