"""The way from one language to another over the translators that are there: direct, else by way of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from dubline.domain.errors import UserError
from dubline.domain.language import base, language_name

MOST_HOPS = 3


@dataclass(frozen=True)
class Hop:
    """One translation by one engine. `quality` is the engine's own figure, 0 to 1; an engine that `uses_context`
    wants to see the whole talk, and may be far away and dear: it is asked for the lines, never for checks."""

    engine: str
    source: str
    target: str
    quality: float
    uses_context: bool = False

    def __str__(self) -> str:
        return f"{self.engine} {self.source}→{self.target}"


@dataclass(frozen=True)
class Route:
    """Hops in order; the quality of a route is the product of its hops', because errors pile up."""

    hops: tuple[Hop, ...]

    @property
    def source(self) -> str:
        return self.hops[0].source

    @property
    def target(self) -> str:
        return self.hops[-1].target

    @property
    def quality(self) -> float:
        return prod(hop.quality for hop in self.hops)

    @property
    def engines(self) -> tuple[str, ...]:
        """Each engine once, in the order it is first needed."""
        return tuple(dict.fromkeys(hop.engine for hop in self.hops))

    def __str__(self) -> str:
        return ", ".join(str(hop) for hop in self.hops)


class Routes:
    """Every route over the given hops. Dialects travel by their language: pt-BR is pt, es-MX is es."""

    def __init__(self, hops: Iterable[Hop]) -> None:
        leaving: dict[str, list[Hop]] = {}
        for hop in sorted(hops, key=lambda hop: (hop.source, hop.target, hop.engine)):
            leaving.setdefault(base(hop.source), []).append(hop)
        self._leaving: Mapping[str, list[Hop]] = leaving

    def best(self, source: str, target: str) -> Route:
        """The best route; a `UserError` that lists what is possible from this source where there is none."""
        routes = self.alternatives(source, target, limit=1)
        if not routes:
            raise self._unsupported(source, target)
        return routes[0]

    def alternatives(self, source: str, target: str, limit: int = 3) -> tuple[Route, ...]:
        """The best routes, best first, each through other languages or engines than the ones before it."""
        found = [route for route in self._from(base(source)) if route.target == base(target)]
        return tuple(sorted(found, key=_worth)[:limit])

    def direct(self, source: str, target: str) -> Hop | None:
        """The best single hop, if there is one."""
        hops = [hop for hop in self.leaving(source) if hop.target == base(target)]
        return min(hops, key=lambda hop: (-hop.quality, hop.engine), default=None)

    def plain(self) -> Routes:
        """The routes over engines that do not ask for context."""
        return Routes(hop for hops in self._leaving.values() for hop in hops if not hop.uses_context)

    def leaving(self, source: str) -> tuple[Hop, ...]:
        """Every hop that starts from a language."""
        return tuple(self._leaving.get(base(source), ()))

    def targets(self, source: str) -> dict[str, Route]:
        """Every language that can be reached, each with its best route, in alphabetical order."""
        found: dict[str, Route] = {}
        for route in sorted(self._from(base(source)), key=_worth):
            found.setdefault(route.target, route)
        return dict(sorted(found.items()))

    def _from(self, source: str) -> list[Route]:
        """Routes without loops and of bearable length."""
        complete: list[Route] = []
        open_ends = [Route((hop,)) for hop in self._leaving.get(source, [])]
        while open_ends:
            complete += open_ends
            open_ends = [
                Route((*route.hops, hop))
                for route in open_ends
                if len(route.hops) < MOST_HOPS
                for hop in self._leaving.get(route.target, [])
                if hop.target != source and all(hop.target != passed.target for passed in route.hops)
            ]
        return complete

    def _unsupported(self, source: str, target: str) -> UserError:
        reachable = self.targets(source)
        names = ", ".join(f"{tag} ({language_name(tag)})" for tag in reachable) or "none"
        return UserError(
            "pair_unsupported",
            f"No installed translator leads from {language_name(source)} to {language_name(target)}.",
            hint=f"From {base(source)} these can be reached: {names}. See: dubline engines.",
        )


def _worth(route: Route) -> tuple[float, int, str]:
    """Better quality first, then fewer hops, then by name so that the choice never wavers."""
    return -round(route.quality, 9), len(route.hops), str(route)
