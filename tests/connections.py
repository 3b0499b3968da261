"""Watches every connection of the process, so that a test can say that there was none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_made: list[object] = []
_watching = [False]


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watching[0] and event in ("socket.connect", "socket.sendto"):
        _made.append(arguments[-1])


@contextmanager
def watched() -> Iterator[list[object]]:
    """Addresses that anything in this process connects to meanwhile, by datagram sockets too."""
    _made.clear()
    _watching[0] = True
    yield _made
    _watching[0] = False


# Audit hooks cannot be taken away again, so there is one for the whole run.
sys.addaudithook(_watch)
