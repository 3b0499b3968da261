"""Uploads arrive whole through broken lines and killed servers, and only what is missing is sent."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dubline.client import Client, ConnectionLost, Damaged, Sent, uploads
from tests.client.line import BreakingLine, Fate
from tests.service.uploads.real_server import RealServer


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "täglich, №1.mp4"
    path.write_bytes(random.Random(1).randbytes(3_000_000))
    return path


def test_a_line_that_breaks_again_and_again(client: Client, line: BreakingLine, film: Path) -> None:
    chance = random.Random(2)
    line.fates.extend(Fate(up=chance.randint(100_000, 600_000)) for _ in range(6))
    told: list[Sent] = []
    done = client.upload(film, progress=told.append)
    assert (done.complete, done.size, done.filename) == (True, 3_000_000, film.name)
    assert (told[0].bytes, told[-1].bytes, told[-1].fraction) == (0, 3_000_000, 1.0)
    assert not line.fates


def test_small_pieces(client: Client, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PIECE", 700_001)
    assert client.upload(film).complete


def test_a_server_that_is_killed(tmp_path: Path, film: Path) -> None:
    server = RealServer(tmp_path)
    server.start()
    kills = [0.3]

    def kill(sent: Sent) -> None:
        if kills and sent.fraction > kills[0]:
            kills.pop(0)
            server.kill()
            server.start()

    try:
        with Client(server.url) as client:
            assert client.upload(film, progress=kill).complete
    finally:
        server.stop()
    assert not kills


def test_another_program_goes_on(client: Client, line: BreakingLine, film: Path) -> None:
    begun: list[str] = []

    class Enough(Exception):
        pass

    def stop_half_way(sent: Sent) -> None:
        begun.append(sent.upload_id)
        if sent.fraction >= 0.5:
            raise Enough

    with pytest.raises(Enough):
        client.upload(film, progress=stop_half_way)
    with Client(line.url) as another:
        done = another.upload(film, resume=begun[0])
    assert done.id == begun[0]
    assert line.up < 3_500_000, "what was here was sent again"


def test_a_file_that_is_another_one_is_noticed(client: Client, film: Path, tmp_path: Path) -> None:
    begun = client.upload(film).id
    other = tmp_path / "other.mp4"
    other.write_bytes(b"x" * 3_000_000)
    with pytest.raises(Damaged, match="is not the file"):
        client.upload(other, resume=begun)
    other.write_bytes(b"x")
    with pytest.raises(Damaged, match="3000000 bytes"):
        client.upload(other, resume=begun)


def test_patience_ends(film: Path) -> None:
    with Client("http://127.0.0.1:9", patience=0.5) as client, pytest.raises(ConnectionLost) as told:
        client.upload(film)
    assert not told.value.sent
