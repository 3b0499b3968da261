"""A proxy of our own for programs that fetch by themselves: whatever they ask for passes the same door.

It listens on a socket file, so only who may enter its folder can use it. A refusal says nothing but that it is one.
"""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dubline.egress.client import Egress
from dubline.egress.dialling import dial
from dubline.egress.errors import Failed, ProxyDown, Refused
from dubline.egress.streams import SLICE
from dubline.egress.urls import read_url

NAME = "gate"
MOST_HEAD = 64 << 10
MOST_AT_ONCE = 32
MOST_VISITS = 20_000
"""Connections in all: a playlist has a piece every few seconds."""

PIECE = 64 << 10
HOP_HEADERS = (b"connection:", b"proxy-connection:", b"proxy-authorization:", b"keep-alive:")
NO_WAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
OPEN = b"HTTP/1.1 200 Connected\r\n\r\n"


class Gate:
    def __init__(self, egress: Egress, most_bytes: int, deadline: float, stop: Callable[[], bool]) -> None:
        self._egress = egress
        self._deadline = deadline
        self._stop = stop
        self._left = most_bytes
        self._closed = threading.Event()
        self._guard = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        self.visits = 0
        self.refused = 0
        """How often somewhere was asked for where nobody may go."""
        self.shut = False
        """The operator's proxy did not answer."""

    @property
    def overrun(self) -> bool:
        """More was asked for than is let through."""
        return self._left <= 0

    @contextmanager
    def open(self, folder: Path) -> Iterator[None]:
        """The file is named by way of the open folder: names of sockets are short, those of folders may not be."""
        (folder / NAME).unlink(missing_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        with socket.socket(socket.AF_UNIX) as listener:
            try:
                listener.bind(f"/proc/self/fd/{descriptor}/{NAME}")
            finally:
                os.close(descriptor)
            listener.listen(MOST_AT_ONCE)
            listener.settimeout(SLICE)
            thread = threading.Thread(target=self._accept, args=(listener,), name="gate", daemon=True)
            thread.start()
            try:
                yield
            finally:
                self._closed.set()
                thread.join()
                (folder / NAME).unlink(missing_ok=True)

    def _over(self) -> bool:
        return self._closed.is_set() or self._stop() or self.overrun or time.monotonic() > self._deadline

    def _accept(self, listener: socket.socket) -> None:
        while not self._closed.is_set():
            try:
                visitor, _ = listener.accept()
            except TimeoutError:
                continue
            self.visits += 1
            if self.visits > MOST_VISITS or not self._places.acquire(blocking=False):
                visitor.close()
                continue
            threading.Thread(target=self._serve, args=(visitor,), name="gate visit", daemon=True).start()

    def _serve(self, visitor: socket.socket) -> None:
        try:
            with visitor, suppress(OSError):
                visitor.settimeout(self._egress.policy.answer_seconds)
                self._let_through(visitor)
        finally:
            self._places.release()

    def _let_through(self, visitor: socket.socket) -> None:
        asked = _read(visitor)
        far = self._dialled(asked) if asked else None
        if asked is None or far is None:
            visitor.sendall(NO_WAY)
            return
        with far:
            if asked.tunnel:
                visitor.sendall(OPEN)
            else:
                far.sendall(asked.forwarded())
            self._pump(visitor, far)

    def _dialled(self, asked: _Asked) -> socket.socket | None:
        deadline = time.monotonic() + self._egress.policy.answer_seconds
        try:
            return dial(self._egress.route(asked.url, deadline), self._egress.policy.proxy, deadline)
        except Refused:
            self.refused += 1
        except ProxyDown:
            self.shut = True
        except Failed:
            pass
        return None

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        """Bytes both ways until either side is done, or the whole visit has had enough."""
        ways = {one: other, other: one}
        while not self._over():
            ready, _, _ = select.select(list(ways), [], [], SLICE)
            for side in ready:
                piece = side.recv(PIECE)
                if not piece:
                    return
                ways[side].sendall(piece)
                with self._guard:
                    self._left -= len(piece)


@dataclass(frozen=True)
class _Asked:
    """A request as programs send them to a proxy: `CONNECT host:port`, or a whole URL."""

    method: bytes
    target: str
    headers: tuple[bytes, ...]
    rest: bytes
    """What came behind the head already."""

    @property
    def tunnel(self) -> bool:
        return self.method == b"CONNECT"

    @property
    def url(self) -> str:
        return f"https://{self.target}" if self.tunnel else self.target

    def forwarded(self) -> bytes:
        """As the server itself wants it. One request a connection: the next may be for somebody else."""
        kept = [line for line in self.headers if not line.lower().startswith(HOP_HEADERS)]
        first = self.method + b" " + read_url(self.url).target.encode() + b" HTTP/1.1"
        return b"\r\n".join([first, *kept, b"Connection: close", b"", b""]) + self.rest


def _read(visitor: socket.socket) -> _Asked | None:
    taken = b""
    while b"\r\n\r\n" not in taken:
        piece = visitor.recv(PIECE)
        if not piece or len(taken) > MOST_HEAD:
            return None
        taken += piece
    head, _, rest = taken.partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    words = first.split(b" ")
    if len(words) != 3 or not words[1].isascii():  # noqa: PLR2004 - method, target, version
        return None
    return _Asked(words[0], words[1].decode(), tuple(headers), rest)
