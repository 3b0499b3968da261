"""What a run tells while it goes: the raw facts that a display, a log or an API turns into their own form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from dubline.plans.plan import Node


class Kind(StrEnum):
    ITEMS = "items"
    """A mapped node learned how many items it has."""
    STARTED = "started"
    PROGRESS = "progress"
    FINISHED = "finished"
    REUSED = "reused"


@dataclass(frozen=True)
class Event:
    kind: Kind
    node: Node
    item: int = 0
    items: int = 1
    fraction: float = 0.0
    seconds: float = 0.0
    engines: tuple[str, ...] = ()
    """Specs of those the node works with."""


Observer = Callable[[Event], None]
