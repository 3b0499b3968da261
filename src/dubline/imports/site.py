"""Videos of sites, by yt-dlp in a cage: no network but the gate, no file but its folder, no program but itself."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dubline.domain.errors import Cancelled, DublineError, Unavailable, UserError
from dubline.egress.gate import NAME, Gate
from dubline.imports import child
from dubline.imports.errand import Errand, Fetched
from dubline.imports.errors import UPLOAD_INSTEAD, failed, refused, too_large, too_slow, unavailable
from dubline.media import cage
from dubline.media.cage import Limits
from dubline.media.join import join

MEMORY = 3 << 30
POLL = 0.2
OVERHEAD = 1.1
"""Pages, playlists and what is sent twice come on top of the video itself."""

SLACK = 64 << 20
UNFINISHED = (".part", ".ytdl", ".temp")

INSTALL = Unavailable(
    "importer_missing",
    "Videos of sites need yt-dlp of 2025 or later, which is not installed on this server.",
    hint="The operator can run: pip install -U yt-dlp",
)


def fetch(errand: Errand) -> Fetched | None:
    """None where no site is known under this address, so that it can only be a plain file."""
    errand.check_disk()
    started = time.monotonic()
    deadline = started + errand.most_seconds
    gate = Gate(errand.egress, int(errand.most_bytes * OVERHEAD) + SLACK, deadline, errand.stop)
    folder = errand.folder / "site"
    folder.mkdir(exist_ok=True)
    with gate.open(folder):
        news = _followed(errand, folder, deadline)
    ended = str(news.get("ended", "failed"))
    if ended == "no_site":
        return None
    if ended != "done":
        errand.egress.even_out(started, errand.stop)
        raise _failure(ended, gate)
    return _joined(errand, folder, str(news.get("title") or "video"))


def _followed(errand: Errand, folder: Path, deadline: float) -> Mapping[str, object]:
    """All that the child told, the newest of each kind."""
    news: dict[str, object] = {}
    with _started(errand, folder) as process:
        for line in _lines(process, errand, deadline):
            news |= json.loads(line)
            done, total = news.get("done"), news.get("total")
            if isinstance(done, int):
                errand.report(done, total if isinstance(total, int) else None)
    return news


@contextmanager
def _started(errand: Errand, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    wall = errand.most_seconds
    limits = Limits(wall, MEMORY, errand.most_bytes + SLACK)
    command = cage.caged_python(Path(child.__file__).resolve(), _libraries(), folder, limits)
    process = subprocess.Popen(  # noqa: S603 - an argument list made here
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**cage.inner_environment(), "PATH": "", "YTDLP_NO_PLUGINS": "1"},
        start_new_session=True,
    )
    with process:
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(_order(errand)).encode() + b"\n")
            process.stdin.close()
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _order(errand: Errand) -> dict[str, object]:
    return {
        "url": errand.url,
        "most_bytes": errand.most_bytes,
        "height": errand.height,
        "generic": errand.generic,
        "libraries": _libraries(),
    }


def _libraries() -> list[str]:
    """Where packages are installed: the one that holds yt-dlp, and its certificates."""
    return [str(Path(path).resolve()) for path in sys.path if path.endswith("-packages")]


def _lines(process: subprocess.Popen[bytes], errand: Errand, deadline: float) -> Iterator[bytes]:
    assert process.stdout is not None
    kept = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if errand.stop():
                raise Cancelled
            if time.monotonic() > deadline:
                raise too_slow()
            errand.check_disk()
            if not selector.select(POLL):
                continue
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                return
            *lines, kept = (kept + piece).split(b"\n")
            yield from lines


def _failure(ended: str, gate: Gate) -> DublineError:
    if gate.shut:
        return unavailable()
    if ended == "too_large" or gate.overrun:
        return too_large()
    if ended in ("missing", "old"):
        return INSTALL
    if ended in NOT_TAKEN:
        return UserError("import_unsupported", NOT_TAKEN[ended], hint=UPLOAD_INSTEAD)
    return refused() if gate.refused else failed()


NOT_TAKEN = {
    "playlist": "This address is a list of videos; one at a time is taken.",
    "live": "This is live; it can be taken when it is over.",
}


def _joined(errand: Errand, folder: Path, title: str) -> Fetched:
    """Picture and sound that came as two files become one, by the only door to media programs."""
    made = sorted(path for path in folder.iterdir() if path.suffix not in UNFINISHED and path.name != NAME)
    if not made:
        raise too_large()
    if sum(path.stat().st_size for path in made) > errand.most_bytes:
        raise too_large()
    if len(made) == 1:
        return Fetched(made[0], f"{title}{made[0].suffix}")
    whole = errand.folder / "joined.mkv"
    join(made, whole, errand.stop)
    return Fetched(whole, f"{title}.mkv")
