"""From a web address to a finished job: a real server on loopback, allowed by setting, plays the outside."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Job, Upload
from dubline.worker.loop import Worker
from tests.egress.attackers import Attacker, says
from tests.service.conftest import ENGINES


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
