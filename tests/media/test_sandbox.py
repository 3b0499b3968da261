"""The cage holds: what a media program could try if a file took it over, tried for real."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from dubline.domain.errors import Cancelled, Unavailable, UserError
from dubline.media import cage, sandbox
from dubline.media.cage import Limits

LIMITS = Limits(wall=10, memory=1 << 30, written=1 << 20)
TONE = ["-f", "lavfi", "-i", "sine=440"]


def caged_shell(script: str, out: Path | None = None, inputs: dict[str, Path] | None = None) -> str:
    """What a shell in the same cage says: a decoder that was taken over can do no more than this."""
    shell = str(Path("/bin/sh").resolve())
    command = cage.caged(shell, ["-c", script], inputs=inputs or {}, out=out, limits=LIMITS, fonts=False)
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
        env={**os.environ, "SECRET": "canary"},
    )
    return done.stdout


@pytest.mark.parametrize(
    "script",
    [
        "read line < /etc/passwd && echo escaped",
        "read line < /etc/shadow && echo escaped",
        "[ -e /root ] && echo escaped",
        "[ -e /home ] && echo escaped",
        "[ -e /proc/1 ] && echo escaped",
        "[ -e /sys/kernel ] && echo escaped",
        "[ -e /usr/bin/python3 ] && echo escaped",
        'case "$SECRET$PATH_EXTRA" in *canary*) echo escaped;; esac',
        ": > /usr/lib/planted && echo escaped",
        ": > /planted && echo escaped",
        ": > /in/planted && echo escaped",
        "kill -0 PARENT && echo escaped",
    ],
)
def test_nothing_of_the_machine_is_within_reach(script: str) -> None:
    assert caged_shell("echo alive") == "alive\n"
    assert "escaped" not in caged_shell(script.replace("PARENT", str(os.getpid())))


def test_an_input_cannot_be_changed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("original")
    caged_shell("echo broken > /in/media; rm /in/media", inputs={"media": precious})
    assert precious.read_text() == "original"


def test_only_one_folder_can_be_written_to_and_only_so_much(tmp_path: Path) -> None:
    line = "0123456789" * 4
    script = f"echo mine > /out/a; i=0; while [ $i -lt 30000 ]; do echo {line}; i=$((i+1)); done > /out/big"
    caged_shell(script, out=tmp_path)
    assert (tmp_path / "a").read_text() == "mine\n"
    assert (tmp_path / "big").stat().st_size <= LIMITS.written


def test_no_connection_leaves_the_cage() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1.0)
        port = listener.getsockname()[1]
        finished = sandbox.run("ffprobe", ["-i", f"http://127.0.0.1:{port}/x"], inputs={}, limits=LIMITS)
        assert not finished.ok
        with pytest.raises(TimeoutError):
            listener.accept()


def test_too_much_written_is_told(tmp_path: Path) -> None:
    finished = sandbox.run(
        "ffmpeg", [*TONE, "-t", "600", "-f", "wav", "file:out/x.wav"], inputs={}, limits=LIMITS, out=tmp_path
    )
    assert not finished.ok
    assert finished.too_much_written


def test_too_much_memory_is_refused(tmp_path: Path) -> None:
    small = Limits(wall=10, memory=100 << 20)
    assert not sandbox.run("ffmpeg", ["-version"], inputs={}, limits=small).ok


def endless(tmp_path: Path) -> list[str]:
    return ["-re", *TONE, "-metadata", f"title={tmp_path.name}", "-f", "null", "-"]


def running(mark: str) -> list[int]:
    """Processes whose command line carries the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def gone(mark: str, within: float = 2.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not running(mark):
            return True
        time.sleep(0.02)
    return False


def test_the_clock_ends_it_and_leaves_no_process(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        sandbox.run("ffmpeg", endless(tmp_path), inputs={}, limits=Limits(wall=0.7, memory=1 << 30))
    assert caught.value.code == "media_timeout"
    assert gone(tmp_path.name)


def test_cancelling_ends_it_and_leaves_no_process(tmp_path: Path) -> None:
    wish, seen = threading.Event(), []

    def cancelled() -> bool:
        if running(tmp_path.name) and time.monotonic() - started > 0.5:
            seen.append(True)
            wish.set()
        return wish.is_set()

    started = time.monotonic()
    with pytest.raises(Cancelled):
        sandbox.run("ffmpeg", endless(tmp_path), inputs={}, limits=LIMITS, cancelled=cancelled)
    assert seen
    assert gone(tmp_path.name)


def test_progress_is_told_while_it_runs() -> None:
    told: list[float] = []
    arguments = ["-re", *TONE, "-t", "1.2", "-f", "null", "-"]
    assert sandbox.run("ffmpeg", arguments, inputs={}, limits=LIMITS, seconds_done=told.append).ok
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.2, abs=0.1)


def test_without_bubblewrap_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for program in ("ffmpeg", "ffprobe", "prlimit"):
        (tmp_path / program).symlink_to(cage.program_path(program, ""))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable) as caught:
        sandbox.run("ffmpeg", ["-version"], inputs={}, limits=LIMITS)
    assert caught.value.code == "sandbox_missing"
    assert "apt-get install bubblewrap" in caught.value.hint
    assert not sandbox.status().ready


def test_a_cage_that_does_not_close_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(Unavailable, match="uid map"):
        sandbox.run("ffmpeg", ["-version"], inputs={}, limits=LIMITS)


def test_the_cage_can_be_left_off_on_request_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(cage.UNSAFE, "1")
    arguments = [*TONE, "-t", "1", "-f", "wav", "file:out/tone.wav"]
    roomy = Limits(wall=10, memory=1 << 30, written=10 << 20)
    assert sandbox.run("ffmpeg", arguments, inputs={}, limits=roomy, out=tmp_path).ok
    assert (tmp_path / "tone.wav").stat().st_size > 80_000
    read = ["-v", "error", "-i", "file:in/media"]
    assert sandbox.run("ffprobe", read, inputs={"media": tmp_path / "tone.wav"}, limits=LIMITS).ok
    assert not sandbox.status().sandboxed


def test_status_for_the_doctor() -> None:
    found = sandbox.status()
    assert found.ready
    assert found.sandboxed
    assert found.detail.startswith("ffmpeg version")
