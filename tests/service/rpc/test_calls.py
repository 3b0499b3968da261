"""Who is heard over gRPC, and what the others are told."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from sqlalchemy import func, select, update

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.storage.tables import AuditEntry, Job, Organisation
from dubline.v1 import jobs_pb2 as v1
from dubline.v1.jobs_pb2_grpc import JobsStub
from tests.service.conftest import ENGINES, Person
from tests.service.rpc.clients import bearer, refused

People = Callable[..., Person]
Code = grpc.StatusCode
NOBODYS = "job_" + "0" * 26


def _get(jobs: JobsStub, *metadata: tuple[str, str], job: str = NOBODYS) -> object:
    return jobs.Get(v1.GetRequest(job_id=job), metadata=metadata, timeout=30)


def test_either_way_to_show_a_key_is_good(jobs: JobsStub, person: People) -> None:
    somebody = person(Role.VIEWER)
    for metadata in bearer(somebody)[0], ("x-api-key", somebody.secret):
        found = refused(lambda metadata=metadata: _get(jobs, metadata))  # type: ignore[misc]
        assert (found.status, found.code) == (Code.NOT_FOUND, "job_not_found")


def test_a_refusal_says_what_and_what_to_do(jobs: JobsStub, context: Context) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    found = refused(lambda: _get(jobs, ("authorization", "Bearer dbl_nonsense"), ("traceparent", trace)))
    assert (found.status, found.code) == (Code.UNAUTHENTICATED, "key_invalid")
    assert "dubline keys create" in found.hint
    assert found.trace_id == "0af7651916cd43dd8448eb211c80319c"
    assert refused(lambda: _get(jobs)).code == "key_missing"
    with context.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "request.refused")).all()
    assert [(each.address, each.details["path"]) for each in entries] == [
        ("127.0.0.1", "/dubline.v1.Jobs/Get")
    ] * 2


def test_what_is_wrong_in_a_request_is_named(jobs: JobsStub, person: People) -> None:
    key = bearer(person())
    asked = v1.SubmitRequest(upload_id="upl_x", source_url="https://example.com", priority=99)
    found = refused(lambda: jobs.Submit(asked, metadata=key, timeout=30))
    assert (found.status, found.code) == (Code.INVALID_ARGUMENT, "request_invalid")
    assert {"target_languages", "priority"} <= set(found.fields)
    for query in v1.ListRequest(limit=201), v1.ListRequest(order="x"), v1.ListRequest(status=["x"]):
        found = refused(lambda query=query: jobs.List(query, metadata=key, timeout=30))  # type: ignore[misc]
        assert found.code == "request_invalid"
    found = refused(lambda: next(jobs.Watch(v1.WatchRequest(job_id="x", after=-1), metadata=key, timeout=30)))
    assert found.fields == ("after",)


def test_too_many_calls_are_told_how_long_to_wait(jobs: JobsStub, context: Context, person: People) -> None:
    somebody = person()
    _limit(context, somebody, requests_per_minute_of_key=3)
    for _ in range(3):
        assert refused(lambda: _get(jobs, *bearer(somebody))).status is Code.NOT_FOUND
    found = refused(lambda: _get(jobs, *bearer(somebody)))
    assert (found.status, found.code) == (Code.RESOURCE_EXHAUSTED, "rate_limited")
    assert found.wait is not None
    assert 0 < found.wait <= 60
    assert somebody.client.get("/jobs").status_code == 429  # one bucket for both doors


def test_quotas_hold_here_too(
    jobs: JobsStub, context: Context, person: People, talk: Path, uploaded: Callable[..., str]
) -> None:
    somebody = person()
    upload = uploaded(talk, Principal(somebody.organisation, somebody.user, Role.ADMIN))
    _limit(context, somebody, max_queued_jobs=1)
    asked = _asked(upload)
    jobs.Submit(asked, metadata=bearer(somebody), timeout=60)
    found = refused(lambda: jobs.Submit(asked, metadata=bearer(somebody), timeout=60))
    assert (found.status, found.code, found.wait) == (Code.RESOURCE_EXHAUSTED, "queue_full", 60.0)


def test_a_request_sent_again_makes_nothing_twice(
    jobs: JobsStub, context: Context, person: People, talk: Path, uploaded: Callable[..., str]
) -> None:
    somebody = person()
    upload = uploaded(talk, Principal(somebody.organisation, somebody.user, Role.ADMIN))
    asked = _asked(upload, idempotency_key="once")
    asked.webhook.url = "https://1.1.1.1/hook"
    first = jobs.Submit(asked, metadata=bearer(somebody), timeout=60)
    assert jobs.Submit(asked, metadata=bearer(somebody), timeout=60) == first
    assert first.webhook.secret.startswith("whsec_")
    asked.priority = 1
    found = refused(lambda: jobs.Submit(asked, metadata=bearer(somebody), timeout=60))
    assert (found.status, found.code) == (Code.INVALID_ARGUMENT, "idempotency_mismatch")
    with context.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_filter_by_anothers_batch_finds_nothing(
    jobs: JobsStub, person: People, talk: Path, uploaded: Callable[..., str]
) -> None:
    owner, stranger = person(), person()
    upload = uploaded(talk, Principal(owner.organisation, owner.user, Role.ADMIN))
    one = {
        "upload_id": upload,
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
    }
    batch = owner.client.post("/batches", json={"jobs": [one]}).json()["batch_id"]
    query = v1.ListRequest(batch_id=batch)
    assert len(jobs.List(query, metadata=bearer(owner), timeout=30).jobs) == 1
    assert len(jobs.List(query, metadata=bearer(stranger), timeout=30).jobs) == 0


def test_a7_nothing_that_is_sent_breaks_anything(
    channel: grpc.Channel, jobs: JobsStub, person: People
) -> None:
    key = bearer(person())

    def sent(name: str, *raw: bytes) -> object:
        return next(channel.stream_stream(f"/dubline.v1.Jobs/{name}")(iter(raw), metadata=key, timeout=30))

    assert refused(lambda: sent("Get", b"")).code == "job_not_found"
    assert refused(lambda: sent("Get")).code == "message_missing"
    assert refused(lambda: sent("Get", b"\xff" * 100)).code == "message_unreadable"
    unknown = b"\xfa\x3f\x03abc"  # field 1023 of three bytes
    assert refused(lambda: sent("Get", unknown)).code == "job_not_found"
    assert refused(lambda: sent("Get", b"\x0a\x02\xff\xfe")).code == "message_unreadable"
    assert refused(lambda: sent("Drop", b"")).status is Code.UNIMPLEMENTED
    large = v1.SubmitRequest(name="x" * (5 << 20))
    assert refused(lambda: jobs.Submit(large, metadata=key, timeout=30)).status is Code.RESOURCE_EXHAUSTED
    deep = v1.SubmitRequest(upload_id="upl_x", target_languages=["es"])
    inner = deep.settings
    for _ in range(40):
        inner = inner.get_or_create_struct("a")
    inner["a"] = 1
    found = refused(lambda: jobs.Submit(deep, metadata=key, timeout=30))
    assert (found.status, found.code) in {
        (Code.INVALID_ARGUMENT, "json_too_deep"),
        (Code.INVALID_ARGUMENT, "message_unreadable"),
    }
    assert refused(lambda: _get(jobs, *key)).code == "job_not_found"


def test_a7_calls_that_are_reset_at_once_leave_nothing_behind(
    jobs: JobsStub, person: People, resets: int = 500
) -> None:
    key = bearer(person())

    def reset(_: int) -> None:
        jobs.Get.future(v1.GetRequest(job_id=NOBODYS), metadata=key, timeout=30).cancel()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(reset, range(resets)))
    started = time.monotonic()
    assert refused(lambda: _get(jobs, *key)).status is Code.NOT_FOUND
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("message", [b"", b"\x0a\x05job_x"])
def test_a_stranger_is_refused_before_a_message_is_read(channel: grpc.Channel, message: bytes) -> None:
    """Not even an unfinished call keeps the server waiting for somebody who showed no key."""
    from threading import Event

    never = Event()

    def held() -> object:
        if message:
            yield message
        never.wait(30)

    try:
        call = channel.stream_stream("/dubline.v1.Jobs/Get")(held(), timeout=20)
        assert refused(lambda: next(call)).code == "key_missing"
    finally:
        never.set()


def _asked(upload: str, **more: object) -> v1.SubmitRequest:
    asked = v1.SubmitRequest(upload_id=upload, source_language="en", target_languages=["es"], **more)  # type: ignore[arg-type]
    asked.settings.update({"engines": ENGINES})
    return asked


def _limit(context: Context, somebody: Person, **limits: int) -> None:
    with context.database.writing() as session:
        session.execute(
            update(Organisation).where(Organisation.id == somebody.organisation).values(limits=limits)
        )
