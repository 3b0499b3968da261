"""Two hundred files that mean harm, sent in by people (promises M1 and M2): each is refused with a code and a word of
advice, in time; nobody else's file, no secret and no database is opened for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from dubline.service.settings import Limits, ServiceSettings
from tests.connections import watched as connections
from tests.media.hostile import CANARY, corpus, liars, pointers
from tests.opened import watched as opened

SECONDS = 10.0


@pytest.fixture(name="settings")
def service_settings(tmp_path: Path) -> ServiceSettings:
    limits = Limits(requests_per_minute=0, requests_per_minute_of_key=0)
    return ServiceSettings(data=tmp_path / "data", workers=0, limits=limits)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """What stands for a secret of the machine."""
    path = tmp_path / "secret.txt"
    path.write_text(CANARY * 50)
    return path


def send(client: httpx.Client, name: str, raw: bytes) -> httpx.Response:
    started = time.monotonic()
    reply = client.post("/upload", files={"file": (name, raw)}, data={"target_language": "es"})
    assert time.monotonic() - started < SECONDS, name
    return reply


def test_m1_every_hostile_file_is_refused_with_its_code(
    client: httpx.Client, canary: Path, settings: ServiceSettings
) -> None:
    files = corpus(canary)
    assert len(files) >= 150
    wrong = []
    port = client.base_url.port
    with opened(canary) as watch, connections() as made:
        for name, raw, codes in files:
            reply = send(client, name, raw)
            told = reply.json()
            if reply.status_code // 100 != 4 or told["code"] not in codes:
                wrong.append((name, reply.status_code, told.get("code")))
            assert told["detail"], name
            assert told["hint"], name
            assert CANARY not in reply.text, name
        assert watch.count() == 0
        assert all(isinstance(address, tuple) and address[1] == port for address in made)
    assert not wrong
    assert not client.get("/jobs").json()["jobs"]
    assert not any(path.is_file() for path in (settings.data / "uploads").rglob("*"))


def test_the_watch_can_fail(canary: Path) -> None:
    with opened(canary) as watch:
        canary.read_text()
        assert watch.count() > 0


def test_m2_no_list_opens_what_belongs_to_others(
    client: httpx.Client, settings: ServiceSettings, talk: Path, uploaded: Callable[..., str]
) -> None:
    """Neither a stranger's upload nor what links are signed with, whatever kind of list names it."""
    assert settings.secret
    uploaded(talk)
    (other,) = [path for path in (settings.data / "uploads").rglob("source*") if path.is_file()]
    for target in (other, settings.data / "secret"):
        lists = [*pointers(target), *(file for file in liars(target) if file[0].startswith("outside"))]
        with opened(target) as watch:
            for name, raw, _ in lists:
                assert send(client, name, raw).status_code // 100 == 4, name
            assert watch.count() == 0, target.name
