"""Files that mean harm: each is refused with its code, in time, and nothing else is opened."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from dubline.domain.errors import UserError
from dubline.domain.time import Span
from dubline.media import allowed
from dubline.media.decode import extract_sound
from dubline.media.probe import pick_audio, probe
from tests.media.conftest import Make, ffmpeg
from tests.media.hostile import CANARY, corpus, strangers, torsos, wav

NAMES = [name for name, _, _ in corpus(Path("/canary"))]
FUZZED = (".mp4", ".mkv", ".webm", ".avi", ".ts", ".mpg", ".flv", ".mp3", ".ogg", ".flac", ".wav", ".m4a")
SHAPES = 3
"""Mutations of each container; `-m slow` runs the rest."""


def refusal(path: Path) -> UserError:
    started = time.monotonic()
    with pytest.raises(UserError) as caught:
        probe(path)
    assert time.monotonic() - started < allowed.PROBE_SECONDS + 1
    return caught.value


@pytest.mark.parametrize("name", NAMES)
def test_is_refused_with_its_code(name: str, tmp_path: Path) -> None:
    canary = tmp_path / "secret.txt"
    canary.write_text(CANARY * 50)
    found = {title: (raw, codes) for title, raw, codes in corpus(canary)}
    raw, codes = found[name]
    path = tmp_path / name
    path.write_bytes(raw)
    read_before = canary.stat().st_atime_ns
    error = refusal(path)
    assert error.code in codes
    assert CANARY not in f"{error}"
    assert canary.stat().st_atime_ns == read_before
    assert path.read_bytes() == raw


def test_the_corpus_is_large_enough() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 200
    assert len(list(strangers())) + len(list(torsos())) > 50


def test_a_list_behind_the_first_bytes_of_a_film_opens_nothing(tmp_path: Path, film: Make) -> None:
    """A polyglot is read as what it begins with; what hangs behind is never followed."""
    path = tmp_path / "both.mp4"
    path.write_bytes(film(".mp4").read_bytes() + b"\n#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    assert probe(path).container == "mp4"


def test_the_forced_container_is_a_second_wall(tmp_path: Path) -> None:
    """Even if a playlist came past our look at its first bytes, the program would not take it as one."""
    from dubline.media import sandbox
    from dubline.media.cage import Limits

    path = tmp_path / "x.mp4"
    path.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n")
    for demuxer in ("mov", "matroska", "mpegts", "mp3"):
        arguments = ["-v", "error", *allowed.input_arguments("media", demuxer)]
        limits = Limits(wall=10, memory=1 << 30)
        finished = sandbox.run("ffprobe", arguments, inputs={"media": path}, limits=limits)
        assert "/etc/hostname" not in finished.log
        assert not finished.printed


class TestThingsThatAreNoFile:
    def test_missing(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "nothing.mp4").code == "file_missing"

    def test_folder(self, tmp_path: Path) -> None:
        assert refusal(tmp_path).code == "file_unreadable"

    def test_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.mp4")
        assert refusal(tmp_path / "pipe.mp4").code == "file_unreadable"

    def test_device(self) -> None:
        assert refusal(Path("/dev/zero")).code == "file_unreadable"

    def test_link_to_nowhere(self, tmp_path: Path) -> None:
        (tmp_path / "link.mp4").symlink_to(tmp_path / "gone.mp4")
        assert refusal(tmp_path / "link.mp4").code == "file_missing"

    def test_link_to_itself(self, tmp_path: Path) -> None:
        (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
        assert refusal(tmp_path / "loop.mp4").code == "file_missing"

    def test_name_with_nul(self) -> None:
        assert refusal(Path("a\0b.mp4")).code == "file_missing"

    def test_name_too_long(self) -> None:
        assert refusal(Path("x" * 5000)).code == "file_missing"

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "empty.mp4").touch()
        assert refusal(tmp_path / "empty.mp4").code == "file_empty"

    @pytest.mark.parametrize(
        "name", ["concat:a|b", "http://127.0.0.1/x.mp4", "pipe:0", "-i", "data:,x", "%03d.png"]
    )
    def test_what_ffmpeg_would_take_for_an_address(self, name: str) -> None:
        assert refusal(Path(name)).code == "file_missing"


class TestBombs:
    def test_too_many_streams(self, tmp_path: Path) -> None:
        path = tmp_path / "streams.mkv"
        maps = ["-map", "0"] * (allowed.MAX_STREAMS + 1)
        ffmpeg("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=0.2", *maps, "-c:a", "pcm_u8", path)
        assert refusal(path).code == "too_many_streams"

    def test_too_many_pixels(self, tmp_path: Path) -> None:
        path = tmp_path / "pixels.mkv"
        source = "color=black:s=8192x8192:r=1:d=1,format=gray"
        ffmpeg("-f", "lavfi", "-i", source, "-c:v", "png", "-frames:v", "1", path)
        started = time.monotonic()
        assert refusal(path).code == "too_large"
        assert time.monotonic() - started < 5

    def test_too_long(self, tmp_path: Path) -> None:
        """Thirteen hours that take no room on the disk."""
        path = tmp_path / "long.wav"
        head = wav(channels=1, rate=8000, frames=0)
        size = 13 * 3600 * 8000
        path.write_bytes(
            head[:4] + (size + 36).to_bytes(4, "little") + head[8:40] + size.to_bytes(4, "little")
        )
        os.truncate(path, size + 44)
        assert refusal(path).code == "too_long"

    def test_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "large.mp4"
        path.touch()
        try:
            os.truncate(path, allowed.MAX_BYTES + 1)
        except OSError:
            pytest.skip("this disk holds no file of that size, not even an empty one")
        assert refusal(path).code == "too_large"

    def test_sound_that_unpacks_to_more_than_its_span_is_cut_off(self, film: Make, tmp_path: Path) -> None:
        """What is written is bounded by the span we asked for, not by what the file holds."""
        path = film(".flac", 20)
        out = tmp_path / "out.wav"
        extract_sound(path, pick_audio(probe(path)), out, span=Span.of_seconds(0, 1))
        assert out.stat().st_size < 48_000 * 4 + 4096


def survives(path: Path, out: Path) -> None:
    """A damaged file gives a true result or a typed error: never a hang, a trace or an odd length."""
    try:
        facts = probe(path)
        if not facts.audio:
            return
        span = Span(start=0, end=min(facts.duration, 10 * 48_000))
        extract_sound(path, pick_audio(facts), out, span=span)
    except UserError as error:
        assert error.code
        return
    assert out.stat().st_size > 0


def damaged(raw: bytes, seed: int) -> bytes:
    """Bits flipped, pieces cut out, doubled or zeroed, the end lost: whatever the seed says."""
    dice = random.Random(seed)
    body = bytearray(raw)
    for _ in range(dice.randint(1, 20)):
        at = dice.randrange(len(body))
        length = dice.randint(1, max(1, len(body) // 20))
        match dice.randrange(5):
            case 0:
                body[at] ^= 1 << dice.randrange(8)
            case 1:
                body[at : at + length] = bytes(len(body[at : at + length]))
            case 2 if len(body) > 2000:
                del body[at : at + length]
            case 3:
                body[at:at] = body[at : at + length]
            case _:
                body[at : at + 8] = dice.randbytes(8)
    return bytes(body[: dice.randint(len(body) // 4, len(body))] if dice.random() < 0.3 else body)


@pytest.mark.parametrize("suffix", FUZZED)
def test_damaged_files_never_break_us(suffix: str, film: Make, tmp_path: Path) -> None:
    raw = film(suffix).read_bytes()
    for seed in range(SHAPES):
        path = tmp_path / f"{seed}{suffix}"
        path.write_bytes(damaged(raw, seed))
        survives(path, tmp_path / "out.flac")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FUZZED)
def test_many_damaged_files_never_break_us(suffix: str, film: Make, tmp_path: Path) -> None:
    raw = film(suffix).read_bytes()
    for seed in range(SHAPES, 42):
        path = tmp_path / f"damaged{suffix}"
        path.write_bytes(damaged(raw, seed))
        survives(path, tmp_path / "out.flac")
