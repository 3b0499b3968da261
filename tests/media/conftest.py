"""Small films and sounds made on the spot, each made once for the whole run."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.media import sandbox
from dubline.media.decode import extract_sound
from dubline.media.probe import pick_audio, probe

Make = Callable[..., Path]

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d={seconds}")
BEEP_AT = 1.0
BEEP = f"aevalsrc=0.4*sin(2*PI*1000*t)*gte(t\\,{BEEP_AT})*lt(t\\,1.2):s=48000:d={{seconds}}"
CODECS = {
    ".mp4": ("-c:v", "libx264", "-c:a", "aac"),
    ".m4v": ("-c:v", "libx264", "-c:a", "aac"),
    ".mov": ("-c:v", "libx264", "-c:a", "pcm_s16le"),
    ".mkv": ("-c:v", "libx264", "-c:a", "flac"),
    ".webm": ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"),
    ".avi": ("-c:v", "mpeg4", "-c:a", "libmp3lame"),
    ".ts": ("-c:v", "libx264", "-c:a", "aac"),
    ".mpg": ("-c:v", "mpeg1video", "-c:a", "mp2"),
    ".flv": ("-c:v", "flv", "-c:a", "libmp3lame", "-ar", "44100"),
    ".wmv": ("-c:v", "wmv2", "-c:a", "wmav2"),
    ".mp3": ("-c:a", "libmp3lame"),
    ".m4a": ("-c:a", "aac"),
    ".wav": ("-c:a", "pcm_s16le"),
    ".flac": ("-c:a", "flac"),
    ".ogg": ("-c:a", "libvorbis"),
    ".opus": ("-c:a", "libopus"),
    ".aac": ("-c:a", "aac"),
    ".aiff": ("-c:a", "pcm_s16be"),
}
FILMS = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mpg", ".flv", ".wmv")
SOUNDS = (".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".aac", ".aiff")


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-y", "-v", "error", *map(str, arguments)], check=True, timeout=60)


def streams(path: Path) -> list[dict]:
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-of", "json", f"file:{path}"],
        capture_output=True,
        check=True,
    )
    return json.loads(said.stdout)["streams"]


def stream_hash(path: Path, what: str) -> str:
    """A digest of the packets of one stream, wherever they are kept."""
    said = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", f"0:{what}", "-c", "copy", "-f", "streamhash", "-"],
        capture_output=True,
        check=True,
        text=True,
    )
    return said.stdout.split("=")[-1].strip()


def sound_of(path: Path, folder: Path, span: Span | None = None) -> np.ndarray:
    """The extracted sound as an array [samples, 2]."""
    facts = probe(path)
    out = folder / "sound.flac"
    extract_sound(path, pick_audio(facts), out, span=span or Span(start=0, end=facts.duration))
    samples, rate = soundfile.read(out)
    assert rate == TICKS_PER_SECOND
    return samples


def onset(samples: np.ndarray, threshold: float = 0.1) -> float:
    """Seconds until the sound begins."""
    return float(np.flatnonzero(np.abs(samples).max(axis=1) > threshold)[0]) / TICKS_PER_SECOND


@pytest.fixture(scope="session", autouse=True)
def _media_programs() -> None:
    """Skip where a program is not installed. A cage that is there and does not close is a failure."""
    missing = [name for name in ("ffmpeg", "ffprobe", "bwrap", "prlimit") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}; run: apt-get install ffmpeg bubblewrap util-linux")
    found = sandbox.status()
    assert found.ready, f"{found.detail} {found.fix}"


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


@pytest.fixture(scope="session")
def film(workshop: Path) -> Make:
    """`film(".mkv")`: three seconds of moving picture (none in sound files) with a beep from 1.0 to 1.2 s."""

    def make(suffix: str, seconds: float = 3) -> Path:
        path = workshop / f"film{seconds}{suffix}"
        if not path.exists():
            picture = [part.format(seconds=seconds) for part in PICTURE] if suffix in FILMS else []
            sound = ["-f", "lavfi", "-i", BEEP.format(seconds=seconds)]
            ffmpeg(*picture, *sound, *CODECS[suffix], "-t", str(seconds), path)
        return path

    return make


@pytest.fixture
def copy(tmp_path: Path) -> Make:
    """A file under another name, in a folder of its own."""

    def make(source: Path, name: str | bytes) -> Path:
        target = tmp_path / (name if isinstance(name, str) else name.decode(errors="surrogateescape"))
        shutil.copyfile(source, target)
        return target

    return make
