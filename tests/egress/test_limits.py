"""What is cut off, and that no failure tells what stands behind an address (S6, S7)."""

from __future__ import annotations

import gzip
import socket
import statistics
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dubline.domain.errors import Cancelled, UserError
from dubline.egress import Caps, Egress, Failed, TooLarge, TooSlow
from tests.egress.attackers import Answer, Attacker, endless, says, sends, silent
from tests.egress.test_ways import near

OK = b"HTTP/1.1 200 OK\r\n"
CAP = 1 << 20


def fetched(answer: Answer, caps: Caps) -> tuple[int, float, UserError | None]:
    """Bytes that came out, seconds it took, and what was said at the end."""
    total, error, started = 0, None, time.monotonic()
    with Attacker(answer) as outside:
        try:
            with Egress(near(outside.port)).request(outside.url(), caps=caps) as reply:
                for chunk in reply.chunks:
                    total += len(chunk)
        except UserError as found:
            error = found
    return total, time.monotonic() - started, error


def test_an_endless_body_is_cut_at_its_size() -> None:
    total, _, error = fetched(endless(OK + b"\r\n", b"x" * 65536), Caps(CAP, 20))
    assert isinstance(error, TooLarge)
    assert CAP * 0.95 <= total <= CAP


def test_an_announced_size_is_refused_before_it_comes() -> None:
    total, _, error = fetched(sends(OK + b"Content-Length: 99999999999\r\n\r\nx"), Caps(CAP, 20))
    assert (total, type(error)) == (0, TooLarge)


@pytest.mark.parametrize("pause", [0.05, 0.4])
def test_a_slow_drip_is_cut_at_its_time(pause: float) -> None:
    _, seconds, error = fetched(endless(OK + b"\r\n", b"x", pause), Caps(CAP, 1.5))
    assert isinstance(error, TooSlow)
    assert seconds == pytest.approx(1.5, rel=0.05)


def test_a_body_that_stops_is_given_up_on() -> None:
    _, seconds, error = fetched(
        lambda connection, head: (connection.sendall(OK + b"\r\nx"), silent(connection, head))[0],
        Caps(CAP, 20, 0.6),
    )
    assert isinstance(error, TooSlow)
    assert seconds < 1.5


@pytest.mark.parametrize("head", [OK, b"HTTP/1.1 100 Continue\r\n\r\n", b"X"])
def test_a_head_that_never_ends_is_given_up_on(head: bytes) -> None:
    _, seconds, error = fetched(
        endless(head, b"HTTP/1.1 100 C\r\n\r\n" if b"100" in head else b"a", 0.05), Caps(CAP, 1.0)
    )
    assert isinstance(error, Failed)
    assert seconds < 1.2


def test_a_head_too_large_is_given_up_on() -> None:
    _, seconds, error = fetched(endless(OK, b"a: " + b"x" * 8192 + b"\r\n"), Caps(CAP, 10))
    assert isinstance(error, Failed)
    assert seconds < 2


@pytest.mark.parametrize("coding", ["gzip", "deflate", "x-gzip"])
def test_a_packed_bomb_bursts_outside(coding: str) -> None:
    zeros = bytes(200 << 20)
    packed = zlib.compress(zeros, 9) if coding == "deflate" else gzip.compress(zeros, 9)
    total, seconds, error = fetched(says("200 OK", packed, Content_Encoding=coding), Caps(CAP, 20))
    assert isinstance(error, TooLarge)
    assert CAP * 0.7 <= total <= CAP
    assert seconds < 2


def test_what_is_packed_honestly_is_unpacked() -> None:
    total, _, error = fetched(
        says("200 OK", gzip.compress(b"x" * 5000), Content_Encoding="gzip"), Caps(CAP, 20)
    )
    assert (total, error) == (5000, None)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress"])
def test_other_packing_is_not_touched(coding: str) -> None:
    assert isinstance(fetched(says("200 OK", b"abc", Content_Encoding=coding), Caps(CAP, 20))[2], Failed)


def test_less_than_was_announced_is_no_file() -> None:
    total, _, error = fetched(sends(OK + b"Content-Length: 100\r\n\r\n0123456789"), Caps(CAP, 20))
    assert (total, type(error)) == (10, Failed)


def test_more_than_was_announced_is_not_read() -> None:
    assert fetched(sends(OK + b"Content-Length: 5\r\n\r\n0123456789"), Caps(CAP, 20))[0] == 5


def test_a_fetch_stops_when_somebody_asks() -> None:
    asked = threading.Event()
    with Attacker(endless(OK + b"\r\n", b"x", 0.1)) as outside:
        threading.Timer(0.3, asked.set).start()
        started = time.monotonic()
        with (
            pytest.raises(Cancelled),
            Egress(near(outside.port)).request(outside.url(), caps=Caps(CAP, 60), stop=asked.is_set) as reply,
        ):
            reply.body()
        assert time.monotonic() - started < 1


@contextmanager
def filtered_port() -> Iterator[int]:
    """A port that answers no greeting: its queue is full, so the kernel drops who comes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = []
        for _ in range(4):
            waiting.append(each := socket.socket())
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        time.sleep(0.1)
        yield port
        for each in waiting:
            each.close()


def test_ports_look_alike_from_outside() -> None:
    """Closed, filtered, silent, babbling, slamming the door: one sentence, one time."""
    with (
        socket.create_server(("127.0.0.1", 0)) as closed,
        filtered_port() as filtered,
        Attacker(silent) as quiet,
        Attacker(sends(b"SSH-2.0-OpenSSH_9.2\r\n")) as banner,
        Attacker(sends(b"")) as slamming,
        Attacker(sends(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")) as broken,
    ):
        closed_port = closed.getsockname()[1]
        closed.close()
        ports = [closed_port, filtered, quiet.port, banner.port, slamming.port, broken.port]
        egress = Egress(near(*ports, even_failures=True, answer_seconds=1.0))
        told, seconds = set(), []
        for port in ports:
            started = time.monotonic()
            with pytest.raises(Failed) as failed, egress.request(f"http://127.0.0.1:{port}/"):
                pytest.fail("met")
            told.add((failed.value.code, str(failed.value)))
            seconds.append(time.monotonic() - started)
    assert len(told) == 1
    assert max(abs(each / statistics.median(seconds) - 1) for each in seconds) < 0.2
    assert not any(
        word in str(told) for word in ("127.0.0.1", "SSH", "refused it", "timed", str(closed_port))
    )
