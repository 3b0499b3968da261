"""A film slowed down: the same frames later, the same sound longer at its own pitch, chapters where they belong."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from dubline.domain.time import TICKS_PER_SECOND
from dubline.media.probe import probe
from dubline.media.slow import slow_down, slowed_suffix
from tests.media.conftest import BEEP_AT, Make, ffmpeg, onset, sound_of, stream_hash

FACTOR = 1.06


def slowed(path: Path, folder: Path) -> Path:
    facts = probe(path)
    out = folder / f"slow{slowed_suffix(facts)}"
    slow_down(path, facts, FACTOR, out)
    return out


def frame_times(path: Path) -> list[float]:
    said = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-show_entries",
            "frame=pts_time",
            "-of",
            "json",
            path,
        ],
        capture_output=True,
        check=True,
    )
    return [float(frame["pts_time"]) for frame in json.loads(said.stdout)["frames"]]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm", ".mov", ".avi", ".ts"])
def test_picture_and_sound_take_longer_together(film: Make, tmp_path: Path, suffix: str) -> None:
    source = film(suffix)
    out = slowed(source, tmp_path)
    before, after = probe(source), probe(out)
    assert after.duration / before.duration == pytest.approx(FACTOR, abs=0.03)
    assert onset(sound_of(out, tmp_path)) == pytest.approx(BEEP_AT * FACTOR, abs=0.04)
    first, second = frame_times(source), frame_times(out)
    steps = np.diff(first), np.diff(second)
    assert len(first) == len(second) and float(np.mean(steps[1] / steps[0])) == pytest.approx(
        FACTOR, abs=0.01
    )


def test_the_picture_is_the_same_bit_for_bit(film: Make, tmp_path: Path) -> None:
    source = film(".mp4")
    assert stream_hash(source, "v:0") == stream_hash(slowed(source, tmp_path), "v:0")


def test_a_beep_keeps_its_pitch(film: Make, tmp_path: Path) -> None:
    samples = sound_of(slowed(film(".mkv"), tmp_path), tmp_path)[:, 0]
    start = int((BEEP_AT * FACTOR + 0.05) * TICKS_PER_SECOND)
    spectrum = np.abs(np.fft.rfft(samples[start : start + 4800] * np.hanning(4800)))
    assert np.argmax(spectrum) * 10 == pytest.approx(1000, abs=15)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_chapters_move_with_the_picture(film: Make, tmp_path: Path, suffix: str) -> None:
    listed = tmp_path / "chapters.txt"
    listed.write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=Eins=1; zwei\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=3000\ntitle=START\\=5\n"
    )
    source = tmp_path / f"chaptered{suffix}"
    ffmpeg("-i", film(suffix), "-i", listed, "-map", "0", "-map_chapters", "1", "-c", "copy", source)
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", slowed(source, tmp_path)],
        capture_output=True,
        check=True,
    )
    found = json.loads(said.stdout)["chapters"]
    assert [float(each["start_time"]) for each in found] == pytest.approx([0.0, 2.12], abs=0.01)
    assert found[1]["tags"]["title"] == "START=5"
