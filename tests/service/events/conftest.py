"""A job whose events the test writes itself, and clients that read them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import update

from dubline.service.access.local import ORGANISATION, USER
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.service.jobs import service
from dubline.service.jobs.service import NewJob
from dubline.service.settings import Limits
from dubline.service.uploads import service as uploads
from dubline.storage.tables import Job

LOCAL = Principal(ORGANISATION, USER, Role.ADMIN)


@dataclass(frozen=True)
class Story:
    """A job and what is said to happen to it."""

    context: Context
    job: str

    def tell(self, count: int, kind: Kind = Kind.PROGRESS) -> None:
        with self.context.database.writing() as session:
            job = session.get_one(Job, self.job)
            for _ in range(count):
                record(session, job, kind, {"stages": [{"name": "synthesis", "progress": job.events / 1e6}]})

    def end(self) -> None:
        with self.context.database.writing() as session:
            session.execute(update(Job).where(Job.id == self.job).values(status="completed", progress=1.0))
        self.tell(1, Kind.COMPLETED)

    def remove(self) -> None:
        with self.context.database.writing() as session:
            service.remove(session, session.get_one(Job, self.job))


@pytest.fixture
def story(context: Context) -> Callable[..., Story]:
    def begin(principal: Principal = LOCAL) -> Story:
        with context.database.writing() as session:
            upload = uploads.begin(session, principal, "talk.wav", 1, 1.0)
            session.flush()
            new = NewJob(upload, "dub", "talk", ("es",), {}, 1.0, 1.0)
            return Story(context, service.create(session, principal, new, Limits()).id)

    return begin


@dataclass(frozen=True)
class Heard:
    id: int
    kind: str
    data: dict[str, object]


def heard(response: httpx.Response) -> Iterator[Heard]:
    """What a browser would make of the stream."""
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif "data" in fields:
            yield Heard(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}
        else:
            fields = {}


@pytest.fixture
def socket_url(server: str) -> Callable[[str], str]:
    return lambda rest: server.replace("http://", "ws://") + "/api/v1" + rest
