"""What every gRPC server is asked for: health and reflection."""

from __future__ import annotations

import time
from collections.abc import Callable

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from dubline.service.context import Context
from dubline.service.rpc.server import SERVICES
from tests.service.conftest import Person
from tests.service.rpc.clients import bearer, refused

Serving = health_pb2.HealthCheckResponse


def test_health_is_what_readyz_says(channel: grpc.Channel, context: Context, server: str) -> None:
    import httpx

    health = health_pb2_grpc.HealthStub(channel)
    ready = httpx.get(f"{server}/readyz").status_code == 200
    expected = Serving.SERVING if ready else Serving.NOT_SERVING
    for service in "", "dubline.v1.Jobs":
        asked = health_pb2.HealthCheckRequest(service=service)
        assert health.Check(asked, timeout=20).status == expected
    nobody = health_pb2.HealthCheckRequest(service="nobody")
    assert refused(lambda: health.Check(nobody, timeout=20)).status is grpc.StatusCode.NOT_FOUND
    watching = health.Watch(health_pb2.HealthCheckRequest(service="dubline.v1.Jobs"), timeout=60)
    assert next(watching).status == expected
    context.draining.set()
    if ready:
        assert next(watching).status == Serving.NOT_SERVING
    time.sleep(1.1)  # an answer holds for a second
    assert health.Check(health_pb2.HealthCheckRequest(), timeout=20).status == Serving.NOT_SERVING
    watching.cancel()


def test_reflection_tells_who_has_a_key_all_that_is_served(
    channel: grpc.Channel, person: Callable[..., Person]
) -> None:
    reflected = reflection_pb2_grpc.ServerReflectionStub(channel)
    asked = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="dubline.v1.Jobs"),
    ]
    assert (
        refused(lambda: next(reflected.ServerReflectionInfo(iter(asked), timeout=20))).code == "key_missing"
    )
    told = list(reflected.ServerReflectionInfo(iter(asked), metadata=bearer(person()), timeout=20))
    assert {each.name for each in told[0].list_services_response.service} == set(SERVICES)
    assert told[1].file_descriptor_response.file_descriptor_proto
