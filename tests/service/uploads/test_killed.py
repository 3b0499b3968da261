"""A server killed in mid-upload loses nothing that it acknowledged (promise U3), and a client that others wrote goes
on through it."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.service.uploads.real_server import RealServer
from tests.service.uploads.tus_client import BYTES, TUS, create, patch

KILLS = int(os.environ.get("DUBLINE_TEST_KILLS", "3"))
"""Nightly: 100."""

CLIENTS = Path(__file__).parents[2] / "clients"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[RealServer]:
    server = RealServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def tus(real: RealServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{real.url}/api/v1/uploads", headers=TUS, timeout=30) as client:
        yield client


def begin_patch(
    real: RealServer, upload: str, start: int, length: int, data: bytes
) -> http.client.HTTPConnection:
    """A request of which only this much is sent."""
    line = http.client.HTTPConnection(httpx.URL(real.url).netloc.decode(), timeout=10)
    line.putrequest("PATCH", f"/api/v1/uploads/{upload}")
    for name, value in {**BYTES, "Upload-Offset": str(start), "Content-Length": str(length)}.items():
        line.putheader(name, value)
    line.endheaders(data)
    return line


def on_disk(real: RealServer, upload: str) -> int:
    (place,) = [path for path in (real.data / "uploads" / upload).iterdir() if path.name != "lock"]
    return place.stat().st_size


def test_u3_a_killed_server_loses_nothing_acknowledged(real: RealServer, tus: httpx.Client) -> None:
    chance = random.Random(3)
    whole = chance.randbytes(KILLS * 2_000_000)
    upload, acknowledged = create(tus, len(whole)), 0
    for number in range(1, KILLS + 1):
        piece = chance.randint(1, 700_000)
        told = patch(tus, upload, acknowledged, whole[acknowledged : acknowledged + piece])
        acknowledged = int(told.headers["upload-offset"])
        sent = chance.randint(0, number * 2_000_000 - acknowledged - 1)
        line = begin_patch(real, upload, acknowledged, len(whole) - acknowledged, whole[acknowledged:][:sent])
        real.kill()
        line.close()
        real.start()
        asked = tus.head(f"/{upload}")
        offset = int(asked.headers["upload-offset"])
        assert acknowledged <= offset <= acknowledged + sent
        assert on_disk(real, upload) == offset
        acknowledged = offset
    assert patch(tus, upload, acknowledged, whole[acknowledged:]).status_code == 204
    assert tus.get(f"/{upload}").json()["digest"] == hashlib.sha256(whole).hexdigest()


def test_u3_killed_at_the_last_byte_it_is_complete_or_not(real: RealServer, tus: httpx.Client) -> None:
    """Never all bytes and yet no file."""
    chance = random.Random(5)
    for _ in range(max(1, KILLS // 2)):
        whole = chance.randbytes(3_000_000)
        upload = create(tus, len(whole))
        line = begin_patch(real, upload, 0, len(whole), whole)
        line.sock.settimeout(chance.random() * 0.05)
        with suppress(TimeoutError):
            line.sock.recv(1)
        real.kill()
        line.close()
        real.start()
        offset = int(tus.head(f"/{upload}").headers["upload-offset"])
        assert tus.get(f"/{upload}").json()["complete"] is (offset == len(whole))
        assert patch(tus, upload, offset, whole[offset:]).status_code == 204
        assert tus.get(f"/{upload}").json()["digest"] == hashlib.sha256(whole).hexdigest()


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node.js")
@pytest.mark.skipif(
    not (CLIENTS / "node_modules" / "tus-js-client").is_dir(), reason="needs: npm ci --prefix tests/clients"
)
def test_tus_js_client_goes_on_through_two_kills(real: RealServer, tus: httpx.Client, tmp_path: Path) -> None:
    whole = random.Random(6).randbytes(60_000_000)
    film = tmp_path / "film.mp4"
    film.write_bytes(whole)
    command = ["node", "tus_upload.mjs", f"{real.url}/api/v1/uploads", str(film), str(8_000_000)]
    with subprocess.Popen(command, cwd=CLIENTS, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout
        marks, told = [len(whole) // 4, len(whole) // 2], {}
        for line in client.stdout:
            told = json.loads(line)
            if marks and told["sent"] > marks[0]:
                marks.pop(0)
                real.kill()
                real.start()
        assert client.wait(60) == 0
    assert not marks
    assert told["retries"] >= 2
    view = tus.get("/" + told["url"].rsplit("/", 1)[-1]).json()
    assert (view["filename"], view["size"], view["complete"]) == ("film.mp4", len(whole), True)
    assert view["digest"] == hashlib.sha256(whole).hexdigest()
