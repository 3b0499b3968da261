"""Opens connections to judged addresses, straight or through the operator's proxy."""

from __future__ import annotations

import base64
import socket
import time
from ipaddress import IPv6Address
from urllib.parse import SplitResult, unquote, urlsplit

from dubline.domain.errors import Unavailable
from dubline.egress.addresses import Address
from dubline.egress.errors import Failed, ProxyDown
from dubline.egress.routes import Route

MOST_HEAD = 16 << 10
CONNECTED = b"200"
ASKS_PASSWORD = b"407"


def dial(route: Route, proxy: str, deadline: float) -> socket.socket:
    """A connection to one of the route's addresses and to nothing else."""
    last = Failed()
    for address in route.addresses:
        try:
            return (
                _straight(address, route.place.port, deadline)
                if not proxy
                else _through(proxy, address, route.place.port, deadline)
            )
        except OSError as error:
            last.__cause__ = error
    raise last


def remaining(deadline: float) -> float:
    """Seconds left for one step."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is up")
    return left


def _straight(address: Address, port: int, deadline: float) -> socket.socket:
    family = socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(remaining(deadline))
        made.connect((str(address), port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        made.close()
        raise
    return made


def _through(proxy: str, address: Address, port: int, deadline: float) -> socket.socket:
    """The proxy gets the judged address, not the name: it must not look it up a second time."""
    where = read_proxy(proxy)
    try:
        made = socket.create_connection((where.hostname or "", where.port or 80), remaining(deadline))
    except OSError as error:
        raise ProxyDown from error
    try:
        made.settimeout(remaining(deadline))
        made.sendall(_connect_request(where, address, port))
        status = _status(made, deadline)
    except OSError as error:
        made.close()
        raise ProxyDown from error
    if status != CONNECTED:
        made.close()
        raise (
            ProxyDown if status in (b"", ASKS_PASSWORD) else ConnectionError("the proxy did not get through")
        )
    return made


def read_proxy(proxy: str) -> SplitResult:
    where = urlsplit(proxy)
    if where.scheme != "http" or not where.hostname:
        raise Unavailable(
            "setting_invalid",
            "The setting egress_proxy is no address of a proxy.",
            hint="Write http://host:port",
        )
    return where


def _connect_request(where: SplitResult, address: Address, port: int) -> bytes:
    host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
    if where.username:
        pair = f"{unquote(where.username)}:{unquote(where.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _status(connection: socket.socket, deadline: float) -> bytes:
    """The status of the proxy's answer, read byte by byte: what follows the head is no longer ours."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        connection.settimeout(remaining(deadline))
        byte = connection.recv(1)
        if not byte or len(head) > MOST_HEAD:
            return b""
        head += byte
    words = head.split(None, 2)
    return words[1] if len(words) > 1 else b""
