"""From one language to another."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from dubline.ports.engine import Engine


@dataclass(frozen=True)
class Pair:
    """A direction an engine can translate, and how good it is at it (0 to 1, chrF where measured)."""

    source: str
    target: str
    quality: float


class Translator(Engine):
    capability = "translator"

    @abstractmethod
    def pairs(self) -> tuple[Pair, ...]:
        """Every direction this engine can do here and now, by base tags."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation per text, in order. Words it could not translate are marked with a leading `*`."""
        return self._call(lambda: self._translate(texts, source, target))

    @abstractmethod
    def _translate(self, texts: Sequence[str], source: str, target: str) -> list[str]: ...
