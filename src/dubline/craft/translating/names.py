"""Names of people and places on their way through another language.

A name that a translator left alone on the first hop looks like any word to the next one: "Mas", a family name,
is Portuguese for "but". Where a name got lost that way, it travels again as a stand-in.

A name after a title travels so from the beginning: "Dr. Miller" is no miller.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

FIRST = 900
"""Stand-ins of names are numbered from here, out of the way of a glossary's."""

FIRST_TITLED = 950
"""And those of names after a title from here, so that both may be in one text."""

_TITLED = re.compile(
    r"(?<!\w)(?:(?:Dr|Mr|Mrs|Ms|Mx|Prof|Sr|Sra|Srta|Sig|Mme|Mlle)\.?|Miss|Professor|Doctor|Detective|Inspector|Captain"
    r"|Sergeant|Lieutenant|Senator|Señor|Señora|Monsieur|Madame|Signor|Signora|Herr|Frau)"
    r"((?: (?!Xq\d)[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_a-z][^\W\d_]+)*(?!\w))+)"
)
_WORD = re.compile(r"(?<=[\w,;|] )[^\W\d_]\w+")
_STAND_IN = re.compile(r"\*?\bXq(9\d\d)\b", re.IGNORECASE)


def names(source: str, pivot: str) -> tuple[str, ...]:
    """Words with a capital in mid-sentence that the first translation took over as they were."""
    said = {word for word in _WORD.findall(source) if word[:1].isupper()}
    return tuple(dict.fromkeys(word for word in _WORD.findall(pivot) if word in said))


def titled(source: str) -> tuple[str, ...]:
    """Words with a capital after a title."""
    found = (word for match in _TITLED.finditer(source) for word in match[1].split())
    return tuple(word for word in dict.fromkeys(found) if word[:1].isupper() and len(word) > 1)


def lost(found: Sequence[str], text: str) -> bool:
    """Whether one of the names is not in a text, accents and case aside: Paris may become París."""
    words = {_plain(word) for word in re.findall(r"\w+", text)}
    return any(_plain(part) not in words for name in found for part in re.findall(r"\w+", name))


def protected(text: str, found: Sequence[str], first: int = FIRST) -> str:
    for number, name in enumerate(found):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f"Xq{first + number}", text)
    return text


def restored(text: str, found: Sequence[str], first: int = FIRST) -> str:
    def name(match: re.Match[str]) -> str:
        place = int(match[1]) - first
        return found[place] if 0 <= place < len(found) else match[0]

    return _STAND_IN.sub(name, text)


def only_stand_ins(text: str) -> bool:
    """Whether nothing in a sentence is left to translate."""
    return re.fullmatch(r"\W*(?:Xq\d+\W*)+", text) is not None


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
