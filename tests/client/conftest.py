"""The client against a real server, over a line that can break."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from dubline.client import Client, Job
from dubline.worker.loop import Worker
from tests.client.line import BreakingLine, breaking
from tests.service.conftest import (
    ENGINES,
    accepted,
    context,
    home,
    person,
    server,
    settings,
    stub_engines,
    talk,
    uploaded,
    worker,
)
from tests.service.scripts.conftest import written

__all__ = [
    "accepted",
    "context",
    "home",
    "person",
    "server",
    "settings",
    "stub_engines",
    "talk",
    "uploaded",
    "worker",
    "written",
]


@pytest.fixture
def line(server: str) -> Iterator[BreakingLine]:
    with breaking(server) as made:
        yield made


@pytest.fixture
def client(line: BreakingLine) -> Iterator[Client]:
    with Client(line.url, patience=20) as made:
        yield made


@pytest.fixture
def dubbed(client: Client, worker: Worker, talk: object, uploaded: Callable[..., str]) -> Job:
    """A finished job."""
    asked = {"source_language": "en", "settings": {"engines": ENGINES}}
    job = client.submit(upload_id=uploaded(talk), to="es", **asked)
    assert worker.once()
    return client.job(job.id)


@pytest.fixture
def at_work(worker: Worker) -> Iterator[Callable[[], None]]:
    """`at_work()`: from now on a worker takes what comes, meanwhile."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            if not worker.once():
                over.wait(0.05)

    thread = threading.Thread(target=work, daemon=True)
    yield thread.start
    over.set()
    if thread.ident:
        thread.join(30)
