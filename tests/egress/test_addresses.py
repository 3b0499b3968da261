"""No address that is not public is met, however it is written (S1)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from dubline.egress import Egress, Failed, Policy, Refused
from dubline.egress.addresses import networks, public
from tests.egress.corpus import SPECIAL_V4, SPECIAL_V6, forbidden

EVERYWHERE = Policy(schemes=frozenset({"http", "https"}), even_failures=False)


def names_of_inside(name: str) -> Sequence[str]:
    """A resolver in whose world every name leads inside."""
    return ["127.0.0.1"]


def test_the_corpus_is_large() -> None:
    assert len(forbidden()) >= 250


@pytest.mark.parametrize("policy", [Policy(), EVERYWHERE], ids=["https", "http too"])
def test_no_forbidden_address_is_met(policy: Policy, connections: list[object]) -> None:
    egress = Egress(policy, names_of_inside)
    for url in forbidden():
        with pytest.raises(Refused), egress.request(url):
            pytest.fail(f"met {url!r}")
    assert connections == []


@pytest.mark.parametrize("inside", [*SPECIAL_V4, *SPECIAL_V6])
def test_a_name_that_leads_inside_is_refused(inside: str, connections: list[object]) -> None:
    for answers in ([inside], ["93.184.215.14", inside], [inside, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]):
        with pytest.raises(Refused):
            Egress(Policy(), lambda _, given=answers: given).route("https://good.example/")
    assert not [each for each in connections if each != ("93.184.215.14", 9)]


@pytest.mark.parametrize(
    "written", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450::1", "2003::1"]
)
def test_public_addresses_are_public(written: str) -> None:
    assert public(ip_address(written))


def test_a_good_url_is_read_as_it_is_meant() -> None:
    place = (
        Egress(Policy(), lambda _: ["93.184.215.14"])
        .route("https://Bücher.EXAMPLE./ä b".replace(" ", "%20"))
        .place
    )
    assert (place.host, place.port, place.target) == ("xn--bcher-kva.example", 443, "/%C3%A4%20b")
    assert place.url == "https://xn--bcher-kva.example/%C3%A4%20b"


def test_other_ports_and_schemes_need_a_setting() -> None:
    egress = Egress(Policy(), lambda _: ["93.184.215.14"])
    for url in ("http://good.example/", "https://good.example:8443/", "https://good.example:22/"):
        with pytest.raises(Refused):
            egress.route(url)
    assert Egress(EVERYWHERE, lambda _: ["93.184.215.14"]).route("http://good.example/").place.port == 80


def test_an_allowed_network_is_met(connections: list[object]) -> None:
    """The one way to loopback is to name it; port 9 of it is closed."""
    policy = Policy(ports=frozenset({9}), allowed=networks(["127.0.0.0/8"]), even_failures=False)
    with pytest.raises(Failed), Egress(policy).request("https://127.0.0.1:9/"):
        pytest.fail("nobody listens there")
    assert ("127.0.0.1", 9) in connections


def test_a_name_nobody_knows_looks_like_one_that_leads_inside() -> None:
    def unknown(name: str) -> Sequence[str]:
        raise OSError(name)

    told = set()
    for names in (unknown, names_of_inside, lambda _: [], lambda _: ["nonsense"]):
        with pytest.raises(Refused) as refused:
            Egress(Policy(), names).route("https://some.example/")
        told.add(str(refused.value))
    assert len(told) == 1
