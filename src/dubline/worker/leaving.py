"""Leaving without a word. Safe, because a crash is; whoever looks after this process starts another."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from dubline.service.supervisor import ON_PURPOSE


def leave_at_once() -> None:
    for child in _children():
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                kill(child, signal.SIGKILL)
    os._exit(ON_PURPOSE)


def _children() -> list[int]:
    """Media programs have a group each; in the cage they would die with us, without it they would not."""
    threads = Path("/proc/self/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]
