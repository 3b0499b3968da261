"""Live progress: everything, once, in order, over both doors."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import Callable

import httpx
import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from dubline.service.access.roles import Role
from dubline.service.events import hub, listener
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person
from tests.service.events.conftest import Story, heard


def test_a_job_is_told_from_first_to_last(
    client: httpx.Client, worker: Worker, talk: object, uploaded: Callable[..., str]
) -> None:
    asked = {
        "upload_id": uploaded(talk),
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
    }
    job = client.post("/jobs", json=asked).json()["id"]
    work = threading.Thread(target=worker.once)
    with client.stream("GET", f"/jobs/{job}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        work.start()
        told = list(heard(response))
    work.join()
    assert [each.id for each in told] == list(range(1, len(told) + 1))
    assert [told[0].kind, told[1].kind, told[-1].kind] == ["job.created", "job.started", "job.completed"]
    assert told[-1].data["progress"] == 1.0
    assert told[-1].data["job_id"] == job
    fractions = [each.data["progress"] for each in told]
    assert fractions == sorted(fractions)


def test_ten_thousand_events_come_again_whole_and_in_order(
    client: httpx.Client, story: Callable[..., Story], socket_url: Callable[[str], str]
) -> None:
    one = story()
    one.tell(9_998)
    one.end()
    with client.stream("GET", f"/jobs/{one.job}/events") as response:
        told = [each.id for each in heard(response)]
    assert told == list(range(1, 10_001))
    with connect(socket_url(f"/jobs/{one.job}/progress?after=0"), max_size=None) as socket:
        frames = [json.loads(frame) for frame in socket]
    assert [frame["id"] for frame in frames] == told
    assert set(frames[0]) == {"id", "kind", "data", "at"}


def test_a_browser_that_knows_everything_is_told_to_stay_away(
    client: httpx.Client, story: Callable[..., Story]
) -> None:
    one = story()
    one.end()
    assert client.get(f"/jobs/{one.job}/events", headers={"Last-Event-ID": "2"}).status_code == 204
    assert client.get(f"/jobs/{one.job}/events?after=2").status_code == 204
    with client.stream("GET", f"/jobs/{one.job}/events?after=1") as response:
        assert [each.id for each in heard(response)] == [2]


def test_an_id_that_is_none_of_ours_begins_anew_and_an_address_that_is_wrong_is_refused(
    client: httpx.Client, story: Callable[..., Story]
) -> None:
    one = story()
    one.end()
    for garbage in ("x", "-1", "1.5", "٣", "9" * 100, "1; drop"):
        headers = {"Last-Event-ID": garbage.encode()}
        with client.stream("GET", f"/jobs/{one.job}/events", headers=headers) as response:
            assert [each.id for each in heard(response)] == [1, 2], garbage
    for garbage in ("x", "-1", "1.5"):
        refused = client.get(f"/jobs/{one.job}/events", params={"after": garbage})
        assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid")


def test_following_goes_on_after_the_end(client: httpx.Client, story: Callable[..., Story]) -> None:
    one = story()
    one.end()
    with client.stream("GET", f"/jobs/{one.job}/events?follow=true&after=2") as response:
        told = heard(response)
        one.tell(2)
        assert [next(told).id, next(told).id] == [3, 4]


def _tell_slowly(one: Story, count: int, until: threading.Event) -> threading.Thread:
    def tell() -> None:
        for _ in range(count):
            one.tell(1)
            until.wait(0.002)
        one.end()

    thread = threading.Thread(target=tell)
    thread.start()
    return thread


def test_a_hundred_cuts_of_a_stream_miss_nothing_and_double_nothing(
    client: httpx.Client, story: Callable[..., Story]
) -> None:
    one, chance, told = story(), random.Random(7), list[int]()
    writer = _tell_slowly(one, 600, threading.Event())
    cuts = 0
    while True:
        headers = {"Last-Event-ID": str(told[-1])} if told else {}
        with client.stream("GET", f"/jobs/{one.job}/events", headers=headers) as response:
            if response.status_code == 204:
                break
            stay = chance.randint(0, 6) if cuts < 100 else 10_000
            for each in heard(response):
                told.append(each.id)
                if stay <= 0:
                    break
                stay -= 1
        cuts += 1
    writer.join()
    assert cuts >= 100
    assert told == list(range(1, 603))


def test_a_hundred_cuts_of_a_socket_miss_nothing_and_double_nothing(
    story: Callable[..., Story], socket_url: Callable[[str], str]
) -> None:
    one, chance, told = story(), random.Random(8), list[int]()
    writer = _tell_slowly(one, 600, threading.Event())

    async def listen(stay: int) -> None:
        socket = await connect_async(socket_url(f"/jobs/{one.job}/progress"))
        await socket.send(json.dumps({"after": told[-1] if told else 0}))
        async for frame in socket:
            told.append(json.loads(frame)["id"])
            if stay <= 0:
                break
            stay -= 1
        socket.transport.abort()

    cuts = 0
    while not told or told[-1] < 602:
        asyncio.run(listen(chance.randint(0, 6) if cuts < 100 else 10_000))
        cuts += 1
    writer.join()
    assert cuts >= 100
    assert told == list(range(1, 603))


def test_what_is_anothers_is_not_there(
    client: httpx.Client,
    person: Callable[..., Person],
    story: Callable[..., Story],
    socket_url: Callable[[str], str],
) -> None:
    one, stranger = story(), person(Role.ADMIN)
    for path in (f"/jobs/{one.job}/events", "/jobs/job_none/events"):
        answer = stranger.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
    assert stranger.client.post(f"/jobs/{one.job}/stream-ticket").status_code == 404
    with pytest.raises(InvalidStatus) as refused:
        connect(
            socket_url(f"/jobs/{one.job}/progress"),
            additional_headers={"Authorization": f"Bearer {stranger.secret}"},
        )
    assert refused.value.response.status_code == 404


def test_the_stream_of_all_jobs_tells_only_of_ones_own(
    client: httpx.Client, person: Callable[..., Person], story: Callable[..., Story]
) -> None:
    mine, stranger = story(), person(Role.ADMIN)
    from dubline.service.access.principal import Principal

    other = story(Principal(stranger.organisation, stranger.user, Role.ADMIN))
    with client.stream("GET", "/events?after=0") as response:
        told = heard(response)
        first = next(told)
        assert (first.kind, first.data["job_id"], first.data["number"]) == ("job.created", mine.job, 1)
        other.tell(3)
        mine.tell(1)
        second = next(told)
    assert (second.data["job_id"], second.data["number"]) == (mine.job, 2)
    with client.stream("GET", "/events", headers={"Last-Event-ID": str(first.id)}) as response:
        assert next(heard(response)) == second


def test_a_stream_ends_when_its_job_is_deleted(
    client: httpx.Client, story: Callable[..., Story], socket_url: Callable[[str], str]
) -> None:
    one = story()
    one.end()
    with (
        client.stream("GET", f"/jobs/{one.job}/events?follow=true") as response,
        connect(socket_url(f"/jobs/{one.job}/progress?after=0&follow=true")) as socket,
    ):
        told = heard(response)
        assert [next(told).id, next(told).id] == [1, 2]
        one.remove()
        assert list(told) == []
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404
    assert client.get(f"/jobs/{one.job}/events").status_code == 404


def test_a_client_that_does_not_keep_up_is_cut_and_loses_nothing(
    client: httpx.Client, story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "MOST_WAITING", 50)
    one = story()
    with client.stream("GET", f"/jobs/{one.job}/events") as response:
        told = heard(response)
        seen = [next(told).id]
        one.tell(200)
        seen += [each.id for each in told]
    assert len(seen) < 201
    one.end()
    with client.stream("GET", f"/jobs/{one.job}/events?after={seen[-1]}") as response:
        seen += [each.id for each in heard(response)]
    assert seen == list(range(1, 203))


def test_a_server_holds_only_so_many_streams(
    client: httpx.Client, story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_LISTENERS", 1)
    one = story()
    with client.stream("GET", f"/jobs/{one.job}/events") as response:
        told = heard(response)
        next(told)
        refused = client.get(f"/jobs/{one.job}/events")
    assert (refused.status_code, refused.json()["code"]) == (503, "too_many_streams")
    assert refused.headers["retry-after"] == "5"
