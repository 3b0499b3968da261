"""From a place to the addresses it is met at: looked up once, every answer judged."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from dubline.egress.addresses import Address, may_be_met
from dubline.egress.errors import Refused
from dubline.egress.policy import Policy
from dubline.egress.urls import Place

Names = Callable[[str], Sequence[str]]
"""The addresses of a name, as text; OSError where there are none."""


@dataclass(frozen=True)
class Route:
    """A place with the addresses that were judged good; nobody looks the name up again."""

    place: Place
    addresses: tuple[Address, ...]


def system_names(name: str) -> Sequence[str]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def find_route(place: Place, policy: Policy, names: Names, deadline: float) -> Route:
    """One bad answer among good ones spoils all: a mixed answer is how names are made to change their mind."""
    policy.admit(place)
    addresses = (place.literal,) if place.literal is not None else _looked_up(place.host, names, deadline)
    if not addresses or not all(may_be_met(address, policy.allowed) for address in addresses):
        raise Refused
    return Route(place, tuple(addresses))


def _looked_up(name: str, names: Names, deadline: float) -> Sequence[Address]:
    """The system's resolver knows no time limit, so it is asked in a thread that may be left behind."""
    answer: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(names(name))
        except (OSError, UnicodeError):
            answer.put(())

    threading.Thread(target=ask, name="look up", daemon=True).start()
    try:
        found = answer.get(timeout=max(0.0, deadline - time.monotonic()))
        return [ip_address(each) for each in found]
    except (queue.Empty, ValueError) as error:
        raise Refused from error
