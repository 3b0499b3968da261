"""What is left of this machine: disk, memory."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from dubline.service.settings import ServiceSettings

CGROUP = Path("/sys/fs/cgroup")
KIB = 1024


def disk_nearly_full(settings: ServiceSettings) -> bool:
    usage = shutil.disk_usage(settings.data)
    return usage.free < settings.least_free_share * usage.total


def free_memory() -> int:
    """Bytes that can be had without anybody being killed for them: of the machine, or of our container."""
    return min([_available(), *_left_in_container()])


def held_memory() -> int:
    """Bytes this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _available() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * KIB
    raise OSError("the system does not say how much memory is available")


def _left_in_container() -> list[int]:
    """What files hold in memory is given back when it is wanted."""
    with suppress(OSError, ValueError):
        most, used = (int((CGROUP / name).read_text()) for name in ("memory.max", "memory.current"))
        stat = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
        return [most - used + int(stat.get("inactive_file", 0))]
    return []
