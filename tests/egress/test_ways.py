"""Names that change their mind, redirects, and the operator's proxy (S2, S3, S5)."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest

from dubline.egress import Egress, Failed, Policy, ProxyDown, Refused
from dubline.egress.addresses import networks
from tests.egress.attackers import Attacker, leads_to, path_of, says


def near(*ports: int, **others: Any) -> Policy:
    """127.0.0.1 and nothing else of loopback: 127.0.0.2 plays what is inside."""
    usual = {
        "schemes": frozenset({"http", "https"}),
        "ports": frozenset(ports),
        "allowed": networks(["127.0.0.1/32"]),
        "answer_seconds": 2.0,
        "even_failures": False,
    }
    return Policy(**{**usual, **others})


@pytest.fixture
def inside() -> Iterator[Attacker]:
    """What nobody may reach. It has the port of `outside`, so only the address differs."""
    with Attacker(says("200 OK", b"secret"), "127.0.0.2") as server:
        yield server


class Wavering:
    """A name server that gives a good address first and a bad one whenever it is asked for a name again."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = answers
        self.asked: Counter[str] = Counter()

    def __call__(self, name: str) -> Sequence[str]:
        self.asked[name] += 1
        return self._answers[(self.asked[name] - 1) % len(self._answers)]


def test_a_name_is_looked_up_once_and_the_judged_address_is_met(connections: list[object]) -> None:
    names = Wavering(["127.0.0.1"], ["127.0.0.2"], ["::1"])
    with Attacker(says("200 OK", b"fine")) as outside:
        egress = Egress(near(outside.port), names)
        for count in range(200):
            with egress.request(outside.url(host=f"wavering{count}.example")) as reply:
                assert reply.body() == b"fine"
        assert outside.visits == 200
        assert outside.requests[0].startswith(b"GET / HTTP/1.1\r\nhost: wavering0.example:")
    assert set(names.asked.values()) == {1}
    assert set(connections) == {("127.0.0.1", outside.port)}


def test_mixed_answers_are_refused_whatever_their_order(connections: list[object]) -> None:
    mixtures = (
        ["127.0.0.1", "127.0.0.2"],
        ["::1", "127.0.0.1"],
        ["127.0.0.1", "fe80::1%1"],
        ["127.0.0.1", "10.0.0.1"],
    )
    for count in range(200):
        egress = Egress(near(80), Wavering(mixtures[count % len(mixtures)]))
        with pytest.raises(Refused), egress.request("http://mixed.example/"):
            pytest.fail("met")
    assert connections == []


def test_a_redirect_asks_for_the_name_again_and_judges_again(connections: list[object]) -> None:
    with Attacker(leads_to("/next")) as outside:
        names = Wavering(["127.0.0.1"], ["127.0.0.2"])
        with pytest.raises(Refused), Egress(near(outside.port), names).request(outside.url(host="a.example")):
            pytest.fail("met")
    assert (names.asked["a.example"], outside.visits) == (2, 1)
    assert set(connections) == {("127.0.0.1", outside.port)}


@pytest.mark.parametrize("hops", range(11))
def test_three_redirects_are_followed_and_no_more(hops: int) -> None:
    def chain(connection: socket.socket, head: bytes) -> None:
        left = int(path_of(head)[1:])
        answer = leads_to(f"/{left - 1}") if left else says("200 OK", b"there")
        answer(connection, head)

    with Attacker(chain) as outside:
        egress = Egress(near(outside.port))
        if hops <= 3:
            with egress.request(outside.url(f"/{hops}")) as reply:
                assert (reply.body(), reply.url) == (b"there", outside.url("/0"))
        else:
            with pytest.raises(Refused), egress.request(outside.url(f"/{hops}")):
                pytest.fail("followed")
            assert outside.visits == 4


INWARD = (
    "http://127.0.0.2:{port}/", "//127.0.0.2:{port}/", "http://[::1]:{port}/", "http://0.0.0.0:{port}/",
    "http://2130706434:{port}/", "http://127.0.0.1@127.0.0.2:{port}/", "file:///etc/passwd", "gopher://127.0.0.2:{port}/",
    "ftp://127.0.0.2/", "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:22/", "http:///",
    "javascript:1",
    "http://127.0.0.1\\@127.0.0.2:{port}/", "http://127.0.0.2:{port}\t/", "data:text/plain,secret", "https://127.0.0.2/",
)  # fmt: skip


@pytest.mark.parametrize("location", INWARD)
@pytest.mark.parametrize("status", ["301 Moved", "303 See Other", "307 Temporary", "308 Permanent"])
def test_no_redirect_leads_inside(
    location: str, status: str, inside: Attacker, connections: list[object]
) -> None:
    with Attacker(leads_to(location.format(port=inside.port), status)) as outside:
        egress = Egress(near(outside.port, inside.port))
        with pytest.raises(Refused), egress.request(outside.url()):
            pytest.fail("followed")
    assert inside.visits == 0
    assert set(connections) == {("127.0.0.1", outside.port)}


def test_a_webhook_follows_nothing() -> None:
    with (
        Attacker(leads_to("http://127.0.0.2/")) as outside,
        Egress(near(outside.port)).request(outside.url(), method="POST", content=b"{}", hops=0) as reply,
    ):
        assert reply.status == 302


def test_a_secret_is_not_carried_to_another_server() -> None:
    with Attacker(says("200 OK")) as other, Attacker(leads_to(other.url(host="127.0.0.1"))) as first:
        headers = {"Authorization": "Bearer secret", "Cookie": "a=b"}
        with Egress(near(first.port, other.port)).request(first.url(), headers=headers) as reply:
            reply.body()
    assert b"secret" in first.requests[0]
    assert b"secret" not in other.requests[0] and b"a=b" not in other.requests[0]


def _tunnel(connection: socket.socket, head: bytes) -> None:
    """A proxy that is as simple as can be: one request, one answer."""
    host, _, port = path_of(head).rpartition(":")
    with suppress(OSError), socket.create_connection((host, int(port)), 5) as far:
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        far.sendall(connection.recv(65536))
        while piece := far.recv(65536):
            connection.sendall(piece)


def test_the_proxy_is_given_the_judged_address(connections: list[object]) -> None:
    with Attacker(says("200 OK", b"fine", Connection="close")) as outside, Attacker(_tunnel) as proxy:
        policy = near(outside.port, proxy=f"http://me:pass@127.0.0.1:{proxy.port}")
        with Egress(policy, lambda _: ["127.0.0.1"]).request(outside.url(host="a.example")) as reply:
            assert reply.body() == b"fine"
    assert proxy.requests[0].startswith(f"CONNECT 127.0.0.1:{outside.port} HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization: Basic bWU6cGFzcw==" in proxy.requests[0]
    assert b"host: a.example" in outside.requests[0]


def test_nothing_goes_around_a_proxy_that_is_down(connections: list[object]) -> None:
    with Attacker(says("200 OK")) as outside, Attacker(says("200 OK")) as gone:
        pass
    with Attacker(says("200 OK")) as outside:
        policy = near(outside.port, proxy=f"http://127.0.0.1:{gone.port}")
        for _ in range(20):
            with pytest.raises(ProxyDown), Egress(policy).request(outside.url()):
                pytest.fail("went around")
    assert outside.visits == 0
    assert set(connections) == {("127.0.0.1", gone.port)}


@pytest.mark.parametrize("answer", [says("407 Who are you"), lambda connection, _: connection.close()])
def test_a_proxy_that_lets_nobody_through_is_a_proxy_that_is_down(answer: Any) -> None:
    with Attacker(says("200 OK")) as outside, Attacker(answer) as proxy:
        policy = near(outside.port, proxy=f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(ProxyDown), Egress(policy).request(outside.url()):
            pytest.fail("went around")
    assert outside.visits == 0


def test_the_surroundings_choose_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.2:9")
    with (
        Attacker(says("200 OK", b"fine")) as outside,
        Egress(near(outside.port)).request(outside.url()) as reply,
    ):
        assert reply.body() == b"fine"


def test_an_unreachable_target_behind_a_proxy_looks_like_any_other() -> None:
    with Attacker(says("502 Bad Gateway")) as proxy:
        policy = near(9, proxy=f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(Failed), Egress(policy).request("http://127.0.0.1:9/"):
            pytest.fail("met")
