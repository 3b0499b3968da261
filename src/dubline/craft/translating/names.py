"""Names of people and places on their way through another language.

A name that a translator left alone on the first hop looks like any word to the next one: "Mas", a family name,
is Portuguese for "but". Where a name got lost that way, it travels again as a stand-in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

FIRST = 900
"""Stand-ins of names are numbered from here, out of the way of a glossary's."""

_WORD = re.compile(r"(?<=[\w,;|] )[^\W\d_]\w+")
_STAND_IN = re.compile(r"\*?\bXq(9\d\d)\b", re.IGNORECASE)


def names(source: str, pivot: str) -> tuple[str, ...]:
    """Words with a capital in mid-sentence that the first translation took over as they were."""
    said = {word for word in _WORD.findall(source) if word[:1].isupper()}
    return tuple(dict.fromkeys(word for word in _WORD.findall(pivot) if word in said))


def lost(found: Sequence[str], text: str) -> bool:
    """Whether one of the names is not in a text, accents and case aside: Paris may become París."""
    words = {_plain(word) for word in re.findall(r"\w+", text)}
    return any(_plain(name) not in words for name in found)


def protected(text: str, found: Sequence[str]) -> str:
    for number, name in enumerate(found):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f"Xq{FIRST + number}", text)
    return text


def restored(text: str, found: Sequence[str]) -> str:
    def name(match: re.Match[str]) -> str:
        place = int(match[1]) - FIRST
        return found[place] if place < len(found) else match[0]

    return _STAND_IN.sub(name, text)


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
