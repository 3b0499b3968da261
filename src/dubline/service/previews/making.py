"""Files made when somebody asks: once, however many ask at once, and kept beside the job's results.

Two at a time: each is a program that would like the whole machine, and the workers have a claim to it, too.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.requests import HTTPConnection

from dubline.service.context import Context
from dubline.service.problem import ServiceError, not_found
from dubline.service.uploads import files
from dubline.storage.blobs import disk_full_is_plain

AT_ONCE = 2
MOST_WAITING = 32
PATIENCE = 20.0
"""Seconds a request waits for its file; then its client is told to come back."""

COME_BACK = 3

Cancelled = Callable[[], bool]
Make = Callable[[Path, Cancelled], None]
"""Writes a file, whole or not at all; looks now and then whether it should stop."""


class Maker:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="make")
        self._making: dict[Path, asyncio.Future[None]] = {}
        self._closed = threading.Event()

    async def made(self, place: Path, make: Make) -> bool:
        """Whether the file is there now; if not, it is being made."""
        if place.is_file():
            return True
        making = self._making.get(place) or self._begin(place, make)
        await asyncio.wait({making}, timeout=PATIENCE)
        if making.done():
            making.result()
        return making.done()

    def close(self) -> None:
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begin(self, place: Path, make: Make) -> asyncio.Future[None]:
        if len(self._making) >= MOST_WAITING:
            raise ServiceError(
                503,
                "too_busy",
                "Too many files are being made for others.",
                hint="Try again in a few seconds.",
                headers={"Retry-After": str(COME_BACK)},
            )
        loop = asyncio.get_running_loop()
        making = loop.run_in_executor(self._threads, _write, place, make, self._closed.is_set)
        self._making[place] = making
        making.add_done_callback(lambda done: self._done(place, done))
        return making

    def _done(self, place: Path, making: asyncio.Future[None]) -> None:
        del self._making[place]
        if not making.cancelled():
            # Whoever waited has it; that nobody waited any more is no fault.
            making.exception()


def _write(place: Path, make: Make, cancelled: Cancelled) -> None:
    folder = place.parent
    try:
        with disk_full_is_plain():
            # Never the job's own folder: where that is gone, the job is.
            folder.parent.mkdir(exist_ok=True)
            folder.mkdir(exist_ok=True)
            _forget_older(folder)
            make(place, cancelled)
    except FileNotFoundError:
        if folder.is_dir():
            raise
        raise not_found("job") from None


def _forget_older(folder: Path) -> None:
    """What was made of a version that is gone."""
    what = folder.name.rpartition("-")[0]
    for each in folder.parent.glob(f"{what}-*"):
        if each != folder and each.name.rpartition("-")[0] == what:
            shutil.rmtree(each, ignore_errors=True)


def place_for(context: Context, job: str, what: str, digest: str, name: str) -> Path:
    """`what` is the language, or the source."""
    return files.results_of(context, job) / "made" / f"{what}-{digest[:16]}" / name


def maker_of(connection: HTTPConnection) -> Maker:
    found = connection.app.state.maker
    if not isinstance(found, Maker):
        raise TypeError("the application was made without a maker")
    return found
