"""Requests to places that users name, with a limit on everything."""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property

import httpcore
import httpx

from dubline.domain.errors import Cancelled
from dubline.egress.errors import Failed, Refused, TooLarge, TooSlow
from dubline.egress.policy import Policy
from dubline.egress.routes import Names, Route, find_route, system_names
from dubline.egress.streams import SLICE, Backend, Watch
from dubline.egress.urls import read_url

OK, PARTIAL, UNSATISFIABLE = 200, 206, 416
REDIRECTS = (301, 302, 303, 307, 308)
AGENT = "dubline"
PIECE = 256 << 10
"""Bytes that are unpacked at once: a packed megabyte can hold a gigabyte."""

_PACKED = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


@dataclass(frozen=True)
class Caps:
    most_bytes: int = 64 << 10
    """Of the body, as it comes and unpacked."""
    most_seconds: float = 20.0
    """For the whole of it."""
    read_seconds: float = 10.0
    """For one sign of life."""


def never() -> bool:
    return False


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    url: str
    """Where it came from, after all redirects."""
    chunks: Iterator[bytes]
    """The body, unpacked, within the caps."""

    def body(self) -> bytes:
        return b"".join(self.chunks)


class Egress:
    def __init__(self, policy: Policy | None = None, names: Names = system_names) -> None:
        self.policy = policy or Policy()
        self._names = names

    def route(self, url: str, deadline: float | None = None) -> Route:
        """Refused, or the way to it."""
        limit = time.monotonic() + self.policy.answer_seconds if deadline is None else deadline
        return find_route(read_url(url), self.policy, self._names, limit)

    @contextmanager
    def request(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        caps: Caps = Caps(),
        hops: int | None = None,
        stop: Callable[[], bool] = never,
    ) -> Iterator[Reply]:
        """The reply, its body still to come. `hops=0` gives a redirect back instead of following it."""
        started = time.monotonic()
        watch = Watch(started + min(self.policy.answer_seconds, caps.most_seconds), stop)
        most_hops = self.policy.hops if hops is None else hops
        asked = _Asked(method, {"user-agent": AGENT, **(headers or {})}, content)
        with ExitStack() as stack:
            try:
                route, response = self._answered(url, asked, watch, most_hops, stack)
            except (Failed, OSError, *_HTTPCORE) as error:
                self.even_out(started, stop)
                raise Failed from error
            watch.deadline, watch.read_seconds = started + caps.most_seconds, caps.read_seconds
            known = {
                name.decode("latin-1").lower(): text.decode("latin-1") for name, text in response.headers
            }
            yield Reply(response.status, known, route.place.url, _body(response, known, caps.most_bytes))

    def even_out(self, started: float, stop: Callable[[], bool] = never) -> None:
        """Before a failure is told: wait until no failure could come later than this one."""
        moment = started + self.policy.answer_seconds if self.policy.even_failures else 0.0
        while (left := moment - time.monotonic()) > 0:
            if stop():
                raise Cancelled
            time.sleep(min(SLICE, left))

    def _answered(
        self, url: str, asked: _Asked, watch: Watch, hops: int, stack: ExitStack
    ) -> tuple[Route, httpcore.Response]:
        route = self.route(url, watch.deadline)
        for hop in range(hops + 1):
            response = self._ask(route, asked, watch, stack)
            location = _location(response)
            if location is None or hops == 0:
                return route, response
            if hop == hops:
                break
            stack.close()
            place = route.place.joined(location)
            self.policy.admit_hop(route.place, place)
            if place.authority != route.place.authority:
                asked = asked.for_strangers()
            route = find_route(place, self.policy, self._names, watch.deadline)
        raise Refused("This address leads on and on.", hint="Give the address it ends at.")

    def _ask(self, route: Route, asked: _Asked, watch: Watch, stack: ExitStack) -> httpcore.Response:
        place = route.place
        pool = stack.enter_context(
            httpcore.ConnectionPool(
                ssl_context=self._trust if place.scheme == "https" else None,
                max_connections=1,
                network_backend=Backend(route, self.policy.proxy, watch),
            )
        )
        url = httpcore.URL(
            scheme=place.scheme.encode(),
            host=place.host.encode(),
            port=place.port,
            target=place.target.encode(),
        )
        sent = {
            "host": place.authority,
            "accept-encoding": "identity",
            "connection": "close",
            **asked.headers,
        }
        return stack.enter_context(
            pool.stream(asked.method, url, headers=list(sent.items()), content=asked.content)
        )

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """The usual authorities, or those of SSL_CERT_FILE."""
        return httpx.create_ssl_context()


@dataclass(frozen=True)
class _Asked:
    method: str
    headers: Mapping[str, str]
    content: bytes

    def for_strangers(self) -> _Asked:
        """What was meant for one server is not shown to another."""
        kept = {
            name: text
            for name, text in self.headers.items()
            if name.lower() not in ("authorization", "cookie")
        }
        return _Asked(self.method, kept, self.content)


_HTTPCORE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)


def _location(response: httpcore.Response) -> str | None:
    if response.status not in REDIRECTS:
        return None
    found = [text for name, text in response.headers if name.lower() == b"location"]
    return found[0].decode("utf-8", errors="replace") if found else None


def _body(response: httpcore.Response, headers: Mapping[str, str], most: int) -> Iterator[bytes]:
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise TooLarge(most)
    try:
        yield from _counted(_unpacked(_counted(response.iter_stream(), most), headers), most)
    except TimeoutError as error:
        raise TooSlow from error
    except (OSError, zlib.error, *_HTTPCORE) as error:
        raise Failed from error


def _counted(chunks: Iterator[bytes], most: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > most:
            raise TooLarge(most)
        yield chunk


def _unpacked(chunks: Iterator[bytes], headers: Mapping[str, str]) -> Iterator[bytes]:
    """We ask for nothing packed; some pack all the same."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        yield from chunks
        return
    if coding not in _PACKED:
        raise Failed
    unpacker = zlib.decompressobj(_PACKED[coding])
    for chunk in chunks:
        packed = chunk
        while packed:
            yield unpacker.decompress(packed, PIECE)
            packed = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise Failed
