"""Each event once and in order, whatever becomes of the line."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from dubline.client import Client, NotAllowed, NotFound
from dubline.client.events import blocks
from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.storage.tables import Job, Key
from tests.client.line import BreakingLine, Fate


@pytest.fixture
def told(context: Context, accepted: Callable[..., str]) -> str:
    """A job of which three hundred things were told, and which has ended."""
    job_id = accepted()
    with context.database.writing() as session:
        job = session.get_one(Job, job_id)
        for number in range(300):
            record(session, job, Kind.PROGRESS, {"detail": f"line\u2028{number}\x85"})
        job.status = "completed"
        record(session, job, Kind.COMPLETED)
    return job_id


def test_broken_lines(client: Client, line: BreakingLine, told: str) -> None:
    chance = random.Random(3)
    line.fates.extend(Fate(down=chance.randint(0, 6_000)) for _ in range(12))
    events = list(client.watch(told))
    assert [event.number for event in events] == list(range(1, 303))
    assert (events[0].kind, events[-1].kind, events[-1].status) == (
        "job.created",
        "job.completed",
        "completed",
    )
    assert events[100].data["detail"] == "line\u202899\x85"
    assert not line.fates


def test_from_where_one_was(client: Client, told: str) -> None:
    assert [event.number for event in client.watch(told, after=300)] == [301, 302]
    assert list(client.watch(told, after=302)) == []


def test_a_job_that_is_not_there(client: Client) -> None:
    with pytest.raises(NotFound):
        list(client.watch("job_nowhere"))


def test_a_key_that_is_revoked_meanwhile(
    line: BreakingLine, context: Context, person: Callable[..., object], accepted: Callable[..., str]
) -> None:
    from dubline.service.access.principal import Principal
    from dubline.service.access.roles import Role

    who = person()
    job = accepted(Principal(who.organisation, who.user, Role.ADMIN))  # type: ignore[attr-defined]
    with Client(line.url, who.secret) as client:  # type: ignore[attr-defined]
        stream = client.watch(job)
        assert next(stream).number == 1
        with context.database.writing() as session:
            session.query(Key).update({"revoked_at": 1.0})
        with pytest.raises(NotAllowed):
            next(stream)


def test_messages_cut_anywhere() -> None:
    whole = 'id: 1\nevent: job.x\ndata: {"a":"ü\u2028"}\n\n: still here\n\n'.encode()
    for size in range(1, len(whole)):
        pieces = (whole[at : at + size] for at in range(0, len(whole), size))
        assert list(blocks(pieces)) == [
            ["id: 1", "event: job.x", 'data: {"a":"ü\u2028"}'],
            [": still here"],
        ]
