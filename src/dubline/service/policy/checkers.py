"""Those who look: a list of words from a file, and whatever is installed under the entry point `dubline.policy`.

A checker of one's own is a class that is made without arguments:

    class NoSwearing:
        def check(self, texts: Sequence[Text]) -> Iterable[str]:
            '''One plain sentence for each thing found; nothing if all is well.'''
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from dubline.domain.errors import Unavailable

GROUP = "dubline.policy"

WITHOUT_SPACES = 0x0E00
"""From here on in Unicode there are scripts that set no spaces between words."""


@dataclass(frozen=True)
class Text:
    where: str
    """As people read it: name, metadata, original, translation (es)."""
    text: str


class Checker(Protocol):
    def check(self, texts: Sequence[Text]) -> Iterable[str]: ...


class Keywords:
    """Words and phrases, one a line; what follows a # is a remark. Case and form of letters do not matter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [(word, _pattern(word)) for word in words]

    def check(self, texts: Sequence[Text]) -> list[str]:
        plain = [(text.where, plain_text(text.text)) for text in texts]
        return [
            f"'{word}' in {where}"
            for word, pattern in self._words
            for where in dict.fromkeys(place for place, text in plain if pattern.search(text))
        ]


def _pattern(word: str) -> re.Pattern[str]:
    plain = r"\s+".join(re.escape(part) for part in plain_text(word).split())
    whole = all(ord(letter) < WITHOUT_SPACES for letter in word)
    return re.compile(rf"(?<!\w){plain}(?!\w)" if whole else plain)


def plain_text(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def installed(policy_file: Path | None) -> dict[str, Checker]:
    """By name, so that a reason can say whose it is."""
    found: dict[str, Checker] = {point.name: point.load()() for point in entry_points(group=GROUP)}
    return {"keywords": Keywords(_words(policy_file)), **found} if policy_file else found


def _words(path: Path) -> tuple[str, ...]:
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            "policy_file_missing",
            "The content policy's list of words cannot be read.",
            hint="The operator names it with DUBLINE_POLICY_FILE.",
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[str, ...]:
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line)
