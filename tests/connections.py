"""Watches every connection of the process, so that a test can say that there was none."""

from __future__ import annotations

from tests.watching import watcher


def _address(event: str, arguments: tuple[object, ...]) -> object | None:
    return arguments[-1] if event in ("socket.connect", "socket.sendto") else None


watched = watcher(_address)
"""Addresses that anything in this process connects to meanwhile, by datagram sockets too."""
