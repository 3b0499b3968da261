"""Oaths, which small translators take for names: "Dammit, John" came back as it was.

However one is spelled, it becomes one term whose translation is settled here, strong or mild.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PLAIN = "damn it"

_OATH = re.compile(
    r"(?i)\b(?:god ?)?(?:dammit|damnit|damn it)\b|(?:^|(?<=[.!?…,;|] ))damn(?=\s*(?:[,.!?…;|]|$))"
)

_SETTLED: Mapping[str, tuple[str, str]] = {
    "es": ("maldita sea", "vaya"),
    "pt": ("que droga", "puxa vida"),
    "fr": ("bon sang", "mince alors"),
    "it": ("maledizione", "accidenti"),
}
"""Target language → the oath as strong as it was, and made mild."""


def spelled(text: str, language: str) -> str:
    """English with every such oath in one spelling; other languages as they are."""
    return _OATH.sub(lambda match: _cased(match[0]), text) if language == "en" else text


def settled(source: str, target: str, *, mild: bool) -> tuple[tuple[str, str], ...]:
    """The term for a glossary; none where we do not know how the language swears."""
    known = _SETTLED.get(target) if source == "en" else None
    return ((PLAIN, known[mild]),) if known else ()


def _cased(oath: str) -> str:
    return PLAIN.capitalize() if oath[:1].isupper() else PLAIN
