"""A file and its job in one call: straight to disk, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from fastapi.exceptions import RequestValidationError
from sqlalchemy import func, select

from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.service.uploads import sending
from dubline.service.uploads.request import job_request
from dubline.storage.tables import Upload
from tests.service.conftest import ENGINES, served

SETTINGS = json.dumps({"engines": ENGINES})
BOUNDARY = "a-boundary"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}

HEAD = (
    "POST /api/v1/upload HTTP/1.1\r\nHost: localhost\r\n"
    f"Content-Type: {FORM['Content-Type']}\r\nContent-Length: 9000000\r\n\r\n"
).encode()


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    named = f'; filename="{filename}"' if filename else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


TARGET = part("target_language", b"es")
FIELDS = (TARGET, part("settings", SETTINGS.encode()))


def nothing_left(context: Context) -> bool:
    with context.database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(Upload))
    return not rows and not list(context.uploads.glob("*"))


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("file_first", [True, False])
@pytest.mark.parametrize("told", [True, False], ids=["length told", "in chunks"])
def test_fields_stand_in_any_order(
    client: httpx.Client, context: Context, talk: Path, file_first: bool, told: bool
) -> None:
    file = part("file", talk.read_bytes(), "talk.wav")
    body = form(file, *FIELDS) if file_first else form(*FIELDS, file)
    pieces = (body[start : start + 1000] for start in range(0, len(body), 1000))
    made = client.post("/upload", content=body if told else pieces, headers=FORM)
    assert made.status_code == 202, made.text
    with context.database.reading() as session:
        upload = session.scalars(select(Upload)).one()
    assert upload.size == upload.offset == talk.stat().st_size
    assert upload.digest == hashlib.sha256(talk.read_bytes()).hexdigest()
    assert (context.uploads / upload.id / "source.wav").read_bytes() == talk.read_bytes()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "form_broken"),
        (b"nonsense", 400, "form_broken"),
        (part("file", b"x" * 5000, "a.mp4"), 400, "form_broken"),
        (form(part("file", b"x", "a.mp4"), part("file", b"y", "b.mp4"), TARGET), 400, "form_broken"),
        (form(part("", b"x")), 400, "form_broken"),
        (form(part("file", b"x", "a.mp4"), part("target_language", b"\xff")), 400, "form_broken"),
        (form(*[TARGET] * 101), 400, "form_broken"),
        (f"--{BOUNDARY}\r\n".encode() + b"X: y\r\n" * 1000, 400, "form_broken"),
        (form(TARGET), 422, "request_invalid"),
        (form(part("file", b"x", "a.mp4")), 422, "request_invalid"),
        (form(part("file", b"x", "a.mp4"), TARGET, part("colour", b"red")), 422, "request_invalid"),
        (form(part("file", b"x", "a.mp4"), TARGET, part("settings", b"{")), 422, "request_invalid"),
        (form(part("file", b"x", "a.mp4"), TARGET, part("settings", b"[]")), 422, "request_invalid"),
        (form(part("file", b"x", "a.mp4"), TARGET, part("metadata", b'{"a":1}')), 422, "request_invalid"),
        (form(part("file", b"x", "a.mp4"), TARGET), 422, "not_media"),
        (form(part("file", b"", "a.mp4"), TARGET), 422, "file_empty"),
        (form(part("file", b"x", "a.mp4"), part("name", b"x" * (2 << 20))), 413, "form_too_large"),
    ],
)
def test_what_is_refused_leaves_nothing(
    client: httpx.Client, context: Context, body: bytes, status: int, code: str
) -> None:
    refused = client.post("/upload", content=body, headers=FORM)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert nothing_left(context)


def test_other_kinds_of_bodies_are_refused(client: httpx.Client) -> None:
    for kind in ("application/x-www-form-urlencoded", "video/mp4", "multipart/mixed; boundary=x"):
        refused = client.post("/upload", content=b"x", headers={"Content-Type": kind})
        assert (refused.status_code, refused.json()["code"]) == (415, "not_a_form")
    for kind in ("multipart/form-data", f"multipart/form-data; boundary={'x' * 300}"):
        assert client.post("/upload", content=b"x", headers={"Content-Type": kind}).status_code == 400


def test_targets_may_be_repeated_or_listed() -> None:
    asked = job_request(
        "upl_1", {"target_language": ["es, pt-BR", "de"], "metadata": ['{"a": "b"}'], "name": ["x"]}
    )
    assert asked.target_languages == ["es", "pt-BR", "de"]
    assert (asked.metadata, asked.name, asked.source_language) == ({"a": "b"}, "x", "auto")
    with pytest.raises(RequestValidationError):
        job_request("upl_1", {"target_language": ["es"], "name": ["x", "y"]})


def test_a_client_that_goes_away_leaves_nothing(server: str, context: Context) -> None:
    url = httpx.URL(server)
    with socket.create_connection((url.host, url.port or 0)) as line:
        line.sendall(HEAD + part("file", b"x" * 200_000, "a.mp4"))
        eventually(lambda: bool(list(context.uploads.glob("*/content"))))
    eventually(lambda: nothing_left(context))


def limited(settings: ServiceSettings, **limits: int) -> ServiceSettings:
    return settings.model_copy(update={"limits": settings.limits.model_copy(update=limits)})


def drip(size: int) -> Iterator[bytes]:
    yield part("file", b"", "a.mp4")[:-2]
    for _ in range(size >> 16):
        yield bytes(1 << 16)


def test_a_file_that_is_too_large_is_refused_as_soon_as_one_knows(settings: ServiceSettings) -> None:
    settings = limited(settings, max_upload_bytes=4 << 20)
    with served(_opened(settings)) as url, httpx.Client(base_url=url, timeout=30) as client:
        for content in (drip(1 << 30), b"x" * (6 << 20)):
            refused = client.post("/api/v1/upload", content=content, headers=FORM)
            assert (refused.status_code, refused.json()["code"]) == (413, "upload_too_large")


def _opened(settings: ServiceSettings) -> Context:
    from dubline.service.app import open_context

    return open_context(settings)


def test_room_grows_with_a_file_of_untold_size_up_to_the_quota(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "STEP", 1 << 20)
    context = _opened(limited(settings, max_storage_bytes=5 << 20))
    with served(context) as url:
        refused = httpx.post(f"{url}/api/v1/upload", content=drip(1 << 30), headers=FORM)
        assert (refused.status_code, refused.json()["code"]) == (413, "storage_quota_exceeded")
        fitting = httpx.post(f"{url}/api/v1/upload", content=drip(4 << 20), headers=FORM)
        assert fitting.json()["code"] == "form_broken"
        assert nothing_left(context)


def test_a_sender_that_brings_next_to_nothing_is_cut_off(settings: ServiceSettings) -> None:
    context = _opened(settings.model_copy(update={"upload_patience_seconds": 0.6}))
    with served(context) as address:
        url = httpx.URL(address)
        with socket.create_connection((url.host, url.port or 0), timeout=10) as line:
            line.sendall(HEAD + part("file", b"x" * 200, "a.mp4"))
            assert line.recv(1000).startswith(b"HTTP/1.1 408")
            while line.recv(1000):
                pass
        assert nothing_left(context)


def test_memory_stays_flat_and_nothing_is_spooled(
    client: httpx.Client, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spool))
    client.post("/upload", content=drip(8 << 20), headers=FORM)
    before, most = psutil.Process().memory_info().rss, 0

    def watched() -> Iterator[bytes]:
        nonlocal most
        for number, piece in enumerate(drip(256 << 20)):
            if number % 256 == 0:
                most = max(most, psutil.Process().memory_info().rss)
                assert not list(spool.iterdir())
            yield piece

    assert client.post("/upload", content=watched(), headers=FORM).json()["code"] == "form_broken"
    assert most - before < 32 << 20
    assert nothing_left(context)


def test_sent_again_under_its_key_it_makes_one_job_and_keeps_one_file(
    client: httpx.Client, context: Context, talk: Path
) -> None:
    body, key = form(part("file", talk.read_bytes(), "talk.wav"), *FIELDS), {"Idempotency-Key": "again"}
    first, second = (client.post("/upload", content=body, headers={**FORM, **key}) for _ in range(2))
    assert first.json() == second.json()
    assert len(list(context.uploads.glob("*"))) == 1
