"""Watches every program this process starts, so that a test can look at its whole command line."""

from __future__ import annotations

import os

from tests.watching import watcher


def _line(event: str, arguments: tuple[object, ...]) -> tuple[str, ...] | None:
    if event != "subprocess.Popen":
        return None
    command = arguments[1]
    parts = command if isinstance(command, list | tuple) else [command]
    return tuple(os.fsdecode(part) for part in parts)


watched = watcher(_line)
"""Command lines, in the order in which they were started."""
