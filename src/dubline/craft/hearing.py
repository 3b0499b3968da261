"""How much of a text was heard again: word error rate, blind to what cannot be heard.

Case, punctuation and spelled-out numbers sound the same, so they count as the same. Languages written without
spaces are compared character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from dubline.domain.language import base

WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my", "yue"})

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$")


def word_error_rate(wanted: str, heard: str, language: str, accents: bool = False) -> float:
    """Words put wrong, left out or added, over the words that were wanted. Accents count where asked for."""
    said, understood = (spoken_words(text, language, accents) for text in (wanted, heard))
    if not said:
        return float(bool(understood))
    return _distance(said, understood) / len(said)


def spoken_words(text: str, language: str, accents: bool = False) -> list[str]:
    """The words of a text as they sound."""
    spelled = _NUMBER.sub(lambda found: f" {_spelled(found.group(), base(language))} ", text)
    folded = unicodedata.normalize("NFKC" if accents else "NFKD", spelled).casefold()
    if not accents and base(language) not in WITHOUT_SPACES:
        folded = "".join(character for character in folded if not _accent(character))
    folded = re.sub(r"(?<=\w)['’](?=\w)", "", unicodedata.normalize("NFC", folded))
    words = "".join(character if _sounds(character) else " " for character in folded).split()
    return [letter for word in words for letter in word] if base(language) in WITHOUT_SPACES else words


def _accent(character: str) -> bool:
    """A mark over a letter; the vowel signs of Indic scripts are letters in all but name."""
    return unicodedata.category(character) == "Mn" and unicodedata.combining(character) == 230


def _sounds(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


@cache
def _spelled(number: str, language: str) -> str:
    from num2words import num2words

    plain = re.sub(r"[.,]", "", number) if _THOUSANDS.match(number) else number.replace(",", ".")
    try:
        return str(num2words(plain if plain.count(".") == 1 else plain.replace(".", ""), lang=language))
    except (NotImplementedError, OverflowError, ValueError, KeyError, IndexError, TypeError):
        return number


def _distance(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest words to change, drop or add."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(wanted, start=1):
        diagonal, row[0] = row[0], count
        for at, other in enumerate(heard, start=1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (word != other))
    return row[-1]
