"""Temporary files of one process, and the sweeper for those whose process died.

Each process works in a folder of its own that holds a locked file. The kernel drops the lock when the process
ends, however it ends; a folder whose lock can be taken has no owner any more and is swept.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

OWNER = "owner.lock"
UNLOCKED_GRACE = 3600.0
"""Seconds after which a folder without any lock file counts as left behind."""


class Scratch:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: Path | None = None
        self._lock: IO[bytes] | None = None
        self._guard = threading.Lock()

    @contextmanager
    def file(self, suffix: str = "") -> Iterator[Path]:
        """A path for one file, gone afterwards unless it was moved away."""
        with self.directory() as directory:
            yield directory / f"file{suffix}"

    @contextmanager
    def directory(self) -> Iterator[Path]:
        directory = Path(tempfile.mkdtemp(dir=self._mine()))
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def sweep(self) -> int:
        """Remove what dead processes left behind; the number of folders removed."""
        removed = 0
        for orphan in self._folder.glob("*") if self._folder.is_dir() else ():
            if orphan != self._own and _ownerless(orphan):
                shutil.rmtree(orphan, ignore_errors=True)
                removed += 1
        return removed

    def close(self) -> None:
        with self._guard:
            if self._own is not None and self._lock is not None:
                shutil.rmtree(self._own, ignore_errors=True)
                self._lock.close()
                self._own = self._lock = None

    def _mine(self) -> Path:
        with self._guard:
            if self._own is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                own = Path(tempfile.mkdtemp(dir=self._folder))
                self._lock = (own / OWNER).open("wb")
                fcntl.flock(self._lock, fcntl.LOCK_EX)
                self._own = own
            return self._own


def _ownerless(folder: Path) -> bool:
    with suppress(FileNotFoundError, NotADirectoryError), (folder / OWNER).open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
    # No lock file yet: its owner may be between making the folder and locking it, so only age proves it dead.
    return _long_unlocked(folder)


def _long_unlocked(folder: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - folder.stat().st_mtime > UNLOCKED_GRACE
    return False
