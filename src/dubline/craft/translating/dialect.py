"""Words that differ between the countries of one language. A small table: what every viewer would notice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from dubline.domain.language import base

_AMERICAN_SPANISH: Mapping[str, str] = {
    r"coche(s?)": r"auto\1",
    r"ordenador": "computadora",
    r"ordenadores": "computadoras",
    r"(el|un|mi|tu|su) móvil": r"\1 celular",
    r"(los|unos|mis|tus|sus) móviles": r"\1 celulares",
    r"vale": "está bien",
    r"patata(s?)": r"papa\1",
    r"zumo(s?)": r"jugo\1",
    r"vídeo(s?)": r"video\1",
    r"conducir": "manejar",
    r"enhorabuena": "felicidades",
    r"vosotros|vosotras": "ustedes",
    r"vuestr[oa]": "su",
    r"vuestr[oa]s": "sus",
}
_EUROPEAN = frozenset({"es", "es-ES"})
_FEMININE = {
    "el": "la",
    "un": "una",
    "los": "las",
    "unos": "unas",
    "del": "de la",
    "al": "a la",
    "este": "esta",
}


def in_dialect(text: str, tag: str) -> str:
    """The text as it is said where a tag like es-MX is spoken."""
    if base(tag) != "es" or tag in _EUROPEAN:
        return text
    text = _with_gender(text)
    for pattern, word in _rules():
        text = pattern.sub(lambda match, word=word: _cased(match.expand(word), match[0]), text)  # type: ignore[misc]
    return text


def _with_gender(text: str) -> str:
    """The computer is a she in America: its article goes with it."""
    articles = "|".join(_FEMININE)
    return re.sub(
        rf"(?i)\b({articles}) (?=ordenador)",
        lambda match: _cased(_FEMININE[match[1].lower()], match[1]) + " ",
        text,
    )


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"(?i)(?<!\w)(?:{word})(?!\w)"), said) for word, said in _AMERICAN_SPANISH.items()
    )
