"""Dubs with the stub engines: everything real but the models."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from dubline.ports import registry
from dubline.sound import files
from dubline.sound.pcm import Sound

ROOT = Path(__file__).resolve().parents[1]
STUBS = Path(__file__).parent / "stubs"
KINDS = (
    "separator",
    "voice-activity",
    "diarizer",
    "voice-encoder",
    "transcriber",
    "translator",
    "synthesizer",
)
ENGINES = [option for kind in KINDS for option in ("--engine", f"{kind}=stub")]

LINES = ((1.7, 0.9, 150), (2.2, 1.2, 200), (1.1, 0.8, 150), (2.6, 1.5, 220), (1.4, 0.7, 90))
"""Seconds of speech, of the pause after it, and its pitch."""


@contextmanager
def stubs_known() -> Iterator[None]:
    """In this process the registry knows the stub engines meanwhile, as it knows anybody's, and not afterwards."""
    sys.path.insert(0, str(STUBS))
    registry.known_points.cache_clear()
    yield
    sys.path.remove(str(STUBS))
    registry.known_points.cache_clear()


def make_talk(path: Path) -> Path:
    """Fourteen seconds: hums that the stub engines take for speech, and pauses in between."""
    rate, wave = 16_000, []
    for length, pause, pitch in LINES:
        time = np.arange(int(length * rate)) / rate
        wave += [0.3 * np.sin(2 * np.pi * pitch * time), np.zeros(int(pause * rate))]
    files.write(path, Sound(np.concatenate(wave).astype(np.float32), rate))
    return path


def make_film(talk: Path) -> Path:
    """The talk with a picture, beside it."""
    film = talk.with_suffix(".mkv")
    whole = sum(length + pause for length, pause, _ in LINES)
    picture = ("-f", "lavfi", "-i", f"testsrc2=s=160x120:r=25:d={whole}")
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac")
    made = ["ffmpeg", "-y", "-v", "error", *picture, "-i", str(talk), *coded, str(film)]
    subprocess.run(made, check=True, timeout=60)
    return film


def environment(home: Path) -> dict[str, str]:
    paths = os.pathsep.join(map(str, (STUBS, ROOT, ROOT / "src")))
    return {**os.environ, "DUBLINE_HOME": str(home), "PYTHONPATH": paths, "COLUMNS": "100"}


def dubline(home: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command as people run it, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from dubline.cli.main import main; main()", *arguments],
        env=environment(home),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
