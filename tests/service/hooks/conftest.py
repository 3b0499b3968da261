"""Servers that may call this machine, receivers on it, and a deliverer whose clock a test turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from dubline.egress import Egress
from dubline.service.context import Context
from dubline.service.hooks.claiming import Bounds
from dubline.service.hooks.deliverer import Deliverer
from dubline.service.hooks.sending import policy_for_hooks
from dubline.service.settings import ServiceSettings
from tests.service.hooks.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver) -> ServiceSettings:
    return ServiceSettings(
        data=tmp_path / "data",
        workers=0,
        egress_http=True,
        egress_ports=(receiver.port,),
        egress_allow=(ip_network("127.0.0.1/32"),),
    )


class Clock:
    """Stands at the real time until it is turned on."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def delivery(context: Context) -> Iterator[Callable[..., Deliverer]]:
    """A deliverer, at work only when it is told: `settle(deliverer)`."""
    made: list[Deliverer] = []

    def make(**chosen: object) -> Deliverer:
        egress = Egress(policy_for_hooks(context.egress.policy))
        made.append(Deliverer(context.database, egress, **chosen))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        asyncio.run(each.stop())


def settle(deliverer: Deliverer) -> int:
    """Everything that is due is tried; how many tries that took."""

    async def rounds() -> int:
        total = 0
        while count := await deliverer.round():
            total += count
        return total

    return asyncio.run(rounds())


def hook_to(client: httpx.Client, url: str, **more: object) -> dict[str, str]:
    made = client.post("/hooks", json={"url": url, **more})
    assert made.status_code == 201, made.text
    return dict(made.json())


__all__ = ["Bounds", "Clock", "hook_to", "settle"]
