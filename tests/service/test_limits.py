"""How fast, how much, and what it cost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from dubline.service.access.principal import Principal
from dubline.service.access.rates import Rates
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.jobs import service
from dubline.service.jobs.service import NewJob
from dubline.service.problem import ServiceError
from dubline.service.settings import Limits, ServiceSettings
from dubline.service.usage import quota
from dubline.storage.tables import Organisation, Upload, UsageEntry
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person

People = Callable[..., Person]


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    limits = Limits(requests_per_minute=60, requests_per_minute_of_key=20)
    return ServiceSettings(data=tmp_path / "data", workers=0, limits=limits, price_per_minute=6.0)


def test_a_bucket_gives_a_minutes_worth_and_then_evenly() -> None:
    now = 0.0
    rates = Rates(lambda: now)
    taken = [rates.take("key", 6) for _ in range(7)]
    assert [verdict.allowed for verdict in taken] == [True] * 6 + [False]
    assert [verdict.remaining for verdict in taken] == [5, 4, 3, 2, 1, 0, 0]
    assert taken[-1].reset == pytest.approx(10.0)
    now = 10.1
    assert rates.take("key", 6).allowed
    assert not rates.take("key", 6).allowed
    assert rates.take("another", 6).allowed


def test_a10_one_key_that_asks_too_fast_waits_and_others_do_not(person: People) -> None:
    hasty = person(Role.VIEWER)
    colleague = person(Role.VIEWER, hasty.organisation)
    replies = [hasty.client.get("/me") for _ in range(25)]
    refused = [reply for reply in replies if reply.status_code == 429]
    assert 3 <= len(refused) <= 5
    assert refused[0].json()["code"] == "rate_limited"
    assert int(refused[0].headers["retry-after"]) >= 1
    assert refused[0].headers["ratelimit-remaining"] == "0"
    assert (replies[0].headers["ratelimit-limit"], replies[0].headers["ratelimit-remaining"]) == ("20", "19")
    assert colleague.client.get("/me").status_code == 200


def test_an_organisation_has_a_limit_of_its_own(person: People, context: Context) -> None:
    first = person(Role.VIEWER)
    with context.database.writing() as session:
        session.get_one(Organisation, first.organisation).limits = {"requests_per_minute": 5}
    second, stranger = person(Role.VIEWER, first.organisation), person(Role.VIEWER)
    replies = [somebody.client.get("/me").status_code for _ in range(4) for somebody in (first, second)]
    assert replies.count(200) == 5
    assert stranger.client.get("/me").status_code == 200


def test_strangers_who_try_many_keys_are_slowed_down(client: httpx.Client) -> None:
    wrong = {"Authorization": "Bearer dbl_wrong"}
    replies = [client.get("/me", headers=wrong).status_code for _ in range(70)]
    assert replies[:60] == [401] * 60
    assert 429 in replies[60:]
    assert client.get("/me").status_code == 200


def new_job(upload: Upload, seconds: float = 60.0) -> NewJob:
    return NewJob(upload, "dub", "name", ("es",), {}, media_seconds=seconds, retention_days=1)


@pytest.fixture
def somebody(context: Context, person: People) -> tuple[Principal, Upload]:
    known = person(Role.EDITOR)
    now = time.time()
    with context.database.writing() as session:
        upload = Upload(
            id="upl_1",
            organisation_id=known.organisation,
            user_id=known.user,
            filename="a.mp4",
            size=1000,
            offset=1000,
            details={},
            created_at=now,
            expires_at=now + 60,
        )
        session.add(upload)
        session.flush()
        session.expunge(upload)
    return Principal(known.organisation, known.user, Role.EDITOR), upload


@pytest.mark.parametrize(
    ("limits", "code", "fit"),
    [
        (Limits(max_queued_jobs=7), "queue_full", 7),
        (Limits(minutes_per_month=9.5), "minutes_quota_exceeded", 9),
        (Limits(max_storage_bytes=6999), "storage_quota_exceeded", 5),
    ],
)
def test_a10_a_hundred_at_once_never_get_more_than_there_is(
    context: Context, somebody: tuple[Principal, Upload], limits: Limits, code: str, fit: int
) -> None:
    """A minute and a thousand bytes each; the upload itself is a thousand bytes, too."""
    principal, upload = somebody
    together = threading.Barrier(20)

    def submit(number: int) -> str:
        if number < 20:
            together.wait()
        try:
            with context.database.writing() as session:
                service.create(session, principal, new_job(upload), limits)
        except ServiceError as refused:
            return refused.code
        return "made"

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(submit, range(100)))
    assert (answers.count("made"), answers.count(code)) == (fit, 100 - fit)


def test_what_was_used_this_month_counts_and_what_was_used_before_does_not(
    context: Context, somebody: tuple[Principal, Upload]
) -> None:
    principal, upload = somebody
    start = quota.month_start(datetime.now(UTC))

    def used(at: float) -> UsageEntry:
        return UsageEntry(
            organisation_id=principal.organisation,
            user_id=principal.user,
            job_id="job_gone",
            kind="dub",
            media_seconds=540.0,
            work_seconds=1.0,
            bytes_stored=0,
            cost=0.0,
            at=at,
        )

    limits = Limits(minutes_per_month=10)
    with context.database.writing() as session:
        session.add_all([used(start - 1), used(start + 1)])
    with context.database.writing() as session:
        service.create(session, principal, new_job(upload), limits)
    with pytest.raises(ServiceError) as refused, context.database.writing() as session:
        service.create(session, principal, new_job(upload, 1.0), limits)
    assert int(refused.value.headers["Retry-After"]) > 0


def test_months_end_where_the_next_begins() -> None:
    for year, month in ((2024, 1), (2024, 2), (2024, 12), (2025, 2)):
        begun = datetime(year, month, 28, 13, 30, tzinfo=UTC)
        following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        assert quota.next_month(begun) == following.timestamp()


def test_use_is_told_by_month_person_and_job_and_stays_when_the_job_goes(
    client: httpx.Client, worker: Worker, talk: Path, uploaded: Callable[..., str]
) -> None:
    asked = {"source_language": "en", "target_languages": ["es"], "settings": {"engines": ENGINES}}
    job = client.post("/jobs", json={**asked, "upload_id": uploaded(talk)}).json()
    assert worker.once()
    minutes = job["media_seconds"] / 60
    keys = {"month": f"{datetime.now(UTC):%Y-%m}", "user": "usr_local", "job": job["id"]}
    for by, key in keys.items():
        told = client.get("/usage", params={"by": by}).json()
        [row] = told["rows"]
        assert (row["key"], row["runs"]) == (key, 1)
        assert row["minutes"] == pytest.approx(minutes, abs=0.001)
        assert row["cost"] == pytest.approx(6.0 * minutes, rel=1e-3)
        assert row["work_seconds"] > 0
        assert told["stored_bytes"] > 0
    assert client.delete(f"/jobs/{job['id']}").status_code == 204
    assert client.get("/usage").json()["total"]["runs"] == 1
    later = {"since": "2099-01-01T00:00:00Z"}
    assert client.get("/usage", params=later).json()["rows"] == []


def test_nobody_sees_what_others_used(client: httpx.Client, person: People, context: Context) -> None:
    now = time.time()
    entry = UsageEntry(
        organisation_id="org_local",
        user_id="usr_local",
        job_id="job_x",
        kind="dub",
        media_seconds=60.0,
        work_seconds=1.0,
        bytes_stored=1,
        cost=1.0,
        at=now,
    )
    with context.database.writing() as session:
        session.add(entry)
    assert client.get("/usage").json()["total"]["runs"] == 1
    assert person(Role.ADMIN).client.get("/usage").json()["total"]["runs"] == 0
