"""Where a sentence or a clause ends, told from the text alone."""

from __future__ import annotations

import re
import unicodedata

CLOSERS = "\"'”’»›)]}」』】》〉）］"
OPENERS = "\"'“‘«‹([{¿¡"
FULL_STOPS = "。！？!?।॥؟۔｡։።"
CLAUSE_MARKS = ",;:،؛、，；：–—"

TITLES = frozenset(
    (  # noqa: SIM905 - forty quoted strings are harder to read
        "mr mrs ms dr prof st jr sr rev hon gov sen rep gen col sgt capt lt mt ft fr messrs "
        "sra srta dra ud uds exc mme mlle mgr me sig sigg dott avv ing exmo exma profa hr"
    ).split()
)
"""Written with a capital and a full stop before a name."""

BEFORE_NUMBERS = frozenset(
    (  # noqa: SIM905 - forty quoted strings are harder to read
        "no nos nr vol fig figs p pp pág págs pag núm art cap ch sec approx ca "
        "jan feb mar apr jun jul aug sep sept oct nov dec т г ул"
    ).split()
)
"""Abbreviations only where a number follows: "no. 5" is one, "I said no." is not."""

MAY_END = frozenset(
    (  # noqa: SIM905 - forty quoted strings are harder to read
        "etc vs e.g i.e a.m p.m inc ltd co corp ave blvd dept est ej ex cf env av ecc "
        "z.b d.h bzw usw evtl ggf u.a т.е т.д т.п др"
    ).split()
)
"""Abbreviations that end a sentence only where a new one plainly begins after them."""

_INITIALS = re.compile(r"^(?:\w\.)+$")


def bare(text: str) -> str:
    """A word's text without space around it or closing quotes and brackets after it."""
    return text.strip().rstrip(CLOSERS)


def ends_sentence(text: str, following: str = "") -> bool:
    """Whether a sentence ends with this word, given the text of the next one ("" where there is none).

    An ellipsis is a hesitation, not an end; so is a full stop after an abbreviation, an initial, or before
    a word that goes on in lower case or without a space ("3." + "5").
    """
    word = bare(text)
    if not word or word.endswith(("...", "…", "..")):
        return False
    if word[-1] in FULL_STOPS:
        return True
    if word[-1] != ".":
        return False
    return not (_abbreviation(word, following) or _goes_on(following))


def ends_clause(text: str) -> bool:
    word = bare(text)
    return bool(word) and (word[-1] in CLAUSE_MARKS or word[-1] in FULL_STOPS + ".…" or word == "-")


def _abbreviation(word: str, following: str) -> bool:
    core = word.lstrip(OPENERS).rstrip(".")
    after = following.lstrip().lstrip(OPENERS)[:1]
    if core.lower() in BEFORE_NUMBERS:
        return after.isdigit()
    if core.lower() in MAY_END:
        return bool(after) and not after.isupper()
    return (
        core[:1].isupper() and core != "I" and (core.lower() in TITLES or bool(_INITIALS.match(core + ".")))
    )


def _goes_on(following: str) -> bool:
    if not following.strip():
        return False
    first = following.lstrip()[0]
    glued = following[0] == first and first.isdigit()
    return glued or first.islower()


def leans_on(text: str) -> bool:
    """A small word, article or preposition mostly, that is said in one breath with what follows it."""
    return not ends_clause(text) and 0 < letters(text) <= 3 and text.isascii()


def letters(text: str) -> int:
    """Letters and digits of a text: how much there is to say."""
    return sum(unicodedata.category(character)[0] in "LN" for character in text)
