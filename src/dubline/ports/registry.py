"""Finds engines by entry point and makes them from spec strings such as `faster-whisper:base`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from dubline.domain.errors import UserError
from dubline.models.catalogue import Models
from dubline.ports.calling import Calls
from dubline.ports.engine import Engine

E = TypeVar("E", bound=Engine)

CAPABILITIES = (
    "separator",
    "voice-activity",
    "voice-encoder",
    "diarizer",
    "transcriber",
    "translator",
    "synthesizer",
)


@cache
def known_points(capability: str) -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=f"dubline.{capability}")}


class Registry:
    """The engines of this installation. An engine object is made once per spec and kept."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.calls = Calls()
        self._made: dict[tuple[str, str], Engine] = {}

    def names(self, capability: str) -> tuple[str, ...]:
        return tuple(sorted(known_points(capability)))

    def engine(self, port: type[E], spec: str) -> E:
        """The engine a spec names; whether it is ready to work is `engine.missing()`'s answer."""
        made = self._made.get((port.capability, spec))
        if made is None:
            made = self._made[port.capability, spec] = self._make(port, spec)
        if not isinstance(made, port):
            raise TypeError(f"{spec} is no {port.capability}")
        return made

    def all(self, port: type[E]) -> tuple[E, ...]:
        return tuple(self.engine(port, name) for name in self.names(port.capability))

    def _make(self, port: type[Engine], spec: str) -> Engine:
        name, _, model = spec.partition(":")
        point = known_points(port.capability).get(name)
        if point is None:
            known = ", ".join(self.names(port.capability)) or "none"
            raise UserError(
                "engine_unknown",
                f"There is no {port.capability} called '{name}'.",
                hint=f"Known: {known}. See: dubline engines.",
            )
        engine: Engine = point.load()(self.models, model)
        engine.calls = self.calls
        return engine
