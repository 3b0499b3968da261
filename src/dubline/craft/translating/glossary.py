"""A glossary: terms whose translation a person has settled, and how it is held to.

Before translation a term becomes a stand-in that looks like a product name, which translators carry through
unchanged; afterwards the stand-in becomes the settled translation. Names that are not to be translated are terms
that stand for themselves.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from dubline.craft.translating.plural import plural
from dubline.domain.errors import UserError

HEADERS = frozenset({("source", "target"), ("term", "translation")})
STAND_IN = "Xq{}"
PLURALS_FROM = 450
"""Stand-ins of plurals are numbered from here on, so there is room for as many terms in a text."""
_STAND_IN_PATTERN = re.compile(r"\bXq(\d+)\b", re.IGNORECASE)

Terms = tuple[tuple[str, str], ...]


def parse_glossary(text: str) -> Terms:
    """Pairs of source and target term from CSV or TSV text: two columns, an optional header, `#` comments."""
    terms: dict[str, tuple[str, str]] = {}
    for number, cells in _rows(text):
        if len(cells) != 2 or not all(cells):
            raise _bad(
                number, f"needs a source term and a target term, and has {len([c for c in cells if c])}"
            )
        source, target = cells
        if not terms and (source.lower(), target.lower()) in HEADERS:
            continue
        known = terms.setdefault(source.casefold(), (source, target))
        if known[1] != target:
            raise _bad(number, f"translates '{source}' as '{target}', an earlier line as '{known[1]}'")
    return tuple(terms.values())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            cells = next(csv.reader([line], delimiter="\t" if "\t" in line else ",", strict=True))
        except csv.Error as error:
            raise _bad(number, f"cannot be read as CSV ({error})") from error
        yield number, [" ".join(cell.split()) for cell in cells]


def _bad(number: int, complaint: str) -> UserError:
    return UserError(
        "glossary_invalid",
        f"Line {number} of the glossary {complaint}.",
        hint="Each line is: source term,target term (or with a tab between them); put quotes around a comma.",
    )


@dataclass(frozen=True)
class Glossary:
    """`kept` stays exactly as it is written there. `language` is the one translated into: it says how plurals end."""

    terms: Terms = ()
    kept: tuple[str, ...] = ()
    language: str = ""

    @cached_property
    def _all(self) -> Terms:
        return (*((term, term) for term in self.kept), *self.terms)

    def protect(self, text: str) -> str:
        """The text with every term as its stand-in; of terms that overlap the longest wins."""
        for number in self._longest_first():
            term = self._all[number][0]
            text = _whole(term).sub(STAND_IN.format(number + 1), text)
            if number >= len(self.kept) and number + 1 < PLURALS_FROM:
                text = _plural_of(term).sub(STAND_IN.format(number + 1 + PLURALS_FROM), text)
        return text

    def restore(self, text: str) -> str:
        """The text with every stand-in as the settled translation, capitalised where a sentence begins."""
        return _STAND_IN_PATTERN.sub(lambda match: self._settled(match, text), text)

    def missing(self, source: str, target: str) -> tuple[str, ...]:
        """Source terms that were said and whose settled translation is not in the target text, in whatever
        number or gender."""
        return tuple(
            term
            for term, settled in (
                self._all[number] for number in self._said(source) if number >= len(self.kept)
            )
            if not _inflected(settled).search(target)
        )

    def missing_names(self, source: str, target: str) -> tuple[str, ...]:
        """What was not to be translated and is not there, letter for letter."""
        kept = [self.kept[number] for number in self._said(source) if number < len(self.kept)]
        return tuple(name for name in kept if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", target))

    def _said(self, source: str) -> list[int]:
        numbers = {int(number) - 1 for number in _STAND_IN_PATTERN.findall(self.protect(source))}
        return [
            number
            for number in range(len(self._all))
            if number in numbers or (number + 1 < PLURALS_FROM and number + PLURALS_FROM in numbers)
        ]

    def _longest_first(self) -> Sequence[int]:
        return sorted(range(len(self._all)), key=lambda number: (-len(self._all[number][0]), number))

    def _settled(self, match: re.Match[str], text: str) -> str:
        number = int(match[1]) - 1
        several = PLURALS_FROM <= number < PLURALS_FROM + min(len(self._all), PLURALS_FROM)
        number -= PLURALS_FROM if several else 0
        if not 0 <= number < len(self._all):
            return match[0]
        term = self._all[number][1]
        term = plural(term, self.language) if several else term
        begins = number >= len(self.kept) and not re.search(r"\w[^.!?]*$", text[: match.start()])
        return term[:1].upper() + term[1:] if begins and term.islower() else term


@cache
def _whole(term: str) -> re.Pattern[str]:
    """A term as whole words, however it is cased and spaced."""
    words = r"\s+".join(re.escape(word) for word in term.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


@cache
def _plural_of(term: str) -> re.Pattern[str]:
    """A term in the plural, as English and its neighbours make it: wheels, boxes, parties."""
    words = r"\s+".join(re.escape(word) for word in term.split())
    ending = rf"{words}e?s"
    if words.endswith("y"):
        ending += rf"|{words[:-1]}ies"
    return re.compile(rf"(?<!\w)(?:{ending})(?!\w)", re.IGNORECASE)


SHORTEST_INFLECTED = 4


@cache
def _inflected(term: str) -> re.Pattern[str]:
    """A term whatever its words end in: rueda única, ruedas únicas."""
    words = [
        re.escape(re.sub(r"(?:[aeio]?s|[aeio])$", "", word)) + r"\w{0,3}"
        if len(word) >= SHORTEST_INFLECTED
        else re.escape(word)
        for word in term.split()
    ]
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)
