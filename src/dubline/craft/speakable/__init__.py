"""Text made ready to be spoken: figures, dates, money, units, signs and addresses in words.

A synthesizer reads letters well and everything else by luck: espeak-ng says "3 km/h" as "three k m slash h",
swallows the second half of "EE. UU." and reads every year as a plain number. What is said here is what a
reader would say. Languages with rules of their own: English, Spanish, Portuguese, French, Italian; of others
only whole numbers are spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dubline.craft.hearing import WITHOUT_SPACES
from dubline.craft.speakable import amounts, clock, counting, numerals, signs
from dubline.craft.speakable.english import ENGLISH
from dubline.craft.speakable.french import FRENCH
from dubline.craft.speakable.italian import ITALIAN
from dubline.craft.speakable.portuguese import PORTUGUESE
from dubline.craft.speakable.spanish import SPANISH
from dubline.craft.speakable.tongue import Tongue
from dubline.domain.language import base

__all__ = ["speakable"]

TONGUES: Mapping[str, Tongue] = {
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
}

# Later rules meet what earlier ones left: a date before a fraction, a unit before a bare number.
_STEPS = (
    signs.addresses,
    signs.abbreviations,
    clock.dates,
    clock.times,
    amounts.telephones,
    counting.ranges,
    amounts.money,
    amounts.measures,
    counting.ordinals,
    counting.romans,
    counting.fractions,
    signs.codes,
    counting.numbers,
    signs.symbols,
)

_MOST_PASSES = 4
"""One is enough for what people write; where signs are glued together, one rule uncovers another's work."""


def speakable(text: str, language: str) -> str:
    """The text as it is said. What needs no reading aloud stays letter for letter; said twice it is the same."""
    tongue = TONGUES.get(base(language))
    if tongue is None:
        return text if base(language) in WITHOUT_SPACES else _counted(text, base(language))
    for _ in range(_MOST_PASSES):
        said = _said(text, tongue)
        if said == text:
            break
        text = said
    return text


def _said(text: str, tongue: Tongue) -> str:
    text = signs.tidy(text)
    for step in _STEPS:
        text = step(text, tongue)
    return signs.spaced(text)


_WHOLE = re.compile(r"(?<![\w.,:/'’+-])[0-9]{1,9}(?![\w:/'’%°º]|[.,-]\w|\.\s)")


def _counted(text: str, language: str) -> str:
    """Whole numbers in words, in a language without rules of its own."""
    try:
        return _WHOLE.sub(lambda found: numerals.words(int(found.group()), language), text)
    except (NotImplementedError, KeyError, IndexError, TypeError, ValueError, OverflowError):
        return text
