"""A receiver of webhooks: a real HTTP server that answers as a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    path: str
    headers: Mapping[str, str]
    content: str
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.content)


@dataclass(frozen=True)
class Reply:
    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    afterwards: Callable[[], object] = bool
    """Done as soon as the reply is out."""


Manner = Callable[[Received], Reply]


class Receiver:
    """`manner` says how it answers; it may also take its time."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.manner: Manner = lambda _: Reply()
        self.at_once = 0
        """How many requests were here at once at most, since this was last set to nought."""
        self._here = 0
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def ids(self) -> list[str]:
        return [each.id for each in self.received]

    def heard(self, count: int, patience: float = 20.0) -> list[Received]:
        """Waits until so many requests have come."""
        deadline = time.monotonic() + patience
        while len(self.received) < count:
            assert time.monotonic() < deadline, f"{len(self.received)} of {count} requests came"
            time.sleep(0.01)
        return self.received

    def _take(self, received: Received) -> Reply:
        with self._lock:
            self._here += 1
            self.at_once = max(self.at_once, self._here)
            self.received.append(received)
        try:
            return self.manner(received)
        finally:
            with self._lock:
                self._here -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                content = self.rfile.read(length).decode()
                if len(content.encode()) < length:
                    return  # whoever sent it was killed in the middle
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = receiver._take(Received(self.path, headers, content, time.time()))
                self.send_response(reply.status)
                for name, value in {"content-length": str(len(reply.content)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.content)
                self.wfile.flush()
                reply.afterwards()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()
