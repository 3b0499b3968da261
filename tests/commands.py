"""Watches every program this process starts, so that a test can look at its whole command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_lines: list[tuple[str, ...]] = []
_watching = [False]


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watching[0] and event == "subprocess.Popen":
        command = arguments[1]
        parts = command if isinstance(command, list | tuple) else [command]
        _lines.append(tuple(os.fsdecode(part) for part in parts))


@contextmanager
def watched() -> Iterator[list[tuple[str, ...]]]:
    """Command lines, in the order in which they were started."""
    _lines.clear()
    _watching[0] = True
    yield _lines
    _watching[0] = False


# Audit hooks cannot be taken away again, so there is one for the whole run.
sys.addaudithook(_watch)
