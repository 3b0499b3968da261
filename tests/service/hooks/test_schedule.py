"""When a message that was not taken is tried again; nobody waits for real."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from email.utils import format_datetime

import httpx
import pytest
from sqlalchemy import func, select

from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.service.hooks.deliverer import Deliverer
from dubline.service.hooks.schedule import DELAYS, JITTER, next_try
from dubline.service.moments import moment
from dubline.storage.tables import AuditEntry, Hook, Job, Message, Try
from tests.service.hooks.conftest import Clock, hook_to, settle
from tests.service.hooks.receiver import Receiver, Reply

Delivery = Callable[..., Deliverer]
HOUR = 3600.0


def test_the_schedule_is_that_of_the_specification() -> None:
    assert DELAYS == (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    assert next_try(1, 100.0, lambda: 0.0) == 105.0
    assert next_try(1, 100.0, lambda: 1.0) == 105.5
    assert next_try(9, 0.0, lambda: -1.0) == 86400 * 0.9
    assert next_try(10, 0.0, lambda: 0.0) is None


@pytest.mark.parametrize("events", [60, pytest.param(1000, marks=pytest.mark.nightly)])
def test_w3_a_receiver_that_is_down_for_six_hours_gets_everything(
    events: int,
    client: httpx.Client,
    context: Context,
    accepted: Callable[..., str],
    receiver: Receiver,
    delivery: Delivery,
) -> None:
    hook_to(client, receiver.url(), kinds=["job.progress"])
    job = accepted()
    for _ in range(events):
        with context.database.writing() as session:
            record(session, session.get_one(Job, job), Kind.PROGRESS)
    clock = Clock(time.time())
    deliverer, back = delivery(clock=clock), clock.now + 6 * HOUR
    receiver.manner = lambda _: Reply(503 if clock.now < back else 204)
    receiver.at_once = 0
    asyncio.run(deliverer.round())
    assert receiver.at_once <= 4
    receiver.at_once = 0
    while (due := next_due(context)) is not None:
        clock.now = max(clock.now, due)
        settle(deliverer)
        if clock.now < back:
            assert receiver.at_once == 1, "one at a time while it fails"
    taken = [each.id for each in receiver.received]
    assert len(set(taken)) == events
    with context.database.reading() as session:
        assert set(session.scalars(select(Message.status))) == {"delivered"}
        assert session.scalar(select(Hook.failing_since)) is None
    for message in set(taken):
        assert_on_schedule(context, message)


def next_due(context: Context) -> float | None:
    with context.database.reading() as session:
        return session.scalar(select(func.min(Message.due_at)).where(Message.status == "waiting"))


def assert_on_schedule(context: Context, message: str) -> None:
    with context.database.reading() as session:
        moments = session.scalars(select(Try.at).where(Try.message_id == message).order_by(Try.id)).all()
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert len(gaps) == 5
    for gap, delay in zip(gaps, DELAYS, strict=False):
        assert delay * (1 - JITTER) <= gap <= delay * (1 + JITTER) + 0.001, (gap, delay)


def test_after_the_last_try_it_is_given_up_and_can_be_replayed(
    client: httpx.Client, context: Context, receiver: Receiver, delivery: Delivery
) -> None:
    hook = hook_to(client, receiver.url())
    receiver.manner = lambda _: Reply(500)
    message = client.post(f"/hooks/{hook['id']}/ping").json()
    clock = Clock(time.time())
    deliverer = delivery(clock=clock)
    while (due := next_due(context)) is not None:
        clock.now = max(clock.now, due)
        settle(deliverer)
    assert len(receiver.received) == 10
    whole = client.get(f"/hooks/{hook['id']}/messages/{message['id']}").json()
    assert (whole["message"]["status"], len(whole["deliveries"])) == ("failed", 10)
    receiver.manner = lambda _: Reply()
    assert client.post(f"/hooks/{hook['id']}/replay", json={"message_id": message["id"]}).status_code == 202
    settle(delivery())
    assert receiver.ids() == [message["id"]] * 11


def test_who_fails_for_five_days_is_disabled_and_the_owner_told(
    client: httpx.Client, context: Context, receiver: Receiver, delivery: Delivery
) -> None:
    dead = hook_to(client, receiver.url("/dead"))
    receiver.manner = lambda received: Reply(500 if received.path == "/dead" else 204)
    clock = Clock(time.time())
    for _ in range(2):
        client.post(f"/hooks/{dead['id']}/ping")
        clock.now += 5 * 24 * HOUR + 1
        settle(delivery(clock=clock))
    view = client.get(f"/hooks/{dead['id']}").json()
    assert not view["enabled"]
    assert view["disabled_because"] == "Nothing was taken for 5 days."
    with context.database.reading() as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "hook.disabled")).one()
        assert told.object == dead["id"]


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_receiver_that_asks_for_rest_gets_it(
    form: str,
    client: httpx.Client,
    context: Context,
    receiver: Receiver,
    delivery: Delivery,
) -> None:
    hook = hook_to(client, receiver.url())
    clock = Clock(float(int(time.time())))
    wish = "900" if form == "seconds" else format_datetime(moment(clock.now + 900), usegmt=True)
    receiver.manner = lambda _: Reply(429, {"retry-after": wish})
    client.post(f"/hooks/{hook['id']}/ping")
    clock.now += 1
    deliverer = delivery(clock=clock)
    settle(deliverer)
    assert len(receiver.received) == 1
    client.post(f"/hooks/{hook['id']}/ping")
    clock.now += 890
    assert settle(deliverer) == 0, "nothing else is sent to it meanwhile"
    clock.now += 20
    assert settle(deliverer) >= 1


def test_one_dead_receiver_delays_nobody(
    client: httpx.Client,
    context: Context,
    accepted: Callable[..., str],
    receiver: Receiver,
    delivery: Delivery,
) -> None:
    """A hundred messages for one that does not answer lie before the one for somebody else."""
    dead = hook_to(client, receiver.url("/dead"), kinds=["hook.ping"])
    for _ in range(100):
        client.post(f"/hooks/{dead['id']}/ping")
    well = hook_to(client, receiver.url("/well"), kinds=["hook.ping"])
    client.post(f"/hooks/{well['id']}/ping")
    receiver.manner = lambda received: time.sleep(2.0) or Reply(204 if received.path == "/well" else 500)
    started = time.monotonic()
    asyncio.run(delivery().round())
    assert [each.path for each in receiver.received].count("/well") == 1
    assert [each.path for each in receiver.received].count("/dead") == 4
    assert time.monotonic() - started < 10


def test_two_servers_on_one_database_never_send_the_same(
    client: httpx.Client, receiver: Receiver, delivery: Delivery
) -> None:
    hook = hook_to(client, receiver.url())
    for _ in range(40):
        client.post(f"/hooks/{hook['id']}/ping")
    first, second = delivery(), delivery()

    async def both() -> None:
        while sum(await asyncio.gather(first.round(), second.round())):
            pass

    asyncio.run(both())
    assert sorted(receiver.ids()) == sorted(set(receiver.ids()))
    assert len(receiver.received) == 40
