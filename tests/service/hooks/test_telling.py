"""Who is told of what: messages are written with the events they tell of, and sent."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.service.hooks.deliverer import Deliverer
from dubline.storage.tables import Event, Job, Message
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person
from tests.service.hooks.conftest import hook_to, settle
from tests.service.hooks.receiver import Receiver

Delivery = Callable[..., Deliverer]
Accepted = Callable[..., str]


def test_a_receiver_hears_of_a_dub_from_beginning_to_end(
    client: httpx.Client,
    worker: Worker,
    talk: object,
    uploaded: Callable[..., str],
    receiver: Receiver,
    delivery: Delivery,
) -> None:
    hook_to(client, receiver.url())
    asked = {
        "upload_id": uploaded(talk),
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
        "metadata": {"shelf": "seven"},
    }
    job = client.post("/jobs", json=asked).json()
    assert worker.once()
    settle(delivery())
    told = sorted((each.body for each in receiver.received), key=lambda body: body["data"]["number"])
    assert [body["type"] for body in told] == ["job.created", "job.started", "job.completed"]
    last = told[-1]["data"]
    assert (last["job_id"], last["status"], last["progress"]) == (job["id"], "completed", 1.0)
    assert (last["name"], last["metadata"]) == ("talk", {"shelf": "seven"})
    assert told[-1]["timestamp"].endswith("Z")


def test_only_the_kinds_asked_for_and_progress_only_by_name(
    client: httpx.Client, context: Context, accepted: Accepted, receiver: Receiver, delivery: Delivery
) -> None:
    hook_to(client, receiver.url("/all"))
    hook_to(client, receiver.url("/some"), kinds=["job.progress", "job.cancelled"])
    job = accepted()
    with context.database.writing() as session:
        record(session, session.get_one(Job, job), Kind.PROGRESS)
    client.post(f"/jobs/{job}/cancel")
    settle(delivery())
    heard = {(each.path, each.body["type"]) for each in receiver.received}
    assert heard == {
        ("/all", "job.created"),
        ("/all", "job.cancelled"),
        ("/some", "job.progress"),
        ("/some", "job.cancelled"),
    }


def test_a_job_may_bring_its_own_hook(
    client: httpx.Client, talk: object, uploaded: Callable[..., str], receiver: Receiver, delivery: Delivery
) -> None:
    asked = {
        "upload_id": uploaded(talk),
        "target_languages": ["es"],
        "source_language": "en",
        "settings": {"engines": ENGINES},
    }
    own = client.post("/jobs", json={**asked, "webhook": {"url": receiver.url("/own")}}).json()
    client.post("/jobs", json=asked)
    assert own["webhook"]["secret"].startswith("whsec_")
    assert "webhook" not in client.get(f"/jobs/{own['id']}").json()
    settle(delivery())
    assert [(each.path, each.body["data"]["job_id"]) for each in receiver.received] == [("/own", own["id"])]
    listed = client.get("/hooks", params={"job_id": own["id"]}).json()["hooks"]
    assert [hook["id"] for hook in listed] == [own["webhook"]["id"]]
    assert client.get("/hooks").json() == {"hooks": []}


def test_nobody_hears_of_another_organisations_jobs(
    person: Callable[..., Person],
    context: Context,
    accepted: Accepted,
    receiver: Receiver,
    delivery: Delivery,
) -> None:
    hook_to(person().client, receiver.url("/stranger"))
    accepted()
    settle(delivery())
    assert receiver.received == []


def test_an_event_that_is_not_kept_is_not_told(
    client: httpx.Client, context: Context, accepted: Accepted, receiver: Receiver, delivery: Delivery
) -> None:
    hook_to(client, receiver.url(), kinds=["job.failed"])
    job = accepted()
    with pytest.raises(ZeroDivisionError), context.database.writing() as session:
        record(session, session.get_one(Job, job), Kind.FAILED)
        session.flush()
        raise ZeroDivisionError
    assert settle(delivery()) == 0


def test_w7_receivers_can_order_by_number_and_tell_what_is_stale(
    client: httpx.Client, context: Context, accepted: Accepted, receiver: Receiver, delivery: Delivery
) -> None:
    """Several are sent at once, so they arrive in any order; the numbers are those of the job's events."""
    hook_to(client, receiver.url(), kinds=["job.progress"])
    job = accepted()
    for step in range(30):
        with context.database.writing() as session:
            row = session.get_one(Job, job)
            row.progress = step / 30
            record(session, row, Kind.PROGRESS)
    settle(delivery())
    known, stale = 0, 0
    for each in receiver.received:
        number = each.body["data"]["number"]
        stale += number < known
        known = max(known, number)
    told = sorted((each.body["data"] for each in receiver.received), key=lambda data: data["number"])
    assert [data["number"] for data in told] == list(range(2, 32))
    assert [data["progress"] for data in told] == sorted(data["progress"] for data in told)
    assert known == 31
    with context.database.reading() as session:
        events = {event.number: event.at for event in session.query(Event).filter_by(job_id=job)}
        assert {
            message.number: message.created_at for message in session.query(Message)
        }.items() <= events.items()


def test_a_deleted_job_takes_its_messages_along(
    client: httpx.Client, context: Context, accepted: Accepted, receiver: Receiver, delivery: Delivery
) -> None:
    hook = hook_to(client, receiver.url())
    job = accepted()
    client.post(f"/jobs/{job}/cancel")
    settle(delivery())
    assert client.delete(f"/jobs/{job}").status_code == 204
    assert client.get(f"/hooks/{hook['id']}/messages").json()["messages"] == []
    assert client.get(f"/hooks/{hook['id']}/deliveries").json()["deliveries"] == []
