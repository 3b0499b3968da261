"""From one language to another."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dubline.domain.choices import Formality
from dubline.ports.engine import Engine


@dataclass(frozen=True)
class Pair:
    """A direction an engine can translate, and how good it is at it (0 to 1, chrF where measured)."""

    source: str
    target: str
    quality: float


@dataclass(frozen=True)
class Context:
    """What a text stands in, and what people wish of its translation: for engines that can use it."""

    before: tuple[str, ...] = ()
    """The lines said before it, in order."""
    after: tuple[str, ...] = ()
    speaker: str = ""
    glossary: tuple[tuple[str, str], ...] = ()
    """Settled terms: source, target."""
    keep: tuple[str, ...] = ()
    """What is not to be translated."""
    formality: Formality = Formality.AUTO
    mild: bool = False
    """Strong language is to be softened."""
    characters: int | None = None
    """How long a translation may be so that it fits the time there is."""


class Translator(Engine):
    capability = "translator"
    uses_context: ClassVar[bool] = False
    """Whether it wants `wordings` to be asked, with the context of every text."""

    @abstractmethod
    def pairs(self) -> tuple[Pair, ...]:
        """Every direction this engine can do here and now, by base tags."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation per text, in order. Words it could not translate are marked with a leading `*`."""
        return self._call(lambda: self._translate(texts, source, target))

    def wordings(
        self, texts: Sequence[str], source: str, target: str, contexts: Sequence[Context]
    ) -> list[tuple[str, ...]]:
        """For every text a natural translation and, where the engine can, shorter and longer ones after it. The
        target may be a dialect: es-MX."""
        return self._call(lambda: self._wordings(texts, source, target, contexts))

    @abstractmethod
    def _translate(self, texts: Sequence[str], source: str, target: str) -> list[str]: ...

    def _wordings(
        self, texts: Sequence[str], source: str, target: str, contexts: Sequence[Context]
    ) -> list[tuple[str, ...]]:
        """Written by engines that use context."""
        return [(text,) for text in self._translate(texts, source, target)]
