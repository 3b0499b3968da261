"""O8: what stands in the logs, and what never does."""

from __future__ import annotations

import importlib
import io
import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from dubline.domain.errors import EngineError
from dubline.observe.faults import told
from dubline.observe.logs import Logging, configure
from dubline.observe.secrets import HIDDEN, hidden
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.uploads import repository
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person

EMAIL = "rosa.perez@example.org"
SAID = "the-password-of-the-safe-is-swordfish"
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, as a server writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers, root.level
    monkeypatch.setattr(sys, "stderr", stream)
    configure(Logging(format="json", level="debug"))
    yield stream
    root.handlers = before
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@contextmanager
def broken(patch: pytest.MonkeyPatch, where: object, name: str, error: Exception) -> Iterator[None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    with patch.context() as patched:
        patched.setattr(where, name, fail)
        yield


def test_o8_neither_secrets_nor_people_nor_words_are_in_the_logs(
    log: io.StringIO,
    context: Context,
    server: str,
    worker: Worker,
    talk: Path,
    person: Callable[..., Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stubs = importlib.import_module("stub_engines")  # as the registry finds them
    somebody = person(Role.ADMIN)
    client = somebody.client
    asked = {
        "target_language": "es",
        "settings": json.dumps({"engines": ENGINES, "glossary": [["red", SAID]]}),
    }
    with talk.open("rb") as file:
        job = client.post("/upload", files={"file": (f"{EMAIL}.wav", file)}, data=asked).json()["job_id"]
    assert worker.once()
    assert client.get(f"/jobs/{job}").json()["status"] == "completed"
    made = client.post("/users", json={"name": "Rosa", "email": EMAIL, "role": "viewer"})
    assert made.status_code == 201, made.text
    client.post("/users", json={"name": "Rosa", "email": EMAIL, "role": "viewer"})
    key = client.post("/keys", json={"name": SAID}).json()["secret"]
    ticket = client.post(f"/jobs/{job}/stream-ticket").json()["ticket"]
    hook = client.post("/hooks", json={"url": f"https://{EMAIL}:{SAID}@hooks.example/x?token={SAID}"})
    assert hook.status_code >= 400
    with httpx.stream(
        "GET", f"{server}/api/v1/jobs/{job}/events", params={"ticket": ticket, "after": 0}
    ) as s:
        s.read()
    for path in (f"/jobs/{job}?token={SAID}", f"/nowhere/{SAID}?ticket={ticket}", f"/jobs/{EMAIL}"):
        client.get(path)
    httpx.get(f"{server}/api/v1/jobs", headers={"Authorization": f"Bearer {somebody.secret}x"})
    with broken(monkeypatch, repository, "get", RuntimeError(f"{SAID} {EMAIL} {key}")):
        asked_by = {"Authorization": f"Bearer {somebody.secret}"}
        assert httpx.get(f"{server}/api/v1/uploads/upl_x", headers=asked_by, timeout=30).status_code == 500
    for error in (RuntimeError(SAID), KeyError(SAID), EngineError("engine_confused", f"It heard: {SAID}.")):
        with broken(monkeypatch, stubs.StubSynthesizer, "_speak", error):
            _another(client, talk)
            assert worker.once()
    written = log.getvalue()
    secrets = (somebody.secret, key, ticket, EMAIL, "rosa", SAID, "swordfish")
    assert [secret for secret in secrets if secret in written] == []
    said = (*stubs.WORDS, *stubs.SPANISH.values())
    assert [word for word in said if re.search(rf"\b{word}\b", written)] == []
    events = {line["event"] for line in lines(log)}
    assert {"request", "task started", "task ended", "task broke"} <= events


def _another(client: httpx.Client, talk: Path) -> None:
    """A dub that must be spoken anew."""
    _another.count = getattr(_another, "count", 0) + 1  # type: ignore[attr-defined]
    asked = {
        "target_language": "es",
        "settings": json.dumps({"engines": ENGINES, "glossary": [["blue", f"azul {_another.count}"]]}),  # type: ignore[attr-defined]
    }
    with talk.open("rb") as file:
        assert client.post("/upload", files={"file": file}, data=asked).status_code == 202


def test_every_line_of_a_request_and_of_its_job_carries_the_trace(
    log: io.StringIO, client: httpx.Client, worker: Worker, accepted: Callable[..., str], uploaded, talk: Path
) -> None:
    asked = {"upload_id": uploaded(talk), "target_languages": ["es"], "settings": {"engines": ENGINES}}
    made = client.post("/jobs", json=asked, headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    job = made.json()["id"]
    assert worker.once()
    found = lines(log)
    (request,) = [line for line in found if line["event"] == "request"]
    assert (request["method"], request["route"], request["status"]) == ("POST", "/jobs", 201)
    assert request["trace_id"] == TRACE
    assert request["ms"] > 0
    of_job = [line for line in found if line["event"].startswith("task ")]
    assert len(of_job) == 2
    assert all((line["trace_id"], line["job"]) == (TRACE, job) for line in of_job)
    assert client.get(f"/jobs/{job}/profile").json()["trace_id"] == TRACE


def test_an_error_of_ours_is_found_by_the_trace_of_its_reply(
    log: io.StringIO, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dubline.service.jobs import repository as jobs

    with broken(monkeypatch, jobs, "page", RuntimeError(SAID)):
        reply = client.get("/jobs")
    assert reply.status_code == 500
    deadline = time.monotonic() + 20
    while not (faults := [line for line in of_trace(log, reply) if "fault" in line]):
        assert time.monotonic() < deadline  # the reply leaves before the log is written
        time.sleep(0.02)
    told_of, (fault,) = of_trace(log, reply), [line["fault"] for line in faults]
    assert fault[0]["type"] == "RuntimeError"
    assert any("test_logs.py" in place for place in fault[0]["at"])
    assert any(line["event"] == "request" and line["status"] == 500 for line in told_of)


def of_trace(log: io.StringIO, reply: httpx.Response) -> list[dict[str, Any]]:
    return [line for line in lines(log) if line.get("trace_id") == reply.json()["trace_id"]]


def test_faults_are_told_without_their_words() -> None:
    try:
        try:
            raise OSError(28, SAID)
        except OSError as cause:
            raise EngineError("engine_failed", SAID) from cause
    except EngineError as error:
        found = told(error)
    assert [(each["type"], each["code"]) for each in found] == [
        ("dubline.domain.errors.EngineError", "engine_failed"),
        ("OSError", "errno 28"),
    ]
    assert SAID not in json.dumps(found)


@pytest.mark.parametrize(
    "secret",
    [
        "dbl_abcdefgh12345678",
        "whsec_c2VjcmV0c2VjcmV0",
        "Bearer abcdefgh.ijkl",
        "eyJhbGciOi.eyJzdWIi.c2ln",
        EMAIL,
        "https://rosa:swordfish@host.example/",
        "https://host.example/x?ticket=swordfish&a=1",
        "/jobs/1/events?ticket=swordfish",
    ],
)
def test_what_slips_through_is_taken_out(secret: str) -> None:
    found = hidden(f"so it is: {secret} and so on")
    assert secret not in found and "swordfish" not in found
    assert HIDDEN in found and found.endswith(" and so on")


def test_long_values_are_cut() -> None:
    assert len(hidden("x" * 10_000)) < 700


def test_libraries_log_the_same_way(log: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").error("Broken by %s\nfuture: %s", EMAIL, SAID)
    logging.getLogger("httpx").info("GET https://x.example/?token=%s", SAID)
    (line,) = lines(log)
    assert (line["event"], line["level"], line["logger"]) == (f"Broken by {HIDDEN}", "error", "uvicorn.error")


def test_files_are_kept_whole_lines_of_json(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, structlog\n"
        "from dubline.observe.logs import Logging, configure\n"
        "configure(Logging(format='console', file=pathlib.Path(sys.argv[1])))\n"
        "structlog.get_logger('dubline.x').info('hello', number=1)\n"
    )
    place = tmp_path / "logs" / "server.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", program, str(place)], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(place.read_text())["number"] == 1
    assert "hello" in done.stderr and not done.stderr.startswith("{")
    assert done.stdout == ""
