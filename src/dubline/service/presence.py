"""Who is running: a process is there as long as it holds the lock on a file of its own.

The kernel drops the lock when the process ends, however it ends. So those who died are told apart at once, without
waiting for anything to run out, and a process number that was given again fools nobody.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

ENDING = ".lock"
BOOT = Path("/proc/sys/kernel/random/boot_id")


@contextmanager
def present(folder: Path, name: str) -> Iterator[None]:
    """Be seen under this name. Raises BlockingIOError while somebody else is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}{ENDING}"
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.truncate(0)
        file.write(_machine())
        file.flush()
        yield


def departed(folder: Path) -> list[str]:
    """The names of those that ended on this machine."""
    files = sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []
    return [file.name.removesuffix(ENDING) for file in files if _left(file)]


def here(folder: Path) -> list[str]:
    """The names of those that run on this machine."""
    files = sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []
    return [file.name.removesuffix(ENDING) for file in files if _runs(file)]


def forget(folder: Path, name: str) -> None:
    (folder / f"{name}{ENDING}").unlink(missing_ok=True)


def _left(path: Path) -> bool:
    """Only locks of this machine can be judged; who has not written yet is still coming in."""
    with suppress(FileNotFoundError), path.open() as file:
        return file.read() == _machine() and _free(file)
    return False


def _runs(path: Path) -> bool:
    with suppress(FileNotFoundError), path.open() as file:
        return file.read() == _machine() and not _free(file)
    return False


def _free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _machine() -> str:
    """One start of one kernel: where it is the same, so are the locks."""
    try:
        return BOOT.read_text().strip()
    except OSError:
        return "unknown"
