"""A worker that lost its task, and does not know it yet, writes nothing (D10)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from dubline.api import dub as dubbing
from dubline.api.workshop import workshop
from dubline.service.context import Context
from dubline.service.jobs import queue
from dubline.service.jobs.queue import Claim, LeaseLost
from dubline.service.jobs.states import TaskStatus
from dubline.service.policy.judging import Verdict
from dubline.storage.tables import Event, Job, Output, Task
from dubline.worker import endings
from dubline.worker.loop import Worker
from dubline.worker.telling import Teller
from tests.service.conftest import ENGINES

ROUNDS = int(os.environ.get("DUBLINE_TEST_ZOMBIES", "100"))
NOTHING = endings.Made([], [], Verdict())
ENDINGS: list[Callable[[Context, Claim], None]] = [
    lambda context, claim: endings.complete(context, claim, NOTHING, 1.0, 1.0),
    lambda context, claim: endings.fail(context, claim, "x", "x", 1.0),
    lambda context, claim: endings.try_again(context, claim, "x"),
    endings.cancel,
]


@pytest.fixture
def job(client: httpx.Client, talk: Path, uploaded: Callable[..., str]) -> str:
    asked = {
        "upload_id": uploaded(talk),
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
    }
    return str(client.post("/jobs", json=asked).json()["id"])


def expire_leases(context: Context) -> None:
    """As if its holder stood still for long."""
    with context.database.writing() as session:
        held = Task.status == TaskStatus.RUNNING
        session.execute(update(Task).where(held).values(lease_until=time.time() - 1))


def taken(context: Context, worker: str) -> Claim:
    with context.database.writing() as session:
        claim = queue.claim(session, worker, 4)
        assert claim is not None
        endings.begin(session, claim, time.time())
    return claim


def picture(context: Context, job: str) -> object:
    """All that is written about a job."""
    with context.database.reading() as session:
        row = session.get_one(Job, job)
        task = session.scalars(select(Task).where(Task.job_id == job)).one()
        events = session.scalars(select(Event.kind).where(Event.job_id == job).order_by(Event.id)).all()
        told = (row.status, row.progress, row.error_code, row.events, row.finished_at)
        return told, (task.status, task.worker, task.fence, task.attempts), list(events)


def test_whoever_comes_late_is_refused(context: Context, accepted: Callable[..., str]) -> None:
    """Every ending, again and again, after the task was given to another one; whose work then counts. Each round has
    a job of its own: one that loses its worker three times is given up, and rightly."""
    for number in range(ROUNDS):
        job = accepted()
        late = taken(context, "first")
        expire_leases(context)
        holder = taken(context, "second")
        assert (late.job, holder.job, holder.attempt) == (job, job, 2)
        before = picture(context, job)
        with pytest.raises(LeaseLost):
            ENDINGS[number % len(ENDINGS)](context, late)
        assert picture(context, job) == before
        endings.complete(context, holder, NOTHING, 1.0, time.time())
        with context.database.reading() as session:
            assert session.get_one(Job, job).status == "completed"


def test_a_lease_that_ran_out_is_good_until_somebody_takes_it(context: Context, job: str) -> None:
    claim = taken(context, "slow")
    expire_leases(context)
    with context.database.writing() as session:
        queue.extend(session, claim)
        assert queue.claim(session, "other", 4) is None


def test_a_paused_worker_wakes_up_and_leaves_the_other_ones_work_alone(
    client: httpx.Client, context: Context, worker: Worker, job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands still before it writes its files; meanwhile another one makes the same job."""
    deliver = dubbing.deliver_target

    def paused(*args: object) -> object:
        with monkeypatch.context() as awake, workshop(context.work) as shop:
            awake.setattr(dubbing, "deliver_target", deliver)
            awake.setattr(Teller, "note", lambda _: None)  # all of the paused one stands still
            expire_leases(context)
            assert Worker(context, shop, "other").once()
        seen.append((picture(context, job), files(context, job)))
        return deliver(*args)  # type: ignore[arg-type]

    seen: list[object] = []
    monkeypatch.setattr(dubbing, "deliver_target", paused)
    assert worker.once()
    assert seen == [(picture(context, job), files(context, job))]
    assert client.get(f"/jobs/{job}").json()["status"] == "completed"


def files(context: Context, job: str) -> dict[str, tuple[int, int]]:
    """The files that rows name: which they are and when they were written."""
    with context.database.reading() as session:
        paths = session.scalars(select(Output.path).where(Output.job_id == job)).all()
    found = [context.settings.data / path for path in paths]
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def test_a_job_that_was_deleted_meanwhile_is_not_written_to(
    client: httpx.Client, context: Context, job: str
) -> None:
    late = taken(context, "late")
    expire_leases(context)
    assert client.post(f"/jobs/{job}/cancel").json()["status"] == "cancelled"
    assert client.delete(f"/jobs/{job}").status_code == 204
    for ending in ENDINGS:
        with pytest.raises(LeaseLost):
            ending(context, late)


def test_a_cancel_wins_over_the_last_bit_of_work(client: httpx.Client, context: Context, job: str) -> None:
    claim = taken(context, "quick")
    assert client.post(f"/jobs/{job}/cancel").json()["status"] == "processing"
    endings.complete(context, claim, NOTHING, 1.0, time.time())
    assert client.get(f"/jobs/{job}").json()["status"] == "cancelled"
    with context.database.reading() as session:
        assert session.scalars(select(Task.status)).one() == TaskStatus.CANCELLED
