"""Which messages a server takes, and when another may take them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import httpx
from sqlalchemy import select

from dubline.service.context import Context
from dubline.service.hooks import claiming
from dubline.service.hooks.claiming import Bounds
from dubline.service.hooks.deliverer import Deliverer
from dubline.storage.tables import Hook, Message
from tests.service.hooks.conftest import Clock, hook_to, settle
from tests.service.hooks.receiver import Receiver, Reply

Delivery = Callable[..., Deliverer]
WIDE = Bounds(endpoint=100, organisation=100)


def pinged(client: httpx.Client, url: str, count: int) -> dict[str, str]:
    hook = hook_to(client, url, kinds=["hook.ping"])
    for _ in range(count):
        client.post(f"/hooks/{hook['id']}/ping")
    return hook


def taken(context: Context, now: float, room: int = 100, bounds: Bounds = WIDE) -> list[str]:
    with context.database.writing() as session:
        return [parcel.message for parcel in claiming.claim(session, now, room, bounds)]


def test_what_one_server_took_no_other_takes_until_the_lease_runs_out(
    client: httpx.Client, context: Context, receiver: Receiver
) -> None:
    pinged(client, receiver.url(), 5)
    now = time.time()
    first, second = taken(context, now, room=2), taken(context, now)
    assert (len(first), len(second)) == (2, 3)
    assert not set(first) & set(second)
    assert taken(context, now + WIDE.lease - 1) == []
    assert set(taken(context, now + WIDE.lease)) == {*first, *second}


def test_one_that_fails_is_tried_once_at_a_time(
    client: httpx.Client, context: Context, receiver: Receiver, delivery: Delivery
) -> None:
    """All twelve fall due at the same moment, again and again."""
    pinged(client, receiver.url(), 12)
    receiver.manner = lambda _: time.sleep(0.02) or Reply(500)
    clock = Clock(time.time())
    deliverer = delivery(clock=clock, spread=lambda: 0.0)
    settle(deliverer)
    receiver.at_once = 0
    for wait in (5, 300):
        clock.now += wait
        assert settle(deliverer) == 12
    assert receiver.at_once == 1


def test_hooks_of_many_jobs_with_one_receiver_count_as_one(
    client: httpx.Client, context: Context, receiver: Receiver
) -> None:
    for _ in range(5):
        pinged(client, receiver.url(), 3)
    now = time.time()
    assert len(taken(context, now, bounds=Bounds())) == Bounds().endpoint
    with context.database.writing() as session:
        for hook in session.scalars(select(Hook)):
            hook.failing_since = now
    later = now + Bounds().lease
    assert len(taken(context, later, bounds=Bounds())) == 1
    assert taken(context, later, bounds=Bounds()) == []


def test_failing_receivers_leave_places_for_the_others(
    client: httpx.Client, context: Context, receiver: Receiver
) -> None:
    for number in range(6):
        pinged(client, receiver.url(f"/dead/{number}"), 1)
    with context.database.writing() as session:
        for hook in session.scalars(select(Hook)):
            hook.failing_since = time.time()
    pinged(client, receiver.url("/well"), 2)
    found = taken(context, time.time(), bounds=Bounds(failing=3))
    assert len(found) == 3 + 2


def test_what_was_on_its_way_when_the_server_stopped_waits_untried(
    client: httpx.Client, context: Context, receiver: Receiver, delivery: Delivery
) -> None:
    hook = pinged(client, receiver.url(), 1)
    over = threading.Event()
    receiver.manner = lambda _: (over.wait(30), Reply())[1]

    async def stopped_meanwhile() -> None:
        deliverer = delivery()
        deliverer.start()
        await asyncio.to_thread(receiver.heard, 1)
        await deliverer.stop()

    asyncio.run(stopped_meanwhile())
    over.set()
    with context.database.reading() as session:
        message = session.scalars(select(Message)).one()
        assert (message.status, message.tries, message.lease_until) == ("waiting", 0, 0.0)
    settle(delivery())
    assert len(set(receiver.ids())) == 1
    assert client.get(f"/hooks/{hook['id']}/messages").json()["messages"][0]["status"] == "delivered"
