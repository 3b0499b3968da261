"""Receivers that mean no good."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
from sqlalchemy import select

from dubline.egress import Policy
from dubline.service.context import Context
from dubline.service.hooks import sending
from dubline.service.hooks.deliverer import Deliverer
from dubline.storage.tables import AuditEntry
from tests.service.hooks.conftest import hook_to, settle
from tests.service.hooks.receiver import Receiver, Reply

Delivery = Callable[..., Deliverer]


def only_delivery(client: httpx.Client, hook: dict[str, str]) -> dict[str, object]:
    (found,) = client.get(f"/hooks/{hook['id']}/deliveries").json()["deliveries"]
    return dict(found)


def ping(client: httpx.Client, hook: dict[str, str]) -> None:
    assert client.post(f"/hooks/{hook['id']}/ping").status_code == 202


def test_w5_one_that_hangs_is_cut(
    client: httpx.Client, receiver: Receiver, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty seconds, here made one."""
    assert (sending.CUT, sending.policy_for_hooks(Policy()).answer_seconds) == (20.0, 20.0)
    monkeypatch.setattr(sending, "CUT", 1.0)
    over = threading.Event()
    receiver.manner = lambda _: (over.wait(30), Reply())[1]
    hook = hook_to(client, receiver.url())
    ping(client, hook)
    started = time.monotonic()
    settle(delivery())
    over.set()
    assert time.monotonic() - started < 4
    assert only_delivery(client, hook)["error"] == "No answer within 1 seconds."


@contextmanager
def streaming(port: int) -> Iterator[list[int]]:
    """Sends a gigabyte without end in sight, and notes how much of it anybody took."""
    taken = [0]
    listening = socket.create_server(("127.0.0.1", port))

    def stream() -> None:
        connection, _ = listening.accept()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            while taken[0] < 1 << 30:
                connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
                taken[0] += 1024

    thread = threading.Thread(target=stream, daemon=True)
    thread.start()
    yield taken
    listening.close()
    thread.join(10)


def test_w5_a_gigabyte_is_not_read(
    client: httpx.Client, context: Context, receiver: Receiver, delivery: Delivery
) -> None:
    """What the kernels of both sides hold between them counts as sent; none of it is read by us."""
    receiver.server.shutdown()
    receiver.server.server_close()
    hook = hook_to(client, receiver.url())
    ping(client, hook)
    with streaming(receiver.port) as taken:
        settle(delivery())
    note = only_delivery(client, hook)
    assert (note["status_code"], note["error"]) == (200, None)
    assert note["reply"] == "x" * 1000
    assert taken[0] < 8 << 20


def test_w5_a_redirect_inward_is_not_followed(
    client: httpx.Client, receiver: Receiver, delivery: Delivery
) -> None:
    receiver.manner = lambda _: Reply(307, {"location": receiver.url("/inside")})
    hook = hook_to(client, receiver.url())
    ping(client, hook)
    settle(delivery())
    assert [each.path for each in receiver.received] == ["/hook"]
    assert only_delivery(client, hook)["error"] == "Answered 307; redirects are not followed."


def test_w5_one_that_is_gone_is_disabled_and_the_owner_told(
    client: httpx.Client, context: Context, receiver: Receiver, delivery: Delivery
) -> None:
    receiver.manner = lambda received: Reply(410 if received.path == "/gone" else 204)
    gone, other = hook_to(client, receiver.url("/gone")), hook_to(client, receiver.url("/other"))
    for _ in range(3):
        ping(client, gone)
    settle(delivery())
    view = client.get(f"/hooks/{gone['id']}").json()
    assert (view["enabled"], view["disabled_because"]) == (False, "The receiver answered 410 Gone.")
    waiting = client.get(f"/hooks/{gone['id']}/messages", params={"status": "waiting"}).json()
    assert waiting["messages"] == []
    (told,) = [each.body for each in receiver.received if each.path == "/other"]
    assert (told["type"], told["data"]["hook_id"]) == ("hook.disabled", gone["id"])
    with context.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "hook.disabled")).one()
        assert entry.organisation_id == "org_local"
    refused = client.post(f"/hooks/{gone['id']}/ping")
    assert (refused.status_code, refused.json()["code"]) == (409, "hook_disabled")
    assert client.get(f"/hooks/{other['id']}").json()["enabled"]


def test_nobody_listening_is_told_plainly(
    client: httpx.Client, receiver: Receiver, delivery: Delivery
) -> None:
    receiver.server.shutdown()
    receiver.server.server_close()
    hook = hook_to(client, receiver.url())
    ping(client, hook)
    settle(delivery())
    assert only_delivery(client, hook)["error"] == "No answer: the connection failed."


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://0x7f.1/",
        "https://user:pass@example.com/",
        "https://example.com:22/",
        "nonsense",
    ],
)
def test_an_address_that_is_never_met_is_refused_at_once(client: httpx.Client, url: str) -> None:
    made = client.post("/hooks", json={"url": url})
    assert (made.status_code, made.json()["code"]) == (422, "address_refused")


def test_a_name_that_leads_inward_is_refused_when_it_is_called(
    client: httpx.Client, receiver: Receiver, delivery: Delivery
) -> None:
    """`localhost` here also leads to addresses that are not allowed, or to 127.0.0.1, which is; either way nothing
    but the allowed address is met."""
    hook = hook_to(client, f"http://nowhere.invalid:{receiver.port}/")
    ping(client, hook)
    settle(delivery())
    assert receiver.received == []
    assert only_delivery(client, hook)["error"] == "There is no public server at this address."
