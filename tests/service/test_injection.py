"""Two hundred strings that mean something to a shell, to ffmpeg or to its filters, in every field that people fill
(promise M8): the programs are started with the very same arguments as without them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import httpx
import pytest

from dubline.service.settings import Limits, ServiceSettings
from dubline.worker.loop import Worker
from tests.commands import watched
from tests.service.conftest import ENGINES
from tests.service.uploads.tus_client import BYTES, encoded
from tests.stubbed import make_film

JOBS = int(os.environ.get("DUBLINE_TEST_INJECTED_JOBS", "3"))
"""Whole dubs, with seven of the strings each; at night enough for all of them."""

PAYLOADS = (
    "; touch planted",
    "$(touch planted)",
    "`touch planted`",
    "| touch planted",
    "&& touch planted",
    "|| touch planted",
    "> planted",
    "\ntouch planted",
    "${IFS}touch${IFS}planted",
    "-i /etc/passwd",
    "-f lavfi -i movie=/etc/passwd",
    "-vf movie=/etc/passwd",
    "-filter_complex movie=/etc/passwd",
    "-attach /etc/passwd",
    "-dump_attachment:t planted",
    "-metadata x=y",
    "-y planted",
    "-report",
    "--exec=touch planted",
    "--version",
    "-",
    "--",
    "concat:/etc/passwd|/etc/passwd",
    "subfile,,start,0,end,9,,:/etc/passwd",
    "file:///etc/passwd",
    "pipe:0",
    "http://127.0.0.1:9/x",
    "data:text/plain,x",
    "tee:planted|planted",
    "movie=/etc/passwd[x]",
    "[0:v]null[out];[out]null",
    "',drawtext=textfile=/etc/passwd,'",
    "':force_style='Fontname=x",
    r"\',subtitles=/etc/passwd",
    "%{pts}%{eif:1:d}",
    "%03d.png",
    "%(title)s",
    "{0.__class__}",
    "=:,;'\\[]",
    "@/etc/passwd",
)
FORMS = ("{}", "a{}", "a {} b", "'{}'", '"{}".mp4')
STRINGS = [form.format(payload) for form in FORMS for payload in PAYLOADS]

PLACES = re.compile(r"/\S*|\b(?=\w*\d)\w{8,}\b|\d+(\.\d+)?")
"""Paths, ids and numbers, which differ from run to run."""


@pytest.fixture(name="settings")
def service_settings(tmp_path: Path) -> ServiceSettings:
    limits = Limits(requests_per_minute=0, requests_per_minute_of_key=0)
    return ServiceSettings(data=tmp_path / "data", workers=0, limits=limits)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, talk: Path) -> bytes:
    copy = tmp_path_factory.mktemp("film") / "talk.wav"
    copy.write_bytes(talk.read_bytes())
    return make_film(copy).read_bytes()


def shapes(commands: list[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {tuple(PLACES.sub("#", part) for part in command) for command in commands}


def dubbed(client: httpx.Client, worker: Worker, film: bytes, words: Iterator[str]) -> list[tuple[str, ...]]:
    """The commands of a dub with subtitles in the picture, whose people chose such words."""
    name, title, source, said, kept, label, value = islice(words, 7)
    # A few bytes behind the end: another film to the cache.
    whole = film + b"\xec\x88" + os.urandom(8)
    head = {
        **BYTES,
        "Upload-Length": str(len(whole)),
        "Upload-Metadata": f"filename {encoded(f'{name}.mkv')}",
    }
    sent = client.post("/uploads", content=whole, headers=head)
    asked = {
        "upload_id": sent.headers["location"].rsplit("/", 1)[-1],
        "name": title,
        "source_language": "en",
        "target_languages": ["es"],
        "metadata": {label: value},
        "settings": {
            "engines": ENGINES,
            "burn_subtitles": True,
            "glossary": [[source, said]],
            "do_not_translate": [kept],
        },
    }
    with watched() as commands:
        made = client.post("/jobs", json=asked)
        assert made.status_code == 201, made.text
        assert worker.once()
        job = made.json()["id"]
        status = client.get(f"/jobs/{job}/status").json()
        assert status["status"] == "completed", status["error_message"]
        client.get(f"/jobs/{job}/preview", params={"start_time": 1, "duration": 1})
        return list(commands)


def test_m8_no_word_changes_a_command(
    client: httpx.Client, worker: Worker, film: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(set(STRINGS)) == 200
    monkeypatch.chdir(tmp_path)
    usual = shapes(dubbed(client, worker, film, iter("abcdefg")))
    assert len(usual) >= 5
    step = max(1, len(STRINGS) // (JOBS * 7))
    words = iter(STRINGS[::step])
    for _ in range(min(JOBS, len(STRINGS[::step]) // 7)):
        assert shapes(dubbed(client, worker, film, words)) <= usual
    assert not list(tmp_path.rglob("planted"))


def test_m8_where_a_choice_is_expected_a_word_is_refused(
    client: httpx.Client, uploaded: Callable[..., str], talk: Path
) -> None:
    """And nothing is started for it but the look at the upload."""
    upload = uploaded(talk)
    places = (
        "container",
        "voice_effort",
        "isochrony",
        "formality",
        "separator",
        "synthesizer",
        "source",
        "target",
    )
    with watched() as commands:
        for number, word in enumerate(STRINGS):
            place = places[number % len(places)]
            reply = client.post("/jobs", json=asked_with(upload, place, word))
            assert reply.status_code in (404, 422, 503), (place, word, reply.text)
            assert reply.json()["hint"] or reply.json().get("errors"), (place, word)
        assert not [line for line in commands for part in line if "planted" in part or "passwd" in part]


def asked_with(upload: str, place: str, word: str) -> dict[str, object]:
    engines = {**ENGINES, **({place: word} if place in ENGINES else {})}
    chosen: dict[str, object] = {"engines": engines}
    if place in ("container", "voice_effort", "isochrony", "formality"):
        chosen[place] = word
    return {
        "upload_id": upload,
        "source_language": word if place == "source" else "en",
        "target_languages": [word if place == "target" else "es"],
        "settings": chosen,
    }


def test_the_watch_can_fail() -> None:
    with watched() as commands:
        subprocess.run(["true", "-i /etc/passwd"], check=True)
    assert commands == [("true", "-i /etc/passwd")]
