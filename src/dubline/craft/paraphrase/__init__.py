"""A sentence in fewer words or in more, by rules that keep what it says: so that a dubbed line fits its time.

The rules are few and sure rather than many and clever: each gives a sentence that is right wherever it
applies. Figures, names, denials, quotations and settled terms are never touched; whatever would lose one is
not offered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dubline.craft.paraphrase.english import ENGLISH
from dubline.craft.paraphrase.french import FRENCH
from dubline.craft.paraphrase.italian import ITALIAN
from dubline.craft.paraphrase.portuguese import PORTUGUESE
from dubline.craft.paraphrase.rule import Rule, Wordbook, allowed, faithful, reworded
from dubline.craft.paraphrase.spanish import SPANISH
from dubline.domain.language import base
from dubline.domain.script import Candidate

__all__ = ["Wording", "fitting_wording", "longer", "shorter", "suggestion", "with_lengths"]

BOOKS: Mapping[str, Wordbook] = {
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
}
MOST_CHANGES = 12
"""A line that needs more is not the same line."""
NEARLY = 1.15
"""How much longer than would fit a suggestion may be: a little speed makes up for the rest."""
LEAST_LENGTH = 0.05
"""A wording whose length differs by less than this is heard as the same length."""


@dataclass(frozen=True)
class Wording:
    text: str
    kept: float
    """How much of what was said remains: 1 for a synonym, less where something was dropped."""


def shorter(text: str, language: str, kept_terms: Sequence[str] = ()) -> list[Wording]:
    """Shorter wordings, from the mildest to the strongest; each has the changes of the one before."""
    book = BOOKS.get(base(language))
    return list(_changes(text, book, book.shortening, -1, kept_terms)) if book else []


def longer(text: str, language: str, kept_terms: Sequence[str] = ()) -> list[Wording]:
    """Longer wordings, from the mildest on; each has the changes of the one before."""
    book = BOOKS.get(base(language))
    return list(_changes(text, book, book.lengthening, 1, kept_terms)) if book else []


def fitting_wording(text: str, language: str, max_characters: int, kept_terms: Sequence[str] = ()) -> str:
    """The wording that keeps most and is no longer than so many characters; empty where no rule reaches it."""
    if len(text) <= max_characters:
        return text
    fitting = (
        wording.text for wording in shorter(text, language, kept_terms) if len(wording.text) <= max_characters
    )
    return next(fitting, "")


def suggestion(text: str, language: str, max_characters: int, kept_terms: Sequence[str] = ()) -> str:
    """The wording that fits, else the mildest that comes near; empty where none is worth a person's time."""
    near = math.floor(max_characters * NEARLY)
    return fitting_wording(text, language, max_characters, kept_terms) or fitting_wording(
        text, language, near, kept_terms
    )


def with_lengths(
    candidates: Sequence[Candidate], language: str, kept_terms: Sequence[str] = ()
) -> tuple[Candidate, ...]:
    """The candidates, and of the first one a shorter, a much shorter and a longer wording where there are any."""
    if not candidates:
        return ()
    best = candidates[0]
    fewer, more = shorter(best.text, language, kept_terms), longer(best.text, language, kept_terms)
    offered = [(wording, "shorter") for wording in _two(best.text, fewer)]
    offered += [(wording, "longer") for wording in more[-1:] if _differs(best.text, wording.text)]
    known = {candidate.text for candidate in candidates}
    made = (
        Candidate(
            text=wording.text,
            route=f"{best.route} + {how}",
            adequacy=round(best.adequacy * wording.kept, 4),
        )
        for wording, how in offered
        if wording.text not in known
    )
    return (*candidates, *made)


def _two(text: str, fewer: Sequence[Wording]) -> list[Wording]:
    """The mildest wording that is shorter to the ear, and the strongest where that is shorter still."""
    mild = next((wording for wording in fewer if _differs(text, wording.text)), None)
    if mild is None:
        return []
    return [mild, fewer[-1]] if _differs(mild.text, fewer[-1].text) else [mild]


def _differs(text: str, other: str) -> bool:
    return abs(len(other) - len(text)) >= LEAST_LENGTH * len(text)


def _changes(
    text: str, book: Wordbook, rules: Sequence[Rule], way: int, kept_terms: Sequence[str]
) -> Iterator[Wording]:
    """One change after the other, the mildest first; a change that is no gain or loses a fact is not made."""
    kept, changes = 1.0, 0
    mildest_first = sorted(rules, key=lambda each: -each.kept)
    # Twice: what a later rule leaves may begin with what an earlier one looks for.
    for which in (*mildest_first, *mildest_first):
        for changed in _each(text, which, book, way, kept_terms):
            text, kept, changes = changed, kept * which.kept, changes + 1
            yield Wording(text, round(kept, 4))
            if changes == MOST_CHANGES:
                return


def _each(text: str, which: Rule, book: Wordbook, way: int, kept_terms: Sequence[str]) -> Iterator[str]:
    """The text with the rule applied once, twice, …: every place where it can be."""
    place = 0
    while found := which.pattern.search(text, place):
        changed = reworded(text, found, which)
        gains = (len(changed) - len(text)) * way > 0
        if gains and allowed(text, found, which, book) and faithful(text, changed, book, kept_terms):
            place = max(0, found.end() + len(changed) - len(text))
            text = changed
            yield text
        else:
            place = found.end() + (found.end() == found.start())
