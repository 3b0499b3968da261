"""Who may listen, and for how long."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import update
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.events import tickets
from dubline.storage.tables import Key, Table, Ticket, User
from tests.service.conftest import Person
from tests.service.events.conftest import Story, heard

PROMISED = 5.0
"""Seconds from a revocation to the end of the last stream."""


def _of(one: Person) -> Principal:
    return Principal(one.organisation, one.user, Role.ADMIN)


LOSSES = {
    "key revoked": (Key, {"revoked_at": 1.0}),
    "key expired": (Key, {"expires_at": 1.0}),
    "person locked out": (User, {"disabled_at": 1.0}),
    "role taken away": (User, {"role": "viewer"}),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_open_streams_end_with_the_right_to_them(
    loss: str,
    context: Context,
    person: Callable[..., Person],
    story: Callable[..., Story],
    socket_url: Callable[[str], str],
) -> None:
    somebody = person(Role.ADMIN)
    one = story(_of(somebody))
    table, change = LOSSES[loss]
    headers = {"Authorization": f"Bearer {somebody.secret}"}
    with (
        somebody.client.stream("GET", f"/jobs/{one.job}/events") as response,
        somebody.client.stream("GET", "/events?after=0") as of_all,
        connect(socket_url(f"/jobs/{one.job}/progress?after=0"), additional_headers=headers) as socket,
    ):
        told, everything = heard(response), heard(of_all)
        assert next(told).id == next(everything).data["number"] == 1
        assert socket.recv()
        _change(context, table, change, somebody)
        started = time.monotonic()
        assert list(told) == list(everything) == []
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv()
    assert time.monotonic() - started < PROMISED
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def _change(context: Context, table: type[Table], change: dict[str, object], whose: Person) -> None:
    column = Key.user_id if table is Key else User.id
    with context.database.writing() as session:
        session.execute(update(table).where(column == whose.user).values(**change))


def test_a_ticket_opens_one_stream_once(
    server: str,
    person: Callable[..., Person],
    story: Callable[..., Story],
    socket_url: Callable[[str], str],
) -> None:
    somebody = person(Role.VIEWER)
    one, another = story(_of(somebody)), story(_of(somebody))
    one.end()
    made = somebody.client.post(f"/jobs/{one.job}/stream-ticket")
    assert made.status_code == 201
    ticket = made.json()["ticket"]
    wrong = httpx.get(f"{server}/api/v1/jobs/{another.job}/events?ticket={ticket}")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "ticket_invalid")
    with httpx.stream("GET", f"{server}/api/v1/jobs/{one.job}/events?ticket={ticket}") as response:
        assert [each.id for each in heard(response)] == [1, 2]
    again = httpx.get(f"{server}/api/v1/jobs/{one.job}/events?ticket={ticket}")
    assert (again.status_code, again.json()["code"]) == (401, "ticket_invalid")
    ticket = somebody.client.post(f"/jobs/{one.job}/stream-ticket").json()["ticket"]
    with connect(socket_url(f"/jobs/{one.job}/progress?after=0&ticket={ticket}")) as socket:
        assert len(list(socket)) == 2
    with pytest.raises(InvalidStatus):
        connect(socket_url(f"/jobs/{one.job}/progress?after=0&ticket={ticket}"))


def test_a_ticket_is_good_for_a_minute_and_opens_nothing_else(
    server: str, context: Context, person: Callable[..., Person], story: Callable[..., Story]
) -> None:
    somebody = person(Role.VIEWER)
    one = story(_of(somebody))
    made = somebody.client.post(f"/jobs/{one.job}/stream-ticket").json()
    with context.database.reading() as session:
        row = session.query(Ticket).one()
        assert made["ticket"] not in (row.digest, row.job_id)
        assert row.expires_at == pytest.approx(time.time() + tickets.SECONDS, abs=5)
    with context.database.writing() as session:
        session.execute(update(Ticket).values(expires_at=time.time() - 1))
    late = httpx.get(f"{server}/api/v1/jobs/{one.job}/events", params={"ticket": made["ticket"]})
    assert (late.status_code, late.json()["code"]) == (401, "ticket_invalid")


def test_a_page_of_another_site_opens_no_socket_without_a_key(
    story: Callable[..., Story], socket_url: Callable[[str], str]
) -> None:
    one = story()
    with pytest.raises(InvalidStatus) as refused:
        connect(
            socket_url(f"/jobs/{one.job}/progress"), additional_headers={"Origin": "https://evil.example"}
        )
    assert refused.value.response.status_code == 403
