"""A connection for httpcore that goes where we say and never outlasts its deadline."""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from dubline.domain.errors import Cancelled
from dubline.egress.dialling import dial, remaining
from dubline.egress.routes import Route

SLICE = 0.25
"""Seconds between two looks at whether somebody wants us to stop."""


class Watch:
    """How long a request may still take; `read_seconds` is what one read may take at most."""

    def __init__(self, deadline: float, stop: Callable[[], bool]) -> None:
        self.deadline = deadline
        self.read_seconds = float("inf")
        self.stop = stop

    def step_deadline(self) -> float:
        return min(self.deadline, time.monotonic() + self.read_seconds)


class Stream(httpcore.NetworkStream):
    def __init__(self, connection: socket.socket, watch: Watch) -> None:
        self._connection = connection
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        step = self._watch.step_deadline()
        while True:
            if self._watch.stop():
                raise Cancelled
            self._connection.settimeout(min(SLICE, remaining(step)))
            try:
                return self._connection.recv(max_bytes)
            except TimeoutError:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """A server may answer and close before it has read all; httpcore reads its answer if told so."""
        try:
            self._connection.settimeout(remaining(self._watch.step_deadline()))
            self._connection.sendall(buffer)
        except OSError as error:
            raise httpcore.WriteError from error

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """The certificate must be the name's, whatever address it was met at."""
        self._connection.settimeout(remaining(self._watch.step_deadline()))
        try:
            wrapped = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except BaseException:
            self.close()
            raise
        return Stream(wrapped, self._watch)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        if info == "ssl_object":
            return self._connection if isinstance(self._connection, ssl.SSLSocket) else None
        if info == "is_readable":
            return bool(select.select([self._connection], [], [], 0)[0])
        return None


class Backend(httpcore.NetworkBackend):
    """Knows one route and connects to nothing else, whatever it is asked for."""

    def __init__(self, route: Route, proxy: str, watch: Watch) -> None:
        self._route = route
        self._proxy = proxy
        self._watch = watch

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        if (host, port) != (self._route.place.host, self._route.place.port):
            raise ValueError("this connection is for another place")
        return Stream(dial(self._route, self._proxy, self._watch.deadline), self._watch)
