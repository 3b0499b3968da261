"""A line between a client and a server that breaks when a test wants it to."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Fate:
    """Of one connection: cut after so many bytes up or down, or answered without the server."""

    up: int | None = None
    down: int | None = None
    answer: bytes | None = None


class BreakingLine:
    """Connections meet their fates in turn; when there are none left, nothing breaks any more."""

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target).netloc.split(":")
        self._door = socket.create_server(("127.0.0.1", 0))
        self.fates: deque[Fate] = deque()
        self.up = 0
        self.down = 0
        self.said = b""
        """The first bytes of what was sent up, to look for headers in."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                fate = self.fates.popleft() if self.fates else Fate()
                threading.Thread(target=self._carry, args=(near, fate), daemon=True).start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _carry(self, near: socket.socket, fate: Fate) -> None:
        if fate.answer is not None:
            near.recv(1 << 16)
            near.sendall(fate.answer)
            near.close()
            return
        try:
            far = socket.create_connection((self._target[0], int(self._target[1])))
        except OSError:
            near.close()
            return
        back = threading.Thread(target=self._pump, args=(far, near, fate.down, "down"), daemon=True)
        back.start()
        self._pump(near, far, fate.up, "up")
        back.join()
        near.close()
        far.close()

    def _pump(self, source: socket.socket, to: socket.socket, most: int | None, way: str) -> None:
        carried = 0
        with suppress(OSError):
            while data := source.recv(1 << 14):
                data = data if most is None else data[: most - carried]
                to.sendall(data)
                carried += len(data)
                setattr(self, way, getattr(self, way) + len(data))
                if way == "up" and len(self.said) < 1 << 16:
                    self.said += data
                if most is not None and carried >= most:
                    break
        for each in (source, to):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def breaking(target: str) -> Iterator[BreakingLine]:
    line = BreakingLine(target)
    thread = threading.Thread(target=line.serve, daemon=True)
    thread.start()
    yield line
    line.close()
    thread.join(5)
