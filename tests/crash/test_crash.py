"""kill -9 at every stage, at six points of it: the next run goes on and the result is that of a quiet day.

One job is killed in every stage once, each time at the same point within it; every life goes a little farther.
At the end it must have made the same bytes as a run that nobody disturbed, and each step once.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dubline.plans.dub import RENDER, UNDERSTAND
from tests.crash.driver import POINTS
from tests.stubbed import environment, make_talk

HERE = Path(__file__).parent
STAGES = {node.stage.name for node in (*UNDERSTAND, *RENDER)}
TELLING = {
    "separate",
    "isolate",
    "tidy background",
    "transcribe",
    "profile voices",
    "portray speakers",
    "translate",
    "speak",
    "join",
    "mux",
}
"""Stages that say how far they are, and so can be killed in their middle."""
STORING = STAGES - {"slow"}
"""Stages that make something of their own; a film that is not slowed down is handed on as it came."""
DELIVERED = ("talk.es.wav", "talk.es.srt", "talk.es.source.vtt", "talk.es.ass", "talk.es.script.json")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_talk(tmp_path_factory.mktemp("talk") / "talk.wav")


def life(talk: Path, home: Path, out: Path, point: str, spared: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HERE / "driver.py"), str(talk), str(out), point, spared]
    return subprocess.run(
        command, env=environment(home), capture_output=True, text=True, timeout=120, check=False
    )


def made(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in DELIVERED}


@pytest.fixture(scope="module")
def undisturbed(talk: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], str]:
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "out").mkdir()
    done = life(talk, folder / "home", folder / "out", "none", "")
    assert done.returncode == 0, done.stderr
    return made(folder / "out"), done.stdout


BY_DAY = ("working", "storing", "finishing")
"""What is told halfway, half written, or done and not yet told of; the others are between them, and for the night."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "point",
    [point if point in BY_DAY else pytest.param(point, marks=pytest.mark.nightly) for point in POINTS],
)
def test_killed_at_every_stage(
    talk: Path, tmp_path: Path, undisturbed: tuple[dict[str, bytes], str], point: str
) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    out.mkdir()
    died_in: list[str] = []
    while "done" not in (lived := life(talk, home, out, point, "/".join(died_in))).stdout:
        assert lived.returncode == -9, lived.stderr
        died_in.append(lived.stdout.strip().removeprefix("killed in "))
        assert died_in[-1] not in died_in[:-1]
        assert not (out / "talk.es.wav").exists(), "nothing is delivered before all is made"
    last = life(talk, home, out, "none", "")
    assert last.returncode == 0, last.stderr
    expected = {"working": TELLING, "storing": STORING, "stored": STORING}.get(point, STAGES)
    assert set(died_in) == expected
    assert [name for name, content in made(out).items() if content != undisturbed[0][name]] == []
    assert last.stdout == undisturbed[1]
    assert not list((home / "cache/artefacts/tmp").iterdir()), "a dead process's files are swept"
