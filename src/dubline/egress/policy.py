"""What an operator allows on the way out."""

from __future__ import annotations

from dataclasses import dataclass

from dubline.egress.addresses import Network
from dubline.egress.errors import Refused
from dubline.egress.urls import Place

MOST_HOPS = 3


@dataclass(frozen=True)
class Policy:
    schemes: frozenset[str] = frozenset({"https"})
    ports: frozenset[int] = frozenset({80, 443})
    allowed: tuple[Network, ...] = ()
    """Networks that are met although they are not public."""
    hops: int = MOST_HOPS
    """Redirects that are followed."""
    downgrade: bool = False
    """Whether a redirect may lead from https to http."""
    proxy: str = ""
    """http://[user:password@]host:port of the operator's own proxy; nothing goes around it."""
    answer_seconds: float = 15.0
    """From the first look-up to the head of the last answer, with all redirects."""
    even_failures: bool = True
    """A failure is told only when `answer_seconds` are over: how soon would tell an open port from a closed one."""

    def admit(self, place: Place) -> None:
        if place.scheme not in self.schemes:
            raise Refused("Only https addresses are taken.")
        if place.port not in self.ports:
            raise Refused("This port is not one of the web's.")

    def admit_hop(self, origin: Place, place: Place) -> None:
        self.admit(place)
        if origin.scheme == "https" and place.scheme == "http" and not self.downgrade:
            raise Refused("This address leads on to one without encryption.")
