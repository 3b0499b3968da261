"""A real gRPC server beside the HTTP one, and a channel to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from dubline.service.context import Context
from dubline.service.settings import Limits, ServiceSettings
from dubline.v1.jobs_pb2_grpc import JobsStub
from tests.service.conftest import served
from tests.service.events.conftest import story  # noqa: F401 - a fixture


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    limits = Limits(requests_per_minute=0, requests_per_minute_of_key=0)
    return ServiceSettings(data=tmp_path / "data", workers=0, grpc_port=0, require_key=True, limits=limits)


@pytest.fixture
def serving(context: Context) -> served:
    return served(context)


@pytest.fixture
def server(serving: served) -> Iterator[str]:
    with serving as url:
        yield url


@pytest.fixture
def rpc(serving: served, server: str) -> str:
    """The address of gRPC."""
    return f"127.0.0.1:{serving.app.state.rpc.port}"


@pytest.fixture
def channel(rpc: str) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(rpc) as made:
        yield made


@pytest.fixture
def jobs(channel: grpc.Channel) -> JobsStub:
    return JobsStub(channel)
