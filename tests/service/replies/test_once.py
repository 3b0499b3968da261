"""One Idempotency-Key, one job: however often, however parallel, and whatever dies in between (D16)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.jobs import endpoints
from dubline.service.replies import repository
from dubline.storage.tables import Job, Reply
from tests.service.conftest import ENGINES, Person

KEY = {"Idempotency-Key": "one job, please"}
AT_ONCE = 50


@pytest.fixture
def asked(talk: Path, uploaded: Callable[..., str]) -> dict[str, object]:
    return {
        "upload_id": uploaded(talk),
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
    }


def jobs(context: Context) -> list[str]:
    with context.database.reading() as session:
        return list(session.scalars(select(Job.id)))


def test_the_same_request_again_gets_the_same_reply(
    client: httpx.Client, context: Context, asked: dict[str, object]
) -> None:
    first, again = (client.post("/jobs", json=asked, headers=KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    assert jobs(context) == [first.json()["id"]]


def test_another_request_under_the_same_key_is_refused(
    client: httpx.Client, asked: dict[str, object]
) -> None:
    client.post("/jobs", json=asked, headers=KEY)
    other = client.post("/jobs", json={**asked, "name": "Another"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def test_a_refused_request_leaves_its_key_free(
    client: httpx.Client, context: Context, asked: dict[str, object]
) -> None:
    refused = client.post("/jobs", json={**asked, "target_languages": ["xx"]}, headers=KEY)
    assert refused.status_code == 422
    made = client.post("/jobs", json=asked, headers=KEY)
    assert (made.status_code, len(jobs(context))) == (201, 1)


def test_keys_of_organisations_do_not_meet(
    person: Callable[..., Person], context: Context, talk: Path, uploaded: Callable[..., str]
) -> None:
    from dubline.service.access.principal import Principal

    made = []
    for someone in (person(), person()):
        upload = uploaded(talk, Principal(someone.organisation, someone.user, Role.ADMIN))
        body = {"upload_id": upload, "target_languages": ["es"], "settings": {"engines": ENGINES}}
        made.append(someone.client.post("/jobs", json=body, headers=KEY))
    assert [reply.status_code for reply in made] == [201, 201]
    assert len(jobs(context)) == 2


def test_fifty_at_once_make_one_job(client: httpx.Client, context: Context, asked: dict[str, object]) -> None:
    """Those that meet the first one at work are told to ask again, and all end with one and the same reply."""

    def insist(_number: int) -> tuple[httpx.Response, int]:
        waited = 0
        while (reply := client.post("/jobs", json=asked, headers=KEY)).status_code == 409:
            assert reply.json()["code"] == "idempotency_in_progress"
            time.sleep(float(reply.headers["retry-after"]) / 10)
            waited += 1
        return reply, waited

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        replies = list(crowd.map(insist, range(AT_ONCE)))
    assert {reply.status_code for reply, _ in replies} == {201}
    assert len({reply.content for reply, _ in replies}) == 1
    assert sum("idempotent-replayed" not in reply.headers for reply, _ in replies) == 1
    assert len(jobs(context)) == 1


def test_while_the_first_is_at_work_the_second_is_told_so(
    client: httpx.Client, asked: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go_on, accept = threading.Event(), threading.Event(), endpoints.accept

    def slow(*args: object, **kwargs: object) -> object:
        entered.set()
        assert go_on.wait(20)
        return accept(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(endpoints, "accept", slow)
    with ThreadPoolExecutor(1) as other:
        first = other.submit(client.post, "/jobs", json=asked, headers=KEY)
        assert entered.wait(20)
        second = client.post("/jobs", json=asked, headers=KEY)
        go_on.set()
        assert first.result().status_code == 201
    assert (second.status_code, second.headers["retry-after"]) == (409, "1")


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_server_that_dies_loses_no_job_and_makes_none_twice(
    client: httpx.Client,
    context: Context,
    asked: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    dies: str,
) -> None:
    """As after kill -9: the job's transaction was or was not committed, the reply was never kept."""
    with monkeypatch.context() as patched:
        if dies == "before":
            patched.setattr(endpoints, "accept", _broken)
        else:
            patched.setattr(repository, "keep", _broken)
        broken = client.post("/jobs", json=asked, headers={**KEY, "Connection": "close"})
        assert broken.status_code == 500
    with context.database.writing() as session:
        session.execute(update(Reply).values(busy_until=time.time() + 60))
    assert client.post("/jobs", json=asked, headers=KEY).status_code == 409
    with context.database.writing() as session:
        repository.release_all(session)
    made = client.post("/jobs", json=asked, headers=KEY)
    assert made.status_code == 201, made.text
    assert jobs(context) == [made.json()["id"]]


def _broken(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("the light went out")


def test_after_a_day_the_key_is_new(client: httpx.Client, context: Context, asked: dict[str, object]) -> None:
    first = client.post("/jobs", json=asked, headers=KEY)
    with context.database.writing() as session:
        session.execute(update(Reply).values(at=Reply.at - repository.KEPT - 1))
    second = client.post("/jobs", json=asked, headers=KEY)
    assert (second.status_code, second.json()["id"] == first.json()["id"]) == (201, False)


def test_a_file_sent_again_is_the_same_request(
    client: httpx.Client, talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes come in a body with another boundary."""
    seen: list[str] = []
    begin = repository.begin
    monkeypatch.setattr(
        repository,
        "begin",
        lambda session, asked, now: (seen.append(asked.fingerprint), begin(session, asked, now))[1],
    )
    for content in (b"one", b"one", b"two"):
        client.post(
            "/upload", files={"file": ("a.mp4", content)}, data={"target_language": "es"}, headers=KEY
        )
    assert seen[0] == seen[1] != seen[2]


def test_a_key_nobody_can_write_down_is_refused(client: httpx.Client, asked: dict[str, object]) -> None:
    refused = client.post("/jobs", json=asked, headers={"Idempotency-Key": "x" * 256})
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_invalid")
