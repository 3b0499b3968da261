"""The examples of docs/api.md are run as they stand, each language as one program, against a real server."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.docs.conftest import Place
from tests.stubbed import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text()
LANGUAGES = ("bash", "python", "js")
NEEDED = {"bash": ("curl", "jq"), "python": (), "js": ("node",)}
WITHOUT = {"Start": LANGUAGES, "Operations": ("python", "js"), "gRPC": ("bash", "js")}
"""Sections in which a language has nothing to show."""
SAID = ("Start", "Asking twice", "Limits and quotas", "Errors")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_run(place: Place, language: str) -> None:
    if missing := [each for each in NEEDED[language] if not shutil.which(each)]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    for name in ("talk.es.mp4", "talk.es.vtt"):
        (place.folder / name).unlink(missing_ok=True)
    receiver = place.hooks if language == "bash" else f"http://127.0.0.1:{place.port}"
    done = place.run(language, "\n".join(blocks(PAGE, language)), receiver)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert (place.folder / "talk.es.mp4").read_bytes()[4:8] == b"ftyp"
    assert (place.folder / "talk.es.vtt").read_text().startswith("WEBVTT")
    for told in ("job.completed", "hook.ping")[: 1 if language == "bash" else 2]:
        assert told in done.stdout


def test_the_first_try_of_the_readme(place: Place) -> None:
    """On this machine, without a key; the server runs already, and elsewhere."""
    (block,) = (each for each in blocks((ROOT / "README.md").read_text(), "sh") if "dubline serve" in each)
    first, *others = block.splitlines()
    assert first.startswith("dubline serve &")
    (place.folder / "talk.es.mp4").unlink(missing_ok=True)
    program = "\n".join(others).replace("http://127.0.0.1:8765", place.url)
    done = place.run("bash", program, place.hooks)
    assert done.returncode == 0, done.stderr
    assert "event: job.completed" in done.stdout
    assert (place.folder / "talk.es.mp4").read_bytes()[4:8] == b"ftyp"


def test_every_section_has_every_language() -> None:
    for section in re.split(r"^## ", PAGE, flags=re.M)[1:]:
        name = section.partition("\n")[0]
        if name not in SAID:
            wanted = set(LANGUAGES) - set(WITHOUT.get(name, ()))
            assert {each for each in LANGUAGES if blocks(section, each)} >= wanted, name
