from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.translating.routing import MOST_HOPS, Hop, Routes
from dubline.domain.errors import UserError

HOPS = (
    Hop("neural", "en", "pt", 0.6),
    Hop("rules", "pt", "es", 0.86),
    Hop("rules", "en", "es", 0.44),
    Hop("rules", "es", "fr", 0.7),
    Hop("rules", "es", "ca", 0.88),
    Hop("rules", "ca", "oc", 0.9),
)
ROUTES = Routes(HOPS)


def test_a_good_pivot_beats_a_poor_direct_way() -> None:
    best = ROUTES.best("en", "es")
    assert str(best) == "neural en→pt, rules pt→es"
    assert best.quality == pytest.approx(0.516)
    assert best.engines == ("neural", "rules")


def test_a_direct_way_that_is_good_enough_is_taken() -> None:
    better = Routes([*HOPS, Hop("large", "en", "es", 0.55)])
    assert str(better.best("en", "es")) == "large en→es"
    assert [str(route) for route in better.alternatives("en", "es")] == [
        "large en→es",
        "neural en→pt, rules pt→es",
        "rules en→es",
    ]


def test_dialects_travel_by_their_language() -> None:
    assert ROUTES.best("en-GB", "es-MX").target == "es"
    assert Routes([Hop("rules", "pt", "es", 0.8)]).best("pt-BR", "es").source == "pt"


def test_three_hops_are_the_most() -> None:
    assert len(ROUTES.best("en", "ca").hops) == 3
    with pytest.raises(UserError):
        Routes([*HOPS[:2], *HOPS[4:]]).best("en", "oc")


def test_a_pair_without_a_route_says_what_is_possible() -> None:
    with pytest.raises(UserError) as refusal:
        ROUTES.best("pt", "zh")
    assert refusal.value.code == "pair_unsupported"
    assert "Portuguese" in refusal.value.message
    assert "es (Spanish)" in refusal.value.hint
    assert "fr (French)" in refusal.value.hint
    assert "en (" not in refusal.value.hint


def test_targets_have_their_best_route_each() -> None:
    reachable = ROUTES.targets("en")
    assert list(reachable) == ["ca", "es", "fr", "oc", "pt"]
    assert all(route == ROUTES.best("en", target) for target, route in reachable.items())


LANGUAGE = st.sampled_from(["en", "es", "pt", "fr", "it", "de"])
HOP = st.builds(Hop, st.sampled_from(["a", "b"]), LANGUAGE, LANGUAGE, st.floats(0.05, 1.0)).filter(
    lambda hop: hop.source != hop.target
)


@given(st.lists(HOP, max_size=12), LANGUAGE, LANGUAGE, st.randoms())
def test_routes_hold_together_whatever_the_order_of_the_engines(hops, source, target, random) -> None:
    if source == target:
        return
    found = Routes(hops).alternatives(source, target, limit=99)
    shuffled = list(hops)
    random.shuffle(shuffled)
    assert [route.quality for route in Routes(shuffled).alternatives(source, target, limit=99)] == [
        route.quality for route in found
    ]
    for route in found:
        stops = [source, *(hop.target for hop in route.hops)]
        assert stops[-1] == target
        assert [hop.source for hop in route.hops] == stops[:-1]
        assert len(set(stops)) == len(stops)
        assert len(route.hops) <= MOST_HOPS
    assert all(before.quality >= after.quality - 1e-6 for before, after in pairwise(found))
