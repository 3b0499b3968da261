"""What processes take of this machine, as the kernel tells."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
USER, SYSTEM = 11, 12
"""Places of the times in /proc/…/stat, counted behind the name."""


@dataclass(frozen=True)
class Taken:
    cpu_seconds: float
    memory_bytes: int
    open_files: int


def taken_by(pid: int) -> Taken | None:
    """None where there is no such process any more."""
    place = Path("/proc") / str(pid)
    try:
        times = (place / "stat").read_text().rpartition(")")[2].split()
        pages = int((place / "statm").read_text().split()[1])
        files = sum(1 for _ in (place / "fd").iterdir())
    except OSError:
        return None
    return Taken((int(times[USER]) + int(times[SYSTEM])) / TICK, pages * PAGE, files)
