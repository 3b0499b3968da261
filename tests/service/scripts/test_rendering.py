"""From an edit to files that say it: what is made anew, what is served meanwhile, and what becomes of a render that
is killed, fails, is called off or is overtaken."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from dubline.api.workshop import workshop
from dubline.domain.errors import UserError
from dubline.service.access.local import local_principal
from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.jobs import queue
from dubline.service.jobs.accepting import accept
from dubline.service.jobs.schemas import JobRequest
from dubline.service.settings import ServiceSettings
from dubline.storage.ledger import Ledger
from dubline.storage.tables import Event, Output, Task, UsageEntry
from dubline.worker import rendering
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, put_upload
from tests.service.scripts.conftest import Desk
from tests.stubbed import environment


@dataclass(frozen=True)
class Dubbed:
    """A job that was done by the stub engines, in a data folder at rest."""

    data: Path
    job: str


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, talk: Path) -> Dubbed:
    """Made once: each test works on a copy."""
    place = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBLINE_HOME", str(place / "home"))
        context = open_context(ServiceSettings(data=place / "data", workers=0))
        asked = JobRequest(
            upload_id=put_upload(context, talk, None, None),
            source_language="en",
            target_languages=["es"],
            settings={"engines": ENGINES},
        )
        job = accept(context, local_principal(), asked)
        with workshop(context.work) as shop:
            assert Worker(context, shop).once()
        context.database.close()
    return Dubbed(place / "data", job.id)


@pytest.fixture
def settings(tmp_path: Path, finished: Dubbed) -> ServiceSettings:
    shutil.copytree(finished.data, tmp_path / "data")
    return ServiceSettings(data=tmp_path / "data", workers=0)


@pytest.fixture
def dubbed(client: httpx.Client, finished: Dubbed) -> Desk:
    return Desk(client, finished.job)


def render(desk: Desk, *lines: str) -> dict[str, Any]:
    asked = {"lines": list(lines)} if lines else {}
    sent = desk.send("POST", "/render", **asked)
    assert sent.status_code == 202, sent.text
    return dict(sent.json())


def takes(desk: Desk) -> dict[str, Any]:
    return {line["id"]: line["take"] and line["take"]["sound"]["digest"] for line in desk.script()["lines"]}


def made(context: Context) -> dict[str, int]:
    ledger = Ledger(context.work / "ledger.sqlite")
    try:
        return ledger.counts()
    finally:
        ledger.close()


def served(context: Context, job: str) -> dict[str, tuple[str, str]]:
    """Kind of file → its digest as told and as it is."""
    with context.database.reading() as session:
        rows = list(session.scalars(select(Output).where(Output.job_id == job)))
    places = {row.kind: (row.digest, context.settings.data / row.path) for row in rows}
    return {
        kind: (digest, hashlib.sha256(place.read_bytes()).hexdigest())
        for kind, (digest, place) in places.items()
    }


def events(context: Context, job: str) -> list[tuple[str, dict[str, Any]]]:
    with context.database.reading() as session:
        rows = session.scalars(select(Event).where(Event.job_id == job).order_by(Event.number))
        return [(row.kind, row.data) for row in rows]


def test_an_edit_speaks_one_line_anew(context: Context, worker: Worker, dubbed: Desk) -> None:
    """Counted in the ledger: one take, and what depends on it without any model."""
    before, steps, files = takes(dubbed), made(context), served(context, dubbed.job)
    other = dubbed.script()["lines"][1]
    assert dubbed.patch("L0001", text="Verde verde azul.").is_success
    assert dubbed.target()["state"] == "stale"
    assert dubbed.line("L0001")["take"] is None
    assert served(context, dubbed.job) == files, "the old files are served until the new ones are whole"
    reply = render(dubbed)
    assert (reply["queued"], reply["state"], reply["rendered"]) == (True, "stale", 1)
    assert worker.once()
    after = takes(dubbed)
    new = {stage: count - steps.get(stage, 0) for stage, count in made(context).items()}
    spoken = new.pop("speak")
    assert 1 <= spoken <= 2
    assert {stage for stage, count in new.items() if count} <= {
        "order takes", "order retakes", "fit", "arrange", "mix", "join", "subtitle", "mux", "check", "draw waveforms",
    }  # fmt: skip
    assert after["L0001"] not in (None, before["L0001"])
    assert {line: take for line, take in after.items() if line != "L0001"} == {
        line: take for line, take in before.items() if line != "L0001"
    }
    target = dubbed.target()
    assert (target["state"], target["revision"], target["rendered"]) == ("current", 2, 2)
    assert dubbed.line("L0001")["text"] == "Verde verde azul."
    assert dubbed.line("L0001")["fit"] is not None
    assert dubbed.line(other["id"])["revision"] == 1
    now = served(context, dubbed.job)
    assert set(now) == set(files)
    assert all(told == true for told, true in now.values())
    assert now["result"] != files["result"]
    left = [path for path in (context.results / dubbed.job).rglob("*") if path.is_file()]
    assert len(left) == len(now), "nothing of the old files stays"
    assert dubbed.client.get(f"/jobs/{dubbed.job}").json()["status"] == "completed"


def test_events_tell_of_it(context: Context, worker: Worker, dubbed: Desk) -> None:
    known = len(events(context, dubbed.job))
    dubbed.patch("L0001", text="Verde.")
    dubbed.patch("L0002", text="Azul.")
    render(dubbed)
    render(dubbed)
    assert worker.once()
    assert not worker.once(), "one that waits takes the newest script"
    told = events(context, dubbed.job)[known:]
    assert [kind for kind, _ in told if kind != "job.rendering"] == ["job.stale", "job.rendered"]
    assert told[0][1]["language"] == "es"
    assert (told[-1][1]["rendered"], told[-1][1]["state"]) == (3, "current")
    assert all(data["status"] == "completed" for _, data in told)
    with context.database.reading() as session:
        assert session.scalars(select(UsageEntry.kind)).all() == ["dub", "render"]


def test_what_is_current_is_not_rendered(worker: Worker, dubbed: Desk) -> None:
    reply = render(dubbed)
    assert (reply["queued"], reply["state"]) == (False, "current")
    assert not worker.once()


def test_an_undone_edit_costs_no_model(context: Context, worker: Worker, dubbed: Desk) -> None:
    before, first = takes(dubbed), served(context, dubbed.job)["result"]
    dubbed.patch("L0001", text="Verde verde azul.")
    render(dubbed)
    assert worker.once()
    dubbed.whole("/undo")
    assert dubbed.target()["state"] == "stale"
    steps = made(context)["speak"]
    render(dubbed)
    assert worker.once()
    assert made(context)["speak"] == steps
    assert takes(dubbed) == before
    assert served(context, dubbed.job)["result"] == first


def test_another_take_is_made_of_a_line_nobody_changed(
    context: Context, worker: Worker, dubbed: Desk
) -> None:
    before = takes(dubbed)
    reply = render(dubbed, "L0002")
    assert (reply["queued"], reply["revision"]) == (True, 2)
    assert "slower or quicker" in reply["message"]
    assert worker.once()
    after = takes(dubbed)
    assert [line for line in after if after[line] != before[line]] == ["L0002"]
    assert dubbed.line("L0002")["text"] == dubbed.line("L0002")["take"]["text"]
    assert dubbed.send("POST", "/render", lines=["L0099"]).json()["code"] == "line_not_found"
    dubbed.whole("/undo")
    render(dubbed)
    assert worker.once()
    assert takes(dubbed) == before, "and the one from before is found again"


def test_every_kind_of_edit_is_rendered(context: Context, worker: Worker, dubbed: Desk) -> None:
    lines = {line["id"]: line for line in dubbed.script()["lines"]}
    first, second, third, fourth, *_ = lines
    assert dubbed.send(
        "POST", f"/lines/{first}/split", 1, character=lines[first]["text"].index(" ")
    ).is_success
    assert dubbed.patch(second, keep_original=True).is_success
    assert dubbed.patch(third, voice="stub:high").is_success
    assert dubbed.send("DELETE", f"/lines/{fourth}", 1).is_success
    assert dubbed.whole("/lines", start=13.5, end=14.0, speaker="S1", text="Rojo.").is_success
    render(dubbed)
    assert worker.once()
    script = dubbed.script()
    assert script["state"] == "current", script["error_message"]
    assert not any(line["stale"] for line in script["lines"])
    spoken = {line["id"]: line["take"] is not None for line in script["lines"]}
    assert fourth not in spoken
    assert [line for line, take in spoken.items() if not take] == [second]
    assert dubbed.line(third)["take"]["voice"]["name"] == "high"


def test_an_edit_during_a_render_leaves_it_stale(
    context: Context, worker: Worker, dubbed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dubbed.patch("L0001", text="Verde verde azul.")
    render(dubbed)
    real = rendering.carry_out

    def edited_meanwhile(*given: Any) -> Any:
        done = real(*given)
        assert dubbed.patch("L0002", text="Azul azul.").is_success
        assert dubbed.patch("L0001", text="Negro.").is_success
        return done

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "carry_out", edited_meanwhile)
        assert worker.once()
    target = dubbed.target()
    assert (target["state"], target["revision"], target["rendered"]) == ("stale", 4, 2)
    assert (dubbed.line("L0001")["text"], dubbed.line("L0001")["take"]) == ("Negro.", None)
    render(dubbed)
    assert worker.once()
    assert dubbed.target()["state"] == "current"
    assert dubbed.line("L0001")["take"]["text"] == "Negro."


def test_a_render_that_fails_leaves_the_old_files_and_says_why(
    context: Context, worker: Worker, dubbed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = served(context, dubbed.job)
    dubbed.patch("L0001", text="Verde.")
    render(dubbed)

    def refused(*_: Any) -> Any:
        raise UserError("voice_gone", "That voice is gone.", hint="Choose another one.")

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "carry_out", refused)
        assert worker.once()
    target = dubbed.target()
    assert (target["state"], target["error_code"], target["rendered"]) == ("failed", "voice_gone", 1)
    assert target["error_message"] == "That voice is gone. Choose another one."
    assert served(context, dubbed.job) == files
    assert dubbed.client.get(f"/jobs/{dubbed.job}").json()["status"] == "completed"
    assert events(context, dubbed.job)[-1][0] == "job.render_failed"
    assert render(dubbed)["state"] == "stale"
    assert worker.once()
    target = dubbed.target()
    assert (target["state"], target["error_code"]) == ("current", None)


def test_a_render_is_called_off(context: Context, worker: Worker, dubbed: Desk) -> None:
    dubbed.patch("L0001", text="Verde.")
    render(dubbed)
    assert dubbed.client.delete(f"{dubbed.path}/render").status_code == 200
    assert not worker.once()
    assert dubbed.target()["state"] == "stale"
    assert dubbed.client.delete(f"{dubbed.path}/render").json()["code"] == "nothing_to_cancel"


def test_a_job_deleted_during_a_render_leaves_nothing(
    context: Context, worker: Worker, dubbed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called off, then deleted before its worker has noticed."""
    dubbed.patch("L0001", text="Verde.")
    render(dubbed)
    real = rendering.carry_out

    def deleted_meanwhile(*given: Any) -> Any:
        assert dubbed.send("DELETE", "/render").is_success
        assert dubbed.client.delete(f"/jobs/{dubbed.job}").status_code == 204
        return real(*given)

    monkeypatch.setattr(rendering, "carry_out", deleted_meanwhile)
    assert worker.once()
    assert not (context.results / dubbed.job).exists()


def test_a_killed_render_goes_on(context: Context, worker: Worker, dubbed: Desk, home: Path) -> None:
    """The worker's process is killed in the middle; another one takes the task up when its lease is over."""
    files = served(context, dubbed.job)
    dubbed.patch("L0001", text="Verde verde azul blanco.")
    render(dubbed)
    before = made(context)["order takes"]
    process = subprocess.Popen(
        [sys.executable, "-m", "dubline.worker"],
        env={**environment(home), "DUBLINE_WORKER_SETTINGS": context.settings.model_dump_json()},
        stdin=subprocess.PIPE,
    )
    try:
        until(lambda: made(context)["order takes"] > before, "the render has begun")
    finally:
        process.kill()
        process.wait()
    assert served(context, dubbed.job) == files
    with context.database.writing() as session:
        task = session.scalars(select(Task).where(Task.kind == "render")).one()
        assert task.status in ("running", "done")
        if task.status == "running":
            task.lease_until = time.time() - 1
    worker.once()
    assert dubbed.target()["state"] == "current"
    assert dubbed.line("L0001")["take"]["text"] == "Verde verde azul blanco."


def until(fact: Callable[[], bool], what: str, patience: float = 300.0) -> None:
    deadline = time.monotonic() + patience
    while not fact():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_a_late_render_does_not_take_the_place_of_a_newer_one(
    context: Context, worker: Worker, dubbed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dubbed.patch("L0001", text="Verde.")
    render(dubbed)
    real, inside = rendering.carry_out, []

    def overtaken(*given: Any) -> Any:
        if not inside:
            inside.append(True)
            dubbed.patch("L0001", text="Azul.")
            render(dubbed)
            assert worker.once(), "somebody else renders the newer one"
        return real(*given)

    monkeypatch.setattr(rendering, "carry_out", overtaken)
    assert worker.once()
    target = dubbed.target()
    assert (target["state"], target["rendered"]) == ("current", 3)
    assert dubbed.line("L0001")["take"]["text"] == "Azul."
    assert all(told == true for told, true in served(context, dubbed.job).values())


def test_a_lost_lease_writes_nothing(context: Context, worker: Worker, dubbed: Desk) -> None:
    dubbed.patch("L0001", text="Verde.")
    render(dubbed)
    with context.database.writing() as session:
        claim = queue.claim(session, "late", 4, time.time())
    assert claim is not None
    with context.database.writing() as session:
        task = session.get_one(Task, claim.task)
        task.fence += 1
    with pytest.raises(queue.LeaseLost):
        rendering.fail(context, claim, "code", "message", time.time())
    assert dubbed.target()["error_code"] is None
    assert (context.results / dubbed.job).is_dir()


def test_a_job_whose_render_waits_or_runs_is_not_deleted(context: Context, dubbed: Desk) -> None:
    """The render would be lost with it."""
    assert dubbed.patch("L0001", text="Verde verde azul.").is_success
    assert render(dubbed)["queued"]
    for running in (False, True):
        if running:
            with context.database.writing() as session:
                assert queue.claim(session, "somebody", 4) is not None
        refused = dubbed.client.delete(f"/jobs/{dubbed.job}")
        assert (refused.status_code, refused.json()["code"]) == (409, "job_running"), running
        assert "/scripts/es/render" in refused.json()["hint"]
    assert dubbed.send("DELETE", "/render").is_success
    assert dubbed.client.delete(f"/jobs/{dubbed.job}").status_code == 204
