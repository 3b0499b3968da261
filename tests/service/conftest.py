"""A real server on a port of its own, a worker with stub engines, and people with keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dubline.api.workshop import workshop
from dubline.service.access.keys import issue
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.app import create_app, open_context
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.serving import Server
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Organisation, User
from dubline.worker.loop import Worker
from tests.stubbed import KINDS, make_talk, stubs_known

ENGINES = {kind.replace("-", "_"): "stub" for kind in KINDS}
"""For `settings` of a job: everything real but the models."""


@pytest.fixture(scope="package", autouse=True)
def stub_engines() -> Iterator[None]:
    with stubs_known():
        yield


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DUBLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings(data=tmp_path / "data", workers=0)


@pytest.fixture
def context(settings: ServiceSettings) -> Iterator[Context]:
    made = open_context(settings)
    yield made
    made.database.close()


@pytest.fixture
def server(context: Context) -> Iterator[str]:
    """The address of a server over HTTP, as clients meet it."""
    with served(context) as url:
        yield url


class served:  # noqa: N801 - used like a function
    def __init__(self, context: Context, *, supervised: bool = False) -> None:
        self.app = create_app(context, supervised=supervised)
        self._server = Server(self.app, port=0, lifespan="on")
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture
def client(server: str) -> Iterator[httpx.Client]:
    """Whoever sits at the machine: no key."""
    with httpx.Client(base_url=f"{server}/api/v1", timeout=30) as made:
        yield made


@dataclass(frozen=True)
class Person:
    organisation: str
    user: str
    secret: str
    client: httpx.Client


@pytest.fixture
def person(context: Context, server: str) -> Iterator[Callable[..., Person]]:
    """`person(Role.EDITOR)`: somebody with a key, in an organisation of their own or in the one that is named."""
    clients: list[httpx.Client] = []

    def make(role: Role = Role.ADMIN, organisation: str | None = None) -> Person:
        with context.database.writing() as session:
            now = time.time()
            if organisation is None:
                organisation = new_id("org")
                session.add(Organisation(id=organisation, name="Somebody's", limits={}, created_at=now))
                session.flush()
            user = User(id=new_id("usr"), organisation_id=organisation, name=role, role=role, created_at=now)
            session.add(user)
            session.flush()
            key = issue(session, user, "test")
            made = httpx.Client(
                base_url=f"{server}/api/v1", headers={"Authorization": f"Bearer {key.secret}"}, timeout=30
            )
            clients.append(made)
            return Person(organisation, user.id, key.secret, made)

    yield make
    for each in clients:
        each.close()


@pytest.fixture
def worker(context: Context) -> Iterator[Worker]:
    """Takes a task with `worker.once()`, in this process."""
    with workshop(context.work) as shop:
        yield Worker(context, shop)


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_talk(tmp_path_factory.mktemp("talk") / "talk.wav")


@pytest.fixture
def uploaded(context: Context) -> Callable[..., str]:
    """The id of a finished upload of a file, without the way over HTTP."""

    def put(path: Path, principal: Principal | None = None, name: str | None = None) -> str:
        return put_upload(context, path, principal, name)

    return put


def put_upload(context: Context, path: Path, principal: Principal | None, name: str | None) -> str:
    from dubline.service.access.local import local_principal
    from dubline.service.uploads import files, service

    with context.database.writing() as session:
        row = service.begin(session, principal or local_principal(), name or path.name, 0, 1.0)
        session.flush()
        session.expunge(row)
    place = files.path_of(context, row.id)
    place.parent.mkdir(parents=True)
    place.write_bytes(path.read_bytes())
    return service.finish(context, row).id


@pytest.fixture
def accepted(context: Context) -> Callable[..., str]:
    """The id of a job that waits in the queue, of an upload that nobody reads: for tests of what happens around
    the work."""
    from dubline.service.access.local import local_principal
    from dubline.service.jobs.service import NewJob, create
    from dubline.service.uploads import service

    def put(principal: Principal | None = None, **chosen: Any) -> str:
        who = principal or local_principal()
        with context.database.writing() as session:
            upload = service.begin(session, who, "talk.wav", 0, 1.0)
            session.flush()
            known = {"kind": "dub", "name": "talk", "targets": ("es",), "settings": {}}
            new = NewJob(upload, **{**known, "media_seconds": 1.0, "retention_days": 7.0, **chosen})
            return create(session, who, new, context.settings.limits).id

    return put
