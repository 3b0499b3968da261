"""kill -9 of the worker at every stage of a job of the service, at ten points of it (D1).

As in tests/crash, a job is killed in every stage once, each time at the same point; each life goes a little farther.
At the end it must have what an undisturbed job has, and every event once. All points: pytest -m slow.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Event, Output, Task
from dubline.worker.loop import Worker
from tests.crash.driver import POINTS
from tests.crash.test_crash import STAGES, STORING, TELLING
from tests.service.conftest import ENGINES, served
from tests.service.durability.lives import OWN_POINTS
from tests.stubbed import environment

OFTEN = ("started", "finishing", *OWN_POINTS)
"""On every commit; the others cost as much again."""
EXPECTED = {
    "working": TELLING,
    "storing": STORING,
    "stored": STORING,
    **{point: {point} for point in OWN_POINTS},
}
SAME = ("result", "subtitles.srt", "subtitles.source.vtt", "subtitles.ass")


def outcome(context: Context, job: str) -> dict[str, str]:
    """Digests of what came out, and of the script but for where its source lies."""
    with context.database.reading() as session:
        found = {row.kind: row for row in session.scalars(select(Output).where(Output.job_id == job))}
    script = json.loads((context.settings.data / found["script"].path).read_text())
    script["source"].pop("path")
    return {**{kind: found[kind].digest for kind in SAME}, "script": json.dumps(script, sort_keys=True)}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, talk: Path) -> dict[str, str]:
    data = tmp_path_factory.mktemp("undisturbed") / "data"
    context = open_context(ServiceSettings(data=data, workers=0))
    with Lives(data, data.parent / "home") as lives, served(context) as url:
        with httpx.Client(base_url=f"{url}/api/v1", timeout=60) as client:
            job = accepted(client, talk)
        assert lives.live("none", []) == "idle"
    found = outcome(context, job)
    context.database.close()
    return found


def accepted(client: httpx.Client, talk: Path) -> str:
    settings = json.dumps({"engines": ENGINES, "chunk_minutes": 0.1})
    fields = {"target_language": "es", "source_language": "en", "settings": settings}
    with talk.open("rb") as file:
        made = client.post("/upload", files={"file": file}, data=fields)
    assert made.status_code == 202, made.text
    return str(made.json()["job_id"])


class Lives:
    def __init__(self, data: Path, home: Path) -> None:
        script = Path(__file__).with_name("lives.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), str(data)],
            env=environment(home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Lives:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)

    def live(self, point: str, spared: list[str]) -> str:
        """How a worker's life ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{point} {'/'.join(spared)}\n")
        self._process.stdin.flush()
        while line := self._process.stdout.readline():
            if line.startswith(("idle", "killed in ")):
                return line.strip()
        raise AssertionError("the lives are over")


@pytest.fixture
def lives(context: Context, home: Path) -> Iterator[Lives]:
    with Lives(context.settings.data, home) as started:
        yield started


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(point, marks=() if point in OFTEN else pytest.mark.slow)
        for point in (*POINTS, *OWN_POINTS)
    ],
)
def test_a_job_survives_the_death_of_its_worker_anywhere(
    client: httpx.Client,
    context: Context,
    lives: Lives,
    talk: Path,
    undisturbed: dict[str, str],
    point: str,
) -> None:
    job = accepted(client, talk)
    died_in: list[str] = []
    while (ended := lives.live(point, died_in)) != "idle":
        died_in.append(ended.removeprefix("killed in "))
        assert died_in[-1] not in died_in[:-1]
        blameless(context)
    assert set(died_in) == EXPECTED.get(point, STAGES)
    assert client.get(f"/jobs/{job}").json()["status"] == "completed"
    assert outcome(context, job) == undisturbed
    with context.database.reading() as session:
        events = session.execute(select(Event.number, Event.kind).order_by(Event.id)).all()
    assert [number for number, _ in events] == list(range(1, len(events) + 1))
    kinds = [kind for _, kind in events]
    assert (kinds.count("job.created"), kinds.count("job.completed")) == (1, 1)
    assert not list((context.work / "artefacts" / "tmp").iterdir()), "a dead worker's files are swept"


def blameless(context: Context) -> None:
    """We took the worker's life, not the file: it is not to be given up after three attempts, nor to wait."""
    with context.database.writing() as session:
        session.execute(update(Task).values(attempts=0, not_before=0.0))


DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda content: content[: len(content) // 2],
    lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    lambda _: b"",
]


def test_damaged_work_is_found_and_made_again(
    client: httpx.Client, context: Context, talk: Path, worker: Worker, undisturbed: dict[str, str]
) -> None:
    """Every artefact of a job truncated, or one bit of it turned, before a second job wants to use it (D19)."""
    assert accepted(client, talk)
    assert worker.once()
    artefacts = [path for path in sorted((context.work / "artefacts").glob("??/*")) if path.stat().st_size]
    assert len(artefacts) > 20
    for number, path in enumerate(artefacts):
        path.write_bytes(DAMAGES[number % len(DAMAGES)](path.read_bytes()))
    again = accepted(client, talk)
    until = time.monotonic() + 120
    while client.get(f"/jobs/{again}").json()["status"] not in ("completed", "failed"):
        assert time.monotonic() < until
        worker.once()
        blameless(context)
    assert client.get(f"/jobs/{again}").json()["status"] == "completed"
    assert outcome(context, again) == undisturbed
