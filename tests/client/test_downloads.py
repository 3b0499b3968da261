"""Files arrive whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from dubline.client import Client, Damaged, Job, Refused
from tests.client.line import BreakingLine, Fate


def test_a_line_that_breaks(client: Client, line: BreakingLine, dubbed: Job, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    whole = client.download(dubbed.id, out).read_bytes()
    (output,) = (each for each in client.outputs(dubbed.id) if each.kind == "result")
    assert len(whole) == output.size
    line.fates.extend(Fate(down=200_000) for _ in range(3))
    before, told = line.down, list[int]()
    with Client(line.url) as another:
        again = another.download(dubbed.id, out / "mine.wav", progress=lambda here, size: told.append(here))
    assert again.read_bytes() == whole
    assert (told[-1], sorted(told)) == (len(whole), told)
    assert line.down - before < len(whole) + 100_000, "what was here was fetched again"
    assert not line.fates
    assert sorted(path.name for path in out.iterdir()) == ["mine.wav", "talk.es.wav"]


def test_another_program_goes_on(client: Client, line: BreakingLine, dubbed: Job, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(here: int, size: int) -> None:
        if here > size / 2:
            raise Enough

    with pytest.raises(Enough):
        client.download(dubbed.id, tmp_path, progress=stop)
    assert not (tmp_path / "talk.es.wav").exists()
    before = line.down
    with Client(line.url) as another:
        whole = another.download(dubbed.id, tmp_path)
    assert line.down - before < whole.stat().st_size * 0.6


def test_what_came_wrong_gets_no_name(client: Client, dubbed: Job, tmp_path: Path) -> None:
    def spoil(here: int, size: int) -> None:
        (part,) = tmp_path.glob(".*.part")
        with part.open("r+b") as file:
            file.write(b"XXXX")

    with pytest.raises(Damaged):
        client.download(dubbed.id, tmp_path / "talk.wav", progress=spoil)
    assert not list(tmp_path.glob("*talk*"))


def test_kinds(client: Client, dubbed: Job, tmp_path: Path) -> None:
    subtitles = client.download(dubbed.id, tmp_path, kind="subtitles", format="vtt", language="es")
    assert subtitles.read_text().startswith("WEBVTT")
    stems = client.download(dubbed.id, tmp_path, kind="stems", format="voice")
    assert stems.read_bytes()[:4] == b"fLaC"
    with pytest.raises(Refused) as refused:
        client.link(dubbed.id, kind="subtitles", format="zip")
    assert refused.value.code == "format_unknown"


def test_the_key_stays_at_home(line: BreakingLine, dubbed: Job, person: object, tmp_path: Path) -> None:
    """A link may lead to another machine."""
    with Client(line.url) as client:
        link = client.link(dubbed.id, kind="script")
    assert link.media_type == "application/json"
    with Client(line.url, "dbl_secret") as client:
        assert client._connection.plain.get(link.download_url).status_code == 200
        assert "authorization" not in client._connection.plain.headers
