"""A command as a process of its own, with its wall time and the peak memory of its whole tree."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    seconds: float
    peak: int
    """Bytes resident in the whole process tree at once, looked at five times a second."""
    output: str


def dubline(*arguments: str, home: Path) -> Measured:
    """One `dubline` command, with a cache of its own and the models that are here."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(home)}
    command = [sys.executable, "-c", "from dubline.cli.main import main; main()", *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    peaks = [0]
    watcher = threading.Thread(target=_watch, args=(process, peaks), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
    watcher.join()
    return Measured(seconds, max(peaks), output)


def _watch(process: subprocess.Popen[str], peaks: list[int]) -> None:
    while process.poll() is None:
        peaks.append(resident(process.pid))
        time.sleep(0.2)


def resident(pid: int) -> int:
    """Proportional where the kernel tells it, so that pages shared by two processes count once."""
    try:
        total = own(pid)
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                total += resident(int(child))
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return total


def own(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
