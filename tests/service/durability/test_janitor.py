"""What goes, goes whole; what is alive stays, whatever else lies around (D18).

DUBLINE_TEST_SWEEPS=10000 pytest tests/service/durability/test_janitor.py     # nightly
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from dubline.service.access.local import local_principal
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.janitor import EVERY, Janitor, sweep
from dubline.service.jobs import queue, service
from dubline.service.jobs.erasing import workroom
from dubline.service.jobs.service import DAY, NewJob
from dubline.service.jobs.states import Status, TaskStatus
from dubline.service.replies import repository as replies
from dubline.service.settings import Limits
from dubline.service.uploads import files
from dubline.service.uploads import service as uploads
from dubline.storage.collect import UNHELD, _digests
from dubline.storage.tables import Event, Job, Output, Reply, ScriptLine, Stage, Task, Upload
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES

SWEEPS = int(os.environ.get("DUBLINE_TEST_SWEEPS", "60"))
HOUR = 3600.0


@pytest.fixture
def finished(
    client: httpx.Client, worker: Worker, talk: Path, uploaded: Callable[..., str]
) -> Callable[..., str]:
    """A job that a worker finished."""

    def make(upload: str = "", **more: object) -> str:
        asked = {
            "upload_id": upload or uploaded(talk),
            "source_language": "en",
            "target_languages": ["es"],
            "settings": {"engines": ENGINES},
            **more,
        }
        made = client.post("/jobs", json=asked)
        assert made.status_code == 201, made.text
        assert worker.once()
        return str(made.json()["id"])

    return make


def lying_around(context: Context) -> list[Path]:
    """Every file of somebody's under the data folder."""
    rooms = (context.uploads, context.results, context.work / "artefacts")
    found = [path for room in rooms for path in room.rglob("*") if path.is_file()]
    return [path for path in found if path.name != "owner.lock"]


def rows(context: Context) -> int:
    with context.database.reading() as session:
        tables = (Job, Upload, Task, Stage, Event, Output, ScriptLine)
        return sum(len(session.execute(select(table)).all()) for table in tables)


def make_old(context: Context) -> None:
    """Artefacts that no step holds are kept for a day: let it be over."""
    for path in (context.work / "artefacts").glob("??/*"):
        os.utime(path, (1, 1))


def test_a_deleted_job_leaves_nothing(
    client: httpx.Client, context: Context, finished: Callable[..., str]
) -> None:
    job = finished()
    assert rows(context) > 20
    assert len(lying_around(context)) > 20
    assert client.delete(f"/jobs/{job}").status_code == 204
    assert rows(context) == 0
    make_old(context)
    sweep(context, time.time())
    assert lying_around(context) == []
    with workroom(context) as (_, ledger):
        assert (ledger.counts(), ledger.owners()) == ({}, set())


def test_what_another_job_uses_stays(
    client: httpx.Client,
    context: Context,
    worker: Worker,
    finished: Callable[..., str],
    talk: Path,
    uploaded: Callable[..., str],
) -> None:
    """The upload, and every finished step: the second job is made of the first one's."""
    upload = uploaded(talk)
    first, second = finished(upload), finished(upload)
    steps, held = finished_work(context)
    assert held
    assert client.delete(f"/jobs/{first}").status_code == 204
    make_old(context)
    sweep(context, time.time())
    assert finished_work(context) == (steps, held)
    assert client.delete(f"/jobs/{second}").status_code == 204
    make_old(context)
    sweep(context, time.time())
    assert lying_around(context) == []


def finished_work(context: Context) -> tuple[dict[str, int], set[str]]:
    """Steps, and the artefacts they hold that lie in the store."""
    with workroom(context) as (store, ledger):
        named = {digest for _, outputs in ledger.oldest_first() for digest in _digests(outputs)}
        return ledger.counts(), named & {digest for digest, _ in store.digests()}


def test_jobs_go_when_their_time_is_over(
    client: httpx.Client, context: Context, finished: Callable[..., str]
) -> None:
    """Seven days by default; each job may have its own time."""
    usual, brief = finished(), finished(retention_days=1.0)
    now = time.time()
    for later, left in ((0.9, {usual, brief}), (1.1, {usual}), (6.9, {usual}), (7.1, set())):
        sweep(context, now + later * DAY)
        assert {job["id"] for job in client.get("/jobs").json()["jobs"]} == left
    make_old(context)
    sweep(context, now)
    assert lying_around(context) == []


def test_a_job_that_still_waits_is_not_thrown_away(
    client: httpx.Client, context: Context, talk: Path, uploaded: Callable[..., str], worker: Worker
) -> None:
    asked = {"upload_id": uploaded(talk), "target_languages": ["es"], "settings": {"engines": ENGINES}}
    job = client.post("/jobs", json=asked).json()["id"]
    sweep(context, time.time() + 30 * DAY)
    assert worker.once()
    assert client.get(f"/jobs/{job}").json()["status"] == "completed"


def test_a_server_that_dies_between_rows_and_files_is_cleaned_up_after(
    client: httpx.Client, context: Context, finished: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = finished()
    with monkeypatch.context() as patched:
        patched.setattr(files, "forget_results", lambda *_: (_ for _ in ()).throw(OSError("dead")))
        client.delete(f"/jobs/{job}", headers={"Connection": "close"})
    assert lying_around(context) != []
    make_old(context)
    sweep(context, time.time() + 2 * HOUR)
    assert lying_around(context) == []


def test_old_replies_go(context: Context, client: httpx.Client) -> None:
    asked = replies.Asked("org_local", "key", "print")
    with context.database.writing() as session:
        replies.begin(session, asked, time.time())
    for later, left in ((replies.KEPT - 60, 1), (replies.KEPT + 60, 0)):
        sweep(context, time.time() + later)
        with context.database.reading() as session:
            assert len(session.scalars(select(Reply)).all()) == left


def test_one_corner_that_fails_does_not_keep_the_others(
    client: httpx.Client, context: Context, finished: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    finished()
    rubbish = context.results / "job_nobody" / "file"
    rubbish.parent.mkdir()
    rubbish.touch()
    (context.work / "ledger.sqlite").write_bytes(b"no database")
    sweep(context, time.time())
    assert not rubbish.exists()


def test_the_janitor_goes_round_by_its_clock(context: Context, finished: Callable[..., str]) -> None:
    finished()
    now = [time.time()]

    async def rounds() -> None:
        janitor = Janitor(context, clock=lambda: now[0], every=0.01)
        janitor.start()
        await asyncio.sleep(0.1)
        assert rows(context) > 0
        now[0] += 8 * DAY
        async with asyncio.timeout(10):
            while rows(context):
                await asyncio.sleep(0.01)
        await janitor.stop()

    asyncio.run(rounds())
    assert EVERY <= HOUR


class Chaos:
    """Random states of a data folder, and what of it is alive."""

    def __init__(self, context: Context, seed: int) -> None:
        self.context, self.chance, self.now = context, random.Random(seed), time.time()
        self.made: set[Path] = set()

    def step(self) -> None:
        self.chance.choice((self.upload, self.job, self.take, self.end, self.orphan, self.blob, self.later))()

    def later(self) -> None:
        self.now += self.chance.choice((1.0, HOUR, DAY))

    def file(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        self.made.add(path)

    def upload(self) -> str:
        with self.context.database.writing() as session:
            row = uploads.begin(session, local_principal(), "a.wav", 1, 24.0)
            row.created_at, row.expires_at = self.now, self.now + DAY
            row.completed_at = self.chance.choice((None, self.now))
            upload = row.id
        self.file(files.named_path(self.context, upload, "a.wav"))
        return upload

    def job(self) -> None:
        upload = self.upload()
        with self.context.database.writing() as session:
            new = NewJob(session.get_one(Upload, upload), "dub", "a", ("es",), {}, 1.0, 1.0)
            made = service.create(session, local_principal(), new, Limits(max_queued_jobs=10**6))
            made.created_at, made.expires_at = self.now, self.now + self.chance.choice((HOUR, DAY))

    def any(self, *states: str) -> Task | None:
        with self.context.database.reading() as session:
            found = list(session.scalars(select(Task).where(Task.status.in_(states))))
            session.expunge_all()
        return self.chance.choice(found) if found else None

    def take(self) -> None:
        """By another holder, who begins to write; an earlier one may have left files."""
        if task := self.any(TaskStatus.WAITING, TaskStatus.RUNNING):
            with self.context.database.writing() as session:
                row = session.get_one(Task, task.id)
                row.status, row.fence, row.lease_until = TaskStatus.RUNNING, row.fence + 1, self.now
                session.get_one(Job, task.job_id).status = Status.PROCESSING
            self.file(self.folder(task, task.fence + 1) / "a.es.wav")

    def folder(self, task: Task, fence: int) -> Path:
        return files.results_of(self.context, task.job_id) / f"{task.id}.{fence}"

    def end(self) -> None:
        if task := self.any(TaskStatus.RUNNING):
            good = self.chance.random() < 0.7
            with self.context.database.writing() as session:
                row, job = session.get_one(Task, task.id), session.get_one(Job, task.job_id)
                row.status, row.finished_at = (TaskStatus.DONE if good else TaskStatus.FAILED), self.now
                job.status = Status.COMPLETED if good else Status.FAILED
                if good:
                    path = (self.folder(task, task.fence) / "a.es.wav").relative_to(
                        self.context.settings.data
                    )
                    session.add(output(task.job_id, str(path), self.now))

    def orphan(self) -> None:
        room = self.chance.choice((self.context.uploads, self.context.results))
        self.file(room / new_id("job") / "tsk_x.1" / "file")

    def blob(self) -> None:
        """An artefact, of a step that is finished or of one still at work."""
        with workroom(self.context) as (store, ledger):
            blob = store.put_bytes(self.chance.randbytes(8), "x")
            path = store.path(blob)
            os.utime(path, (self.now, self.now))
            if self.chance.random() < 0.5:
                owner = task.job_id if (task := self.any(*TaskStatus)) else "job_gone"
                ledger.finish(blob.digest, "x", {"x": blob}, seconds=0, media_seconds=0, owner=owner)
            store.scratch.close()
        self.made.add(path)

    def alive(self) -> set[Path]:
        """Told from the rows, without the janitor's own words."""
        live: set[Path] = set()
        with self.context.database.reading() as session:
            jobs = {job.id: job for job in session.scalars(select(Job))}
            for upload in session.scalars(select(Upload)):
                if upload.expires_at > self.now or upload.id in {job.upload_id for job in jobs.values()}:
                    live.add(files.named_path(self.context, upload.id, "a.wav"))
            for output in session.scalars(select(Output)):
                live.add(self.context.settings.data / output.path)
            for task in session.scalars(select(Task).where(Task.status == TaskStatus.RUNNING)):
                live.add(self.folder(task, task.fence) / "a.es.wav")
        with workroom(self.context) as (store, ledger):
            for key, _ in ledger.oldest_first():
                live.add(store.folder / key[:2] / key)
            for path in store.folder.glob("??/*"):
                if path.stat().st_mtime >= self.now - UNHELD:
                    live.add(path)
        return live & self.made


def output(job: str, path: str, now: float) -> Output:
    return Output(
        job_id=job,
        target="es",
        kind="result",
        filename="a.es.wav",
        path=path,
        media_type="audio/wav",
        digest="",
        size=1,
        created_at=now,
    )


def test_no_sweep_deletes_what_is_alive_nor_leaves_rubbish(context: Context) -> None:
    chaos = Chaos(context, seed=int(os.environ.get("DUBLINE_TEST_SEED", "7")))
    for number in range(SWEEPS):
        for _ in range(chaos.chance.randint(1, 4)):
            chaos.step()
        due = overdue(chaos)
        before = chaos.alive() - due
        sweep(context, chaos.now)
        lost = [path for path in before if not path.exists()]
        assert not lost, (number, lost)
        left = [path for path in chaos.made if path.exists() and path not in chaos.alive()]
        assert not left, (number, left)
        chaos.made = {path for path in chaos.made if path.exists()}


def overdue(chaos: Chaos) -> set[Path]:
    """Files of jobs whose time is over: alive by their rows until the sweep, which takes both."""
    found: set[Path] = set()
    with chaos.context.database.reading() as session:
        past = select(Job).where(Job.expires_at <= chaos.now, Job.finished_at.is_(None) | True)
        for job in session.scalars(past):
            if job.status in (Status.COMPLETED, Status.FAILED, Status.CANCELLED):
                found |= {
                    path for path in chaos.made if job.id in path.parts or (job.upload_id or "") in path.parts
                }
                with workroom(chaos.context) as (store, ledger):
                    found |= {store.folder / key[:2] / key for key, _ in ledger.oldest_first()}
    return found


def test_a_queue_of_the_past_is_no_rubbish(context: Context) -> None:
    """A lease that ran out is still somebody's until another one takes the task."""
    chaos = Chaos(context, seed=1)
    chaos.job()
    chaos.take()
    with context.database.writing() as session:
        session.execute(update(Task).values(lease_until=time.time() - 1000))
    before = chaos.alive()
    sweep(context, chaos.now + HOUR)
    assert before
    assert all(path.exists() for path in before)
    with context.database.writing() as session:
        assert queue.claim(session, "next", 4) is not None
    sweep(context, chaos.now + HOUR)
    assert [path for path in before if not path.exists() and context.results in path.parents]
