"""Hooks over HTTP: made, changed, looked into, replayed; and nobody else's."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest

from dubline.service.access.roles import Role
from dubline.service.app import create_app
from dubline.service.context import Context
from dubline.service.hooks import service
from dubline.service.hooks.deliverer import Deliverer
from dubline.service.moments import moment
from tests.service.conftest import Person, served
from tests.service.hooks.conftest import hook_to, settle
from tests.service.hooks.receiver import Receiver, Reply

Delivery = Callable[..., Deliverer]


def test_a_secret_is_shown_once(client: httpx.Client, receiver: Receiver) -> None:
    made = hook_to(client, receiver.url(), kinds=["job.failed"], description="for the night shift")
    assert made["secret"].startswith("whsec_")
    assert len({made["secret"], client.post(f"/hooks/{made['id']}/rotate").json()["secret"]}) == 2
    view = client.get(f"/hooks/{made['id']}")
    assert "secret" not in view.json()
    assert "whsec_" not in view.text + client.get("/hooks").text
    assert (view.json()["kinds"], view.json()["description"]) == (["job.failed"], "for the night shift")


def test_a_hook_can_be_changed_disabled_enabled_and_deleted(client: httpx.Client, receiver: Receiver) -> None:
    path = f"/hooks/{hook_to(client, receiver.url())['id']}"
    changed = client.patch(path, json={"kinds": ["job.completed"], "url": receiver.url("/b")}).json()
    assert (changed["url"], changed["kinds"]) == (receiver.url("/b"), ["job.completed"])
    off = client.patch(path, json={"enabled": False}).json()
    assert (off["enabled"], off["disabled_because"]) == (False, "Disabled by its owner.")
    on = client.patch(path, json={"enabled": True}).json()
    assert (on["enabled"], on["disabled_because"]) == (True, None)
    assert client.delete(path).status_code == 204
    assert client.get(path).json()["code"] == "hook_not_found"


@pytest.mark.parametrize("kinds", [["job.exploded"], "job.failed", [1]])
def test_an_unknown_kind_is_refused(client: httpx.Client, receiver: Receiver, kinds: object) -> None:
    refused = client.post("/hooks", json={"url": receiver.url(), "kinds": kinds})
    assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid")


def test_there_is_an_end_to_hooks(
    client: httpx.Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_HOOKS", 2)
    hook_to(client, receiver.url())
    hook_to(client, receiver.url())
    refused = client.post("/hooks", json={"url": receiver.url()})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_hooks")


def test_logs_are_given_a_page_at_a_time(
    client: httpx.Client, receiver: Receiver, delivery: Delivery
) -> None:
    hook = hook_to(client, receiver.url())
    receiver.manner = lambda _: Reply(200, content=b"thank you")
    sent = [client.post(f"/hooks/{hook['id']}/ping").json()["id"] for _ in range(5)]
    settle(delivery())
    for name, key in (("messages", "id"), ("deliveries", "message_id")):
        found, cursor = [], None
        while True:
            asked = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page = client.get(f"/hooks/{hook['id']}/{name}", params=asked).json()
            found += [each[key] for each in page[name]]
            if (cursor := page["next_cursor"]) is None:
                break
        assert sorted(found) == sorted(sent)
    whole = client.get(f"/hooks/{hook['id']}/messages/{sent[0]}").json()
    (tried,) = whole["deliveries"]
    assert (tried["status_code"], tried["reply"], tried["error"]) == (200, "thank you", None)
    assert whole["body"]["type"] == "hook.ping"
    for name in ("messages", "deliveries"):
        wrong = client.get(f"/hooks/{hook['id']}/{name}", params={"cursor": "bm9uc2Vuc2U"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "cursor_invalid")


def test_a_replay_of_a_span_brings_what_failed_and_what_was_missed(
    client: httpx.Client, accepted: Callable[..., str], receiver: Receiver, delivery: Delivery
) -> None:
    hook = hook_to(client, receiver.url(), kinds=["job.created"])
    taken = accepted()
    settle(delivery())
    receiver.manner = lambda _: Reply(410)
    failed = accepted()
    settle(delivery())
    missed = accepted()
    client.patch(f"/hooks/{hook['id']}", json={"enabled": True})
    receiver.manner, receiver.received = (lambda _: Reply()), []
    since = moment(time.time() - 3600).isoformat()
    replayed = client.post(f"/hooks/{hook['id']}/replay", json={"since": since})
    assert (replayed.status_code, replayed.json()) == (202, {"messages": 2})
    settle(delivery())
    assert {each.body["data"]["job_id"] for each in receiver.received} == {failed, missed}
    client.post(f"/hooks/{hook['id']}/replay", json={"since": since, "only": "all"})
    settle(delivery())
    assert sorted(each.body["data"]["job_id"] for each in receiver.received) == sorted(
        [failed, missed] * 2 + [taken]
    )


@pytest.mark.parametrize(
    "asked", [{}, {"message_id": "msg_1", "since": "2030-01-01T00:00:00Z"}, {"since": "2030-01-01T00:00:00"}]
)
def test_a_replay_says_what_of(client: httpx.Client, receiver: Receiver, asked: dict[str, str]) -> None:
    refused = client.post(f"/hooks/{hook_to(client, receiver.url())['id']}/replay", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid")


def test_nobody_finds_another_organisations_hooks(
    person: Callable[..., Person], client: httpx.Client, receiver: Receiver
) -> None:
    mine, stranger = hook_to(client, receiver.url()), person().client
    theirs = hook_to(stranger, receiver.url())
    path = f"/hooks/{mine['id']}"
    message = client.post(f"{path}/ping").json()["id"]
    answers = [
        stranger.get(path),
        stranger.patch(path, json={"enabled": False}),
        stranger.delete(path),
        stranger.post(f"{path}/rotate"),
        stranger.post(f"{path}/ping"),
        stranger.post(f"{path}/replay", json={"message_id": message}),
        stranger.get(f"{path}/messages"),
        stranger.get(f"{path}/messages/{message}"),
        stranger.get(f"{path}/deliveries"),
    ]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "hook_not_found")}
    through_theirs = [
        stranger.get(f"/hooks/{theirs['id']}/messages/{message}"),
        stranger.post(f"/hooks/{theirs['id']}/replay", json={"message_id": message}),
    ]
    assert {(each.status_code, each.json()["code"]) for each in through_theirs} == {
        (404, "message_not_found")
    }
    assert [hook["id"] for hook in stranger.get("/hooks").json()["hooks"]] == [theirs["id"]]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_not_everybody_may_manage_hooks(
    person: Callable[..., Person], receiver: Receiver, role: Role
) -> None:
    refused = person(role).client.post("/hooks", json={"url": receiver.url()})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_a_server_sends_by_itself(context: Context, receiver: Receiver) -> None:
    with served(context, supervised=True) as url, httpx.Client(base_url=f"{url}/api/v1") as client:
        client.post(f"/hooks/{hook_to(client, receiver.url())['id']}/ping")
        assert receiver.heard(1)[0].body["type"] == "hook.ping"


def test_an_application_for_itself_sends_nothing(context: Context) -> None:
    assert create_app(context).state.parts == []
