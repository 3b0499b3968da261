"""The folder the models lie in: made aside, put in place in one move, never half there.

<home>/<model>/            the files of a model and its manifest
<home>/.staging/<model>~…  a pull that is under way, or was killed: swept by the next pull
<home>/.locks/<model>      held while a model is pulled or removed
"""

from __future__ import annotations

import errno
import fcntl
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dubline.domain.errors import StorageFull, Unavailable
from dubline.models.manifest import sync

WAIT_SECONDS = 0.2


class Shelf:
    def __init__(self, home: Path) -> None:
        self.home = home

    def folder(self, name: str) -> Path:
        return self.home / name

    @contextmanager
    def workbench(self, name: str, waiting: Callable[[], None]) -> Iterator[Path]:
        """An empty folder to make a model in, while nobody else makes or removes the same one."""
        with self._storage(), self._lock(name, waiting):
            self._sweep(name)
            bench = Path(tempfile.mkdtemp(prefix=f"{name}~", dir=self._room(".staging")))
            try:
                yield bench
            finally:
                shutil.rmtree(bench, ignore_errors=True)

    def publish(self, made: Path, name: str) -> None:
        """Put a finished folder in the place of what was there, if anything was."""
        target = self.folder(name)
        if target.exists():
            target.rename(made.with_name("replaced"))
        made.rename(target)
        sync(self.home)

    def withdraw(self, name: str, bench: Path) -> None:
        """Out of sight in one move; the bench is thrown away afterwards."""
        if self.folder(name).exists():
            self.folder(name).rename(bench / "withdrawn")
            sync(self.home)

    def require_room(self, size: int, what: str) -> None:
        free = shutil.disk_usage(self.home).free
        if free < size:
            raise StorageFull(
                "disk_full",
                f"{what} needs {_megabytes(size)} at {self.home} while it is made ready, "
                f"and {_megabytes(free)} are free.",
                hint="Free some space, or set DUBLINE_HOME to a folder on another disk.",
            )

    def _room(self, name: str) -> Path:
        room = self.home / name
        room.mkdir(parents=True, exist_ok=True)
        return room

    def _sweep(self, name: str) -> None:
        """What killed pulls left: ours for certain, others' where nobody holds their lock."""
        for left in self._room(".staging").iterdir():
            owner = left.name.partition("~")[0]
            if owner == name:
                shutil.rmtree(left, ignore_errors=True)
                continue
            with self._try_lock(owner) as free:
                if free:
                    shutil.rmtree(left, ignore_errors=True)

    @contextmanager
    def _lock(self, name: str, waiting: Callable[[], None]) -> Iterator[None]:
        while True:
            with self._try_lock(name) as taken:
                if taken:
                    yield
                    return
            waiting()
            time.sleep(WAIT_SECONDS)

    @contextmanager
    def _try_lock(self, name: str) -> Iterator[bool]:
        """The kernel frees the lock of a killed process; the file stays, or two could hold one lock."""
        with (self._room(".locks") / name).open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    @contextmanager
    def _storage(self) -> Iterator[None]:
        """The one place where the disk's complaints become ours."""
        try:
            yield
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise StorageFull(
                    "disk_full",
                    f"The disk that holds {self.home} is full.",
                    hint="Free some space, or set DUBLINE_HOME to a folder on another disk; then run again.",
                ) from error
            if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}:
                raise Unavailable(
                    "models_unwritable",
                    f"Models cannot be put into {self.home}: {error.filename or ''}: {error.strerror}.",
                    hint="Set DUBLINE_HOME to a folder you may write to.",
                ) from error
            raise


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
