"""A line that is dead without anybody knowing does not keep its upload from being resumed, and bytes of two senders
never mix (promise U4). Two servers over the same data behave like one."""

from __future__ import annotations

import hashlib
import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.uploads import files, holding
from tests.service.conftest import served
from tests.service.uploads.tus_client import BYTES, TUS, content, create, offset, patch

RACES = int(os.environ.get("DUBLINE_TEST_RACES", "8"))
"""Nightly: 500."""


@contextmanager
def half_open(server: str, upload: str, start: int, data: bytes, length: int) -> Iterator[socket.socket]:
    """A PATCH that says more is coming, and then says nothing any more."""
    url = httpx.URL(server)
    with socket.create_connection((url.host, url.port or 0), timeout=10) as line:
        head = [
            f"PATCH /api/v1/uploads/{upload} HTTP/1.1",
            "Host: localhost",
            f"Upload-Offset: {start}",
            f"Content-Length: {length}",
            *(f"{name}: {value}" for name, value in BYTES.items()),
        ]
        line.sendall("\r\n".join([*head, "", ""]).encode() + data)
        yield line


def until_written(context: Context, upload: str) -> None:
    """The request has come so far that it holds the upload."""
    deadline = time.monotonic() + 10
    while not holding.is_held(context, upload):
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def other_server(context: Context) -> Iterator[str]:
    """Another one over the same data, which knows nothing of the first one's requests."""
    with served(open_context(context.settings)) as url:
        yield url


@pytest.fixture(params=["the same server", "another server"])
def elsewhere(request: pytest.FixtureRequest, server: str) -> str:
    """Where the sender is when it comes back."""
    return server if request.param == "the same server" else str(request.getfixturevalue("other_server"))


def client_of(server: str) -> httpx.Client:
    return httpx.Client(base_url=f"{server}/api/v1/uploads", headers=TUS, timeout=30)


def test_u4_a_dead_line_does_not_block_who_comes_back(
    server: str, elsewhere: str, tus: httpx.Client, context: Context
) -> None:
    whole = random.Random(1).randbytes(500_000)
    upload = create(tus, len(whole))
    with half_open(server, upload, 0, whole[:200_000], len(whole)) as line, client_of(elsewhere) as back:
        until_written(context, upload)
        began = time.monotonic()
        kept = offset(back, upload)
        assert patch(back, upload, kept, whole[kept:]).status_code == 204
        assert time.monotonic() - began < 5
        assert line.recv(1000).startswith(b"HTTP/1.1 409")
    assert content(context, upload) == whole


def test_u4_of_two_writers_the_later_one_wins(
    server: str, elsewhere: str, tus: httpx.Client, context: Context
) -> None:
    upload = create(tus, 100)
    with half_open(server, upload, 0, b"", 100), client_of(elsewhere) as back:
        until_written(context, upload)
        assert patch(back, upload, 0, b"b" * 100).status_code == 204
    assert content(context, upload) == b"b" * 100


def test_u4_deleting_ends_whoever_writes(server: str, tus: httpx.Client, context: Context) -> None:
    upload = create(tus, 100)
    with half_open(server, upload, 0, b"a", 100) as line:
        until_written(context, upload)
        assert tus.delete(f"/{upload}").status_code == 204
        assert line.recv(1000).startswith(b"HTTP/1.1 409")
    assert not files.folder_of(context, upload).exists()


def test_u4_whoever_does_not_let_go_keeps_it(
    tus: httpx.Client, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that hangs: better refused than mixed."""
    monkeypatch.setattr(holding, "PATIENCE", 0.2)
    upload = create(tus, 100)
    patch(tus, upload, 0, b"a")
    lock = os.open(files.lock_of(context, upload), os.O_RDWR)
    try:
        assert holding._try_lock(lock)
        refused = patch(tus, upload, 1, b"b")
        assert (refused.status_code, refused.json()["code"]) == (423, "upload_locked")
    finally:
        os.close(lock)
    assert patch(tus, upload, 1, b"b").status_code == 204


Sent = tuple[int, bytes]
"""Where a request's bytes were to stand, and they."""


@dataclass
class Sender:
    """Goes on from whatever offset it is told, each time with bytes that nobody else sends."""

    servers: list[str]
    upload: str
    size: int
    chance: random.Random
    sent: list[Sent] = field(default_factory=list)

    def run(self) -> None:
        while True:
            with client_of(self.chance.choice(self.servers)) as client:
                asked = client.head(f"/{self.upload}")
                start = int(asked.headers.get("upload-offset", 0))
                if start == self.size:
                    return
                self._send(client, start, self.chance.randint(1, self.size - start))

    def _send(self, client: httpx.Client, start: int, length: int) -> None:
        data = self.chance.randbytes(length)
        self.sent.append((start, data))
        pieces = (data[at : at + 7_000] for at in range(0, length, 7_000))
        headers = {**BYTES, "Upload-Offset": str(start), "Content-Length": str(length)}
        try:
            client.patch(f"/{self.upload}", content=pieces, headers=headers)
        except httpx.TransportError:
            return  # cut off by somebody who came later


def unmixed(whole: bytes, sent: list[Sent]) -> bool:
    """Whether the file is beginnings of requests, each standing where it was meant to, one behind the other."""
    place, ends = 0, {start for start, _ in sent} | {len(whole)}
    while place < len(whole):
        reached = max(
            (
                end
                for start, data in sent
                for end in ends
                if start == place and whole[start:end] == data[: end - start]
            ),
            default=place,
        )
        if reached <= place:
            return False
        place = reached
    return True


def test_u4_racing_senders_never_mix_their_bytes(
    server: str, other_server: str, tus: httpx.Client, context: Context
) -> None:
    chance = random.Random(4)
    for _ in range(RACES):
        size = chance.randint(1, 400_000)
        upload = create(tus, size)
        senders = [
            Sender([server, other_server], upload, size, random.Random(chance.random())) for _ in range(3)
        ]
        threads = [threading.Thread(target=sender.run) for sender in senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        whole = content(context, upload)
        assert len(whole) == size
        assert unmixed(whole, [each for sender in senders for each in sender.sent])
        assert tus.get(f"/{upload}").json()["digest"] == hashlib.sha256(whole).hexdigest()
        tus.delete(f"/{upload}")
