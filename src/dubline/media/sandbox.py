"""Runs ffmpeg and ffprobe, and nothing else, in the cage: the only place that starts them.

The child is watched while it runs: its clock, its output, a wish to cancel. Whatever happens, it and all it
started is gone when `run` returns.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from dubline.domain.errors import Cancelled, DublineError, StorageFull, UserError
from dubline.media import cage
from dubline.media.cage import Limits

Program = Literal["ffmpeg", "ffprobe"]

POLL = 0.1
LOG_TAIL = 64 << 10
LAST_WORDS = 2.0
"""Seconds a killed child has to let go of its pipes."""

COMPLAINT = re.compile("error|invalid|fail|cannot|could not|not |denied|exceeds|unsupported", re.IGNORECASE)

CRASH_SIGNALS = (signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV)


def never() -> bool:
    return False


@dataclass(frozen=True)
class Finished:
    """How a run ended: exit status, what it printed, and the end of its log."""

    status: int
    printed: bytes
    log: str

    @property
    def ok(self) -> bool:
        return self.status == 0

    @property
    def crashed(self) -> bool:
        return self._signal() in CRASH_SIGNALS

    @property
    def too_much_written(self) -> bool:
        return self._signal() == signal.SIGXFSZ or "File too large" in self.log

    @property
    def complaint(self) -> str:
        """The last line of the log that sounds like one, without addresses in memory."""
        lines = [line for line in self.log.splitlines() if COMPLAINT.search(line)] or ["no message"]
        return re.sub(r"^\[(\S+) @ 0x[0-9a-f]+\] ", r"\1: ", lines[-1].strip())[:200]

    def _signal(self) -> int:
        """The cage reports a child's signal as 128 + number, a bare child as a negative status."""
        return -self.status if self.status < 0 else self.status - 128


@dataclass(frozen=True)
class Status:
    """For `dubline doctor`: whether media can be opened, how safely, and what would help."""

    ready: bool
    sandboxed: bool
    detail: str
    fix: str = ""


def run(
    program: Program,
    arguments: Sequence[str],
    *,
    inputs: Mapping[str, Path],
    limits: Limits,
    out: Path | None = None,
    fonts: bool = False,
    seconds_done: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Finished:
    """Run to the end. Inside, `inputs` are `in/<name>` and `out` is the folder `out/`.

    Raises Cancelled, UserError `media_timeout` or `media_decoder_crashed`, StorageFull, Unavailable. A plain
    failure is returned: only the caller knows what it means.
    """
    path = cage.program_path(program, cage.INSTALL_MEDIA)
    full = [*_manners(program), *arguments]
    real = {name: file.resolve() for name, file in inputs.items()}
    with _started(path, full, inputs=real, out=out, limits=limits, fonts=fonts) as child:
        finished = _watch(child, limits, seconds_done, cancelled)
    return _judge(finished)


def status() -> Status:
    """Try the door: start the program in its cage and say how that went."""
    try:
        finished = run("ffmpeg", ["-version"], inputs={}, limits=Limits(wall=10, memory=1 << 30))
    except DublineError as error:
        return Status(False, False, error.message, error.hint)
    version = finished.printed.decode(errors="replace").split(" Copyright")[0].strip()
    if not finished.ok:
        return Status(False, False, f"ffmpeg does not start: {finished.log.strip()}", cage.INSTALL_MEDIA)
    if cage.unsafe():
        return Status(True, False, f"{version}, NOT sandboxed", f"Unset {cage.UNSAFE}; {cage.INSTALL_CAGE}")
    return Status(True, True, f"{version}, sandboxed by bubblewrap")


def _manners(program: Program) -> list[str]:
    if program == "ffprobe":
        return ["-hide_banner"]
    return ["-hide_banner", "-nostdin", "-y", "-nostats", "-progress", "pipe:1"]


@contextmanager
def _started(
    path: str,
    arguments: list[str],
    *,
    inputs: Mapping[str, Path],
    out: Path | None,
    limits: Limits,
    fonts: bool,
) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory(prefix="dubline-media-") as folder:
        if cage.unsafe():
            _lay_out(Path(folder), inputs, out)
            command = cage.limited(path, arguments, limits)
        else:
            command = cage.caged(path, arguments, inputs=inputs, out=out, limits=limits, fonts=fonts)
        child = subprocess.Popen(  # noqa: S603 - an argument list, its program resolved by us
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=cage.inner_environment(),
            start_new_session=True,
        )
        with child:
            try:
                yield child
            finally:
                _end(child)


def _lay_out(folder: Path, inputs: Mapping[str, Path], out: Path | None) -> None:
    """Without the cage, links give the same names in the working directory."""
    (folder / "in").mkdir()
    for name, file in inputs.items():
        (folder / "in" / name).symlink_to(file)
    if out is not None:
        (folder / "out").symlink_to(out.resolve())


def _watch(
    child: subprocess.Popen[bytes],
    limits: Limits,
    seconds_done: Callable[[float], None] | None,
    cancelled: Callable[[], bool],
) -> Finished:
    assert child.stdout is not None
    assert child.stderr is not None
    deadline = time.monotonic() + limits.wall
    printed, log = _Pipe(child.stdout, limits.printed), _Pipe(child.stderr, LOG_TAIL)
    with selectors.DefaultSelector() as selector:
        for pipe in (printed, log):
            selector.register(pipe.file, selectors.EVENT_READ, pipe)
        while selector.get_map():
            for key, _ in selector.select(POLL):
                if not key.data.take():
                    selector.unregister(key.fileobj)
            if seconds_done is not None and (moment := printed.last_moment()) is not None:
                seconds_done(moment)
            if cancelled():
                raise Cancelled
            if time.monotonic() > deadline:
                raise UserError(
                    "media_timeout",
                    f"Working on this file took longer than the {limits.wall:.0f} s it may take.",
                    hint="It may be damaged; convert it with a program you trust and try again.",
                )
    return Finished(child.wait(), bytes(printed.kept), log.kept.decode(errors="replace"))


class _Pipe:
    """One of the child's streams. Keeps the end of it: errors come last, and memory stays bounded."""

    def __init__(self, file: IO[bytes], keep: int) -> None:
        self.file = file
        self.kept = bytearray()
        self._keep = keep
        os.set_blocking(file.fileno(), False)

    def take(self) -> bool:
        """Read what is there; False at the end."""
        chunk = os.read(self.file.fileno(), 1 << 16)
        self.kept += chunk
        if len(self.kept) > 2 * self._keep:
            del self.kept[: -self._keep]
        return bool(chunk)

    def last_moment(self) -> float | None:
        """Seconds of media done, from the last whole progress line."""
        at = self.kept.rfind(b"out_time_us=")
        value = self.kept[at + 12 :].split(b"\n", 1)[0] if at >= 0 else b""
        return int(value) / 1e6 if value.isdigit() else None


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the whole group and wait until nobody holds its output: then nobody writes files either."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    until = time.monotonic() + LAST_WORDS
    for stream in (child.stdout, child.stderr):
        while stream is not None and time.monotonic() < until:
            try:
                if not os.read(stream.fileno(), 1 << 16):
                    break
            except BlockingIOError:
                time.sleep(0.005)


def _judge(finished: Finished) -> Finished:
    if finished.status != 0 and finished.log.startswith("bwrap: "):
        why = finished.log.splitlines()[0].removeprefix("bwrap: ")
        raise cage.no_cage(
            f"The sandbox for media files does not work here ({why}).",
            f"Allow unprivileged user namespaces, or run: {cage.INSTALL_CAGE}",
        )
    if "No space left on device" in finished.log:
        raise StorageFull("disk_full", "The disk is full.", hint="Free some space and run the command again.")
    if finished.crashed:
        raise UserError(
            "media_decoder_crashed",
            "The decoder crashed on this file, so it is damaged or made to do harm.",
            hint="Convert it with a program you trust and try again.",
        )
    return finished
