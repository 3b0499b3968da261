"""Servers on loopback that play the attacker: they answer whatever they are told to, byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

Answer = Callable[[socket.socket, bytes], None]
"""Given the connection and the head of the request."""


class Attacker:
    """One listener. It counts who came, and answers one request a connection."""

    def __init__(self, answer: Answer, host: str = "127.0.0.1") -> None:
        self._answer = answer
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=200)
        self.port = self._listener.getsockname()[1]
        self.requests: list[bytes] = []
        self.visits = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Attacker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.visits += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(4096)
                if not piece:
                    break
                head += piece
            self.requests.append(head)
            self._answer(connection, head)


def says(status: str, body: bytes = b"", **headers: str) -> Answer:
    """A plain answer of known length."""
    lines = [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines]) + "\r\n\r\n"
    return lambda connection, _head: connection.sendall(head.encode() + body)


def leads_to(location: str, status: str = "302 Found") -> Answer:
    """Said to be the last reply on its connection, as it is: else a client may ask on where nobody listens."""
    return says(status, Location=location, Connection="close")


def sends(data: bytes) -> Answer:
    """Exactly these bytes."""
    return lambda connection, _head: connection.sendall(data)


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    """One piece after the other until the other side has enough."""
    over = threading.Event()

    def answer(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(head)
        while not over.wait(pause):
            connection.sendall(piece)

    return answer


def silent(connection: socket.socket, _head: bytes) -> None:
    """Takes the request and says nothing until the other side goes."""
    connection.recv(1)


def path_of(head: bytes) -> str:
    return head.split(b" ")[1].decode()
