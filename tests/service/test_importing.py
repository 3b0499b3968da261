"""From a web address to a finished job: a real server on loopback, allowed by setting, plays the outside."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

import dubline
from dubline.egress import Egress
from dubline.service.context import Context
from dubline.service.settings import Limits, ServiceSettings
from dubline.storage.tables import Job, Task, Upload
from dubline.worker.loop import Worker
from tests.egress.attackers import Attacker, endless, leads_to, says, sends, silent
from tests.egress.corpus import forbidden
from tests.service.conftest import ENGINES
from tests.stubbed import ROOT, STUBS


class Files(http.server.BaseHTTPRequestHandler):
    """One file under any path, in ranges, with a tag."""

    protocol_version = "HTTP/1.1"
    content = b""
    ranges: list[str]
    pace: Callable[[int], None] | None = None

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.ranges.append(asked)
        found = re.fullmatch(r"bytes=(\d+)-", asked)
        same = self.headers.get("If-Range", '"one"') == '"one"'
        start = int(found[1]) if found and same else 0
        self.send_response(206 if start else 200)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Content-Length", str(len(self.content) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(self.content) - 1}/{len(self.content)}")
        self.end_headers()
        for at in range(start, len(self.content), 16384):
            if type(self).pace is not None:
                type(self).pace(at)
            self.wfile.write(self.content[at : at + 16384])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def files(talk: Path) -> Iterator[tuple[type[Files], int]]:
    handler = type("OneFile", (Files,), {"content": talk.read_bytes(), "ranges": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield handler, server.server_address[1]
        server.shutdown()


@pytest.fixture
def attacker() -> Iterator[Attacker]:
    with Attacker(says("200 OK", b"secret"), "127.0.0.2") as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, files: tuple[type[Files], int], attacker: Attacker) -> ServiceSettings:
    return ServiceSettings(
        data=tmp_path / "data",
        workers=0,
        egress_http=True,
        egress_ports=(files[1], attacker.port),
        egress_allow=("127.0.0.1/32",),
    )


def order(url: str, **others: object) -> dict[str, object]:
    return {
        "source_url": url,
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
    } | others


def ask(client: httpx.Client, url: str, **others: object) -> str:
    made = client.post("/jobs", json=order(url, **others))
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def test_a_file_becomes_a_finished_dub(
    client: httpx.Client, worker: Worker, context: Context, talk: Path, files: tuple[type[Files], int]
) -> None:
    url = f"http://127.0.0.1:{files[1]}/films/My%20talk.wav?token=1"
    job = ask(client, url, start=1.0, end=9.0)
    waiting = client.get(f"/jobs/{job}/status").json()
    assert [stage["name"] for stage in waiting["stages"]][:2] == ["import", "validation"]
    assert worker.once()
    arrived = client.get(f"/jobs/{job}").json()
    assert (arrived["status"], arrived["name"], arrived["progress"]) == ("uploaded", "My talk", 0.1)
    assert (arrived["source_url"], arrived["media_seconds"]) == (url, 8.0)
    with context.database.reading() as session:
        upload = session.get_one(Upload, session.get_one(Job, job).upload_id)
        assert (upload.filename, upload.size) == ("My talk.wav", talk.stat().st_size)
    assert worker.once()
    done = client.get(f"/jobs/{job}/status").json()
    assert (done["status"], done["progress"]) == ("completed", 1.0)
    assert [stage["status"] for stage in done["stages"]] == ["completed"] * 12
    assert not worker.once()


def test_an_import_goes_on_after_its_worker_was_killed(
    client: httpx.Client, worker: Worker, context: Context, talk: Path, files: tuple[type[Files], int]
) -> None:
    handler, port = files
    released = threading.Event()
    handler.pace = staticmethod(lambda at: at < 131072 or released.wait(60))
    job = ask(client, f"http://127.0.0.1:{port}/talk.wav")
    with worker_process(context) as process:
        wait_for(lambda: sum(part.stat().st_size for part in context.uploads.glob("*/import/part")) >= 131072)
        process.kill()
    released.set()
    lapse(context, job)
    assert worker.once()
    assert client.get(f"/jobs/{job}").json()["error_message"] is None
    assert handler.ranges == ["", "bytes=131072-"]
    (source,) = context.uploads.glob("*/source.wav")
    assert source.read_bytes() == talk.read_bytes()
    assert not list(context.uploads.glob("*/import"))
    stages = client.get(f"/jobs/{job}/status").json()["stages"]
    assert (stages[0]["name"], stages[0]["status"]) == ("import", "completed")


def test_a_file_that_changed_meanwhile_begins_anew(
    client: httpx.Client, worker: Worker, context: Context, talk: Path, files: tuple[type[Files], int]
) -> None:
    handler, port = files
    url = f"http://127.0.0.1:{port}/talk.wav"
    ask(client, url)
    with context.database.reading() as session:
        upload = session.query(Upload).one().id
    folder = context.uploads / upload / "import"
    folder.mkdir(parents=True)
    (folder / "part").write_bytes(b"x" * 50_000)
    (folder / "mark.json").write_text(
        json.dumps({"url": url, "name": "talk.wav", "validator": '"another"', "total": None})
    )
    assert worker.once()
    assert handler.ranges == ["bytes=50000-"]
    (source,) = context.uploads.glob("*/source.wav")
    assert source.read_bytes() == talk.read_bytes()


def test_an_import_is_cancelled_within_seconds(
    client: httpx.Client, worker: Worker, context: Context, files: tuple[type[Files], int]
) -> None:
    handler, port = files
    released = threading.Event()
    handler.pace = staticmethod(lambda at: at < 131072 or released.wait(60))
    job = ask(client, f"http://127.0.0.1:{port}/talk.wav")
    at_work = threading.Thread(target=worker.once)
    at_work.start()
    wait_for(lambda: client.get(f"/jobs/{job}").json()["current_stage"] == "import")
    client.post(f"/jobs/{job}/cancel")
    started = time.monotonic()
    at_work.join(10)
    assert time.monotonic() - started < 5
    assert client.get(f"/jobs/{job}").json()["status"] == "cancelled"
    assert not list(context.uploads.glob("*/import"))
    released.set()


def test_a_cancelled_import_can_be_tried_again(
    client: httpx.Client, worker: Worker, files: tuple[type[Files], int]
) -> None:
    job = ask(client, f"http://127.0.0.1:{files[1]}/talk.wav")
    client.post(f"/jobs/{job}/cancel")
    assert not worker.once()
    client.post(f"/jobs/{job}/retry")
    assert worker.once() and worker.once()
    assert client.get(f"/jobs/{job}").json()["status"] == "completed"


@pytest.mark.parametrize("turns", [0, 1, 2], ids=["not begun", "fetched", "dubbed"])
def test_a_deleted_job_takes_the_video_it_fetched_with_it(
    client: httpx.Client, worker: Worker, context: Context, files: tuple[type[Files], int], turns: int
) -> None:
    job = ask(client, f"http://127.0.0.1:{files[1]}/talk.wav")
    for _ in range(turns):
        assert worker.once()
    if turns < 2:
        client.post(f"/jobs/{job}/cancel")
    assert bool(list(context.uploads.glob("*/source.wav"))) is bool(turns)
    assert client.delete(f"/jobs/{job}").status_code == 204
    assert not list(context.uploads.glob("*"))
    with context.database.reading() as session:
        assert session.query(Upload).count() == 0


def test_no_forbidden_address_is_accepted(
    client: httpx.Client, context: Context, connections: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The corpus of S1 on the path of imports; every name leads inside here, so nobody's name server is asked."""
    usual = dataclasses.replace(context.egress.policy, allowed=())
    monkeypatch.setitem(context.__dict__, "egress", Egress(usual, lambda _: ["127.0.0.2"]))
    for url in forbidden():
        refused = client.post("/jobs", json=order(url))
        assert (refused.status_code, refused.json()["code"]) == (422, "address_refused"), url
    assert {each for each in connections if isinstance(each, tuple)} <= {("127.0.0.1", client.base_url.port)}
    assert client.get("/jobs").json()["jobs"] == []


@pytest.mark.parametrize("given", [{}, {"upload_id": "upl_a", "source_url": "https://a.example/"}])
def test_a_job_has_one_source(client: httpx.Client, given: dict[str, str]) -> None:
    refused = client.post("/jobs", json={"target_languages": ["es"], **given})
    assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid")


def outcome(client: httpx.Client, worker: Worker, url: str) -> tuple[str, str, float]:
    job = ask(client, url)
    started = time.monotonic()
    assert worker.once()
    seconds = time.monotonic() - started
    ended = client.get(f"/jobs/{job}").json()
    assert ended["status"] == "failed"
    return ended["error_code"], ended["error_message"], seconds


class TestFailures:
    """What people are told, with real servers that misbehave."""

    @pytest.fixture
    def bad(self) -> Iterator[dict[str, Attacker]]:
        answers = {
            "silent": silent,
            "banner": sends(b"SSH-2.0-OpenSSH_9.2\r\n"),
            "slams": sends(b""),
            "missing": says("404 Not Found", b"secret path"),
            "broken": says("500 Error", b"stack"),
            "cut": sends(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
            "endless": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
            "page": says("200 OK", b"<html>hello", Content_Type="text/html"),
        }
        with contextlib.ExitStack() as stack:
            yield {name: stack.enter_context(Attacker(answer)) for name, answer in answers.items()}

    @pytest.fixture
    def inward(self, attacker: Attacker) -> Iterator[Attacker]:
        with Attacker(leads_to(attacker.url(host="127.0.0.2"))) as server:
            yield server

    @pytest.fixture
    def settings(
        self, settings: ServiceSettings, bad: dict[str, Attacker], inward: Attacker
    ) -> ServiceSettings:
        ports = (*settings.egress_ports, 9, inward.port, *(each.port for each in bad.values()))
        limits = Limits(max_upload_bytes=1 << 20)
        return settings.model_copy(
            update={"egress_ports": ports, "egress_answer_seconds": 1.0, "limits": limits}
        )

    def test_they_look_alike(self, client: httpx.Client, worker: Worker, bad: dict[str, Attacker]) -> None:
        urls = [bad[name].url("/a.mp4") for name in ("silent", "banner", "slams", "missing", "broken", "cut")]
        told, seconds = set(), []
        for url in ["http://127.0.0.1:9/a.mp4", *urls]:
            code, message, spent = outcome(client, worker, url)
            told.add((code, message))
            seconds.append(spent)
        ((code, message),) = told
        assert code == "import_failed"
        assert not any(word in message for word in ("127", "404", "500", "SSH", "secret", "refused", "timed"))
        assert max(seconds) / min(seconds) < 1.2

    def test_a_redirect_inward_is_refused(
        self, client: httpx.Client, worker: Worker, inward: Attacker, attacker: Attacker
    ) -> None:
        code, message, _ = outcome(client, worker, inward.url("/a.mp4"))
        assert code == "address_refused"
        assert "127" not in message
        assert attacker.visits == 0

    def test_too_much_is_cut_and_leaves_nothing(
        self, client: httpx.Client, worker: Worker, context: Context, bad: dict[str, Attacker]
    ) -> None:
        assert outcome(client, worker, bad["endless"].url("/a.mp4"))[0] == "import_too_large"
        assert not [each for each in context.uploads.rglob("*") if each.is_file()]

    def test_a_page_is_no_video(self, client: httpx.Client, worker: Worker, bad: dict[str, Attacker]) -> None:
        assert outcome(client, worker, bad["page"].url("/a.mp4"))[0] == "not_media"


class TestProxyDown:
    @pytest.fixture
    def settings(self, settings: ServiceSettings) -> ServiceSettings:
        return settings.model_copy(update={"egress_proxy": "http://127.0.0.1:9"})

    def test_imports_fail_closed(
        self, client: httpx.Client, worker: Worker, files: tuple[type[Files], int]
    ) -> None:
        handler, port = files
        for _ in range(3):
            assert outcome(client, worker, f"http://127.0.0.1:{port}/talk.wav")[0] == "import_unavailable"
        assert handler.ranges == []


def wait_for(fact: Callable[[], bool], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


@contextlib.contextmanager
def worker_process(context: Context) -> Iterator[subprocess.Popen[bytes]]:
    here = [str(STUBS), str(ROOT), str(Path(dubline.__file__).parents[1])]
    variables = {
        "PYTHONPATH": os.pathsep.join(here),
        "DUBLINE_WORKER_SETTINGS": context.settings.model_dump_json(),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "dubline.worker"], env={**os.environ, **variables}, stdin=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lapse(context: Context, job: str) -> None:
    """As if the half minute had passed after which a silent worker is taken for dead."""
    with context.database.writing() as session:
        session.query(Task).filter_by(job_id=job).update({"lease_until": 0.0})
