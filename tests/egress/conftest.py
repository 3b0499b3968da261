"""Watches every connection of the process, so that a test can say that there was none."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

_connected: list[object] = []
_watching = [False]


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hooks cannot be taken away again, so there is one for the whole run."""
    if _watching[0] and event in ("socket.connect", "socket.sendto"):
        _connected.append(arguments[-1])


sys.addaudithook(_watch)


@pytest.fixture
def connections() -> Iterator[list[object]]:
    """Addresses that anything in this process connected to, datagram sockets too."""
    _connected.clear()
    _watching[0] = True
    yield _connected
    _watching[0] = False
