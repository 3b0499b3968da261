"""Streams over gRPC: nothing missed, nothing twice, and nobody listens who lost the right to."""

from __future__ import annotations

import time
from collections.abc import Callable

import grpc
import pytest
from sqlalchemy import update

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.service.events.sending import GRACE
from dubline.service.jobs.states import Status
from dubline.service.rpc import calls
from dubline.storage.tables import Job, Key, Table, User
from dubline.v1 import jobs_pb2 as v1
from dubline.v1.jobs_pb2_grpc import JobsStub
from tests.service.conftest import Person, served
from tests.service.events.conftest import Story
from tests.service.rpc.clients import bearer, refusal_of, refused

People = Callable[..., Person]
Stories = Callable[..., Story]
Code = grpc.StatusCode

WIDE = 1000
"""Events of 50 kB: more than what lies between a server and a client takes."""

PROMISED = 5.0
"""Seconds from a revocation to the end of the last stream."""

LOSSES: dict[str, tuple[type[Table], dict[str, object]]] = {
    "key revoked": (Key, {"revoked_at": 1.0}),
    "key expired": (Key, {"expires_at": 1.0}),
    "person locked out": (User, {"disabled_at": 1.0}),
    "role taken away": (User, {"role": "viewer"}),
}


@pytest.fixture
def owner(person: People) -> Person:
    return person(Role.ADMIN)


@pytest.fixture
def told(owner: Person, story: Stories) -> Story:
    return story(Principal(owner.organisation, owner.user, Role.ADMIN))


@pytest.fixture
def watch(jobs: JobsStub, owner: Person, told: Story) -> Callable[..., grpc.Future]:
    def begin(after: int = 0, timeout: float | None = 60, **more: bool) -> grpc.Future:
        asked = v1.WatchRequest(job_id=told.job, after=after, **more)
        return jobs.Watch(asked, metadata=bearer(owner), timeout=timeout)

    return begin


def listening(serving: served) -> int:
    return int(serving.app.state.hub.listening())


def until(fact: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_who_comes_back_misses_nothing_and_sees_nothing_twice(
    watch: Callable[..., grpc.Future], told: Story
) -> None:
    told.tell(10)
    seen, live = [], watch()
    for event in live:
        seen.append(event.id)
        if len(seen) == 7:
            break
    live.cancel()
    told.tell(5)
    again = watch(after=seen[-1])
    seen.append(next(again).id)
    told.tell(5)
    told.end()
    seen += [event.id for event in again]
    assert seen == list(range(1, 23))
    assert list(watch(after=22)) == []
    assert [event.id for event in watch(after=1000)] == []


def test_with_follow_the_stream_stays_for_what_comes_after_the_end(
    watch: Callable[..., grpc.Future], told: Story
) -> None:
    told.end()
    live = watch(after=1, follow=True)
    assert next(live).kind == "job.completed"
    told.tell(1)
    assert next(live).id == 3
    live.cancel()


def test_the_events_are_those_that_are_told_over_http(
    watch: Callable[..., grpc.Future], told: Story, owner: Person
) -> None:
    import json

    told.tell(1)
    told.end()
    over_http = owner.client.get(f"/jobs/{told.job}/events").text
    data = [json.loads(line[6:]) for line in over_http.splitlines() if line.startswith("data: ")]
    over_grpc = [{**dict(event.data), "at": event.at.ToJsonString()} for event in watch()]
    for ours, theirs in zip(over_grpc, data, strict=True):
        assert ours.keys() == theirs.keys()
        assert (ours["status"], ours["progress"], ours["at"]) == (
            theirs["status"],
            theirs["progress"],
            theirs["at"],
        )


@pytest.mark.parametrize("loss", LOSSES)
def test_a9_a_stream_ends_with_the_right_to_it(
    loss: str, watch: Callable[..., grpc.Future], owner: Person, context: Context, serving: served
) -> None:
    live = watch()
    assert next(live).id == 1
    table, change = LOSSES[loss]
    column = Key.user_id if table is Key else User.id
    with context.database.writing() as session:
        session.execute(update(table).where(column == owner.user).values(**change))
    started = time.monotonic()
    found = refused(lambda: next(live))
    assert time.monotonic() - started < PROMISED
    assert (found.status, found.code) == (Code.UNAUTHENTICATED, "access_lost")
    assert listening(serving) == 0


def test_a9_who_stopped_reading_is_not_kept_either(
    watch: Callable[..., grpc.Future],
    told: Story,
    owner: Person,
    context: Context,
    serving: served,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[int] = []
    real = calls.messages.document_told
    monkeypatch.setattr(
        calls.messages,
        "document_told",
        lambda *more: written.append(1) or real(*more),  # type: ignore[func-returns-value]
    )
    with context.database.writing() as session:
        job = session.get_one(Job, told.job)
        for _ in range(WIDE):
            record(session, job, Kind.PROGRESS, {"wide": "x" * 50_000})
    live = watch()
    assert next(live).id == 1
    until(lambda: len(written) > 10)
    with context.database.writing() as session:
        session.execute(update(Key).where(Key.user_id == owner.user).values(revoked_at=1.0))
    until(lambda: listening(serving) == 0, PROMISED + GRACE)
    until(lambda: _ended(serving) == 1, GRACE + 3)
    assert len(written) < WIDE, "everything went through: nobody stood still"
    assert refused(lambda: list(live)).status in (Code.UNAUTHENTICATED, Code.CANCELLED, Code.UNAVAILABLE)


def _ended(serving: served) -> float:
    families = serving.app.state.registry.collect()
    return sum(
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == "dubline_grpc_call_seconds_count" and sample.labels["method"].endswith("/Watch")
    )


@pytest.mark.parametrize("how", ["cancelled", "past its deadline", "gone"])
def test_who_leaves_frees_everything(how: str, rpc: str, told: Story, owner: Person, serving: served) -> None:
    with grpc.insecure_channel(rpc) as channel:
        live = JobsStub(channel).Watch(
            v1.WatchRequest(job_id=told.job),
            metadata=bearer(owner),
            timeout=3 if how == "past its deadline" else 60,
        )
        assert next(live).id == 1
        assert listening(serving) == 1
        if how == "cancelled":
            live.cancel()
        elif how == "past its deadline":
            assert refused(lambda: next(live)).status is Code.DEADLINE_EXCEEDED
    until(lambda: listening(serving) == 0)
    until(lambda: _ended(serving) == 1)


def test_a_deleted_job_ends_its_streams(
    watch: Callable[..., grpc.Future], told: Story, context: Context
) -> None:
    live = watch(follow=True)
    assert next(live).id == 1
    with context.database.writing() as session:
        session.execute(update(Job).where(Job.id == told.job).values(status=Status.CANCELLED))
    told.remove()
    found = refused(lambda: next(live))
    assert (found.status, found.code) == (Code.NOT_FOUND, "job_not_found")


def test_a_server_that_ends_says_so(rpc: str, watch: Callable[..., grpc.Future], serving: served) -> None:
    live = watch()
    assert next(live).id == 1
    serving.__exit__()
    with pytest.raises(grpc.RpcError) as ended:
        next(live)
    found = refusal_of(ended.value)
    assert (found.status, found.code) == (Code.UNAVAILABLE, "server_closing")
