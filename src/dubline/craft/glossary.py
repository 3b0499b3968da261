"""A glossary: terms whose translation a person has settled, and how it is held to.

Before translation a term becomes a stand-in that looks like a product name, which translators carry through
unchanged; afterwards the stand-in becomes the settled translation.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from dubline.domain.errors import UserError

HEADERS = frozenset({("source", "target"), ("term", "translation")})
STAND_IN = "Xq{}"
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
    terms: Terms = ()

    def protect(self, text: str) -> str:
        """The text with every term as its stand-in; of terms that overlap the longest wins."""
        for number in self._longest_first():
            text = _whole(self.terms[number][0]).sub(STAND_IN.format(number + 1), text)
        return text

    def restore(self, text: str) -> str:
        """The text with every stand-in as the settled translation, capitalised where a sentence begins."""
        return _STAND_IN_PATTERN.sub(lambda match: self._settled(match, text), text)

    def missing(self, source: str, target: str) -> tuple[str, ...]:
        """Source terms that were said and whose settled translation is not in the target text."""
        protected = self.protect(source)
        said = {int(number) - 1 for number in _STAND_IN_PATTERN.findall(protected)}
        return tuple(
            term
            for number, (term, settled) in enumerate(self.terms)
            if number in said and not _whole(settled).search(target)
        )

    def _longest_first(self) -> Sequence[int]:
        return sorted(range(len(self.terms)), key=lambda number: (-len(self.terms[number][0]), number))

    def _settled(self, match: re.Match[str], text: str) -> str:
        number = int(match[1]) - 1
        if not 0 <= number < len(self.terms):
            return match[0]
        term = self.terms[number][1]
        begins = not re.search(r"\w[^.!?]*$", text[: match.start()])
        return term[:1].upper() + term[1:] if begins and term.islower() else term


@cache
def _whole(term: str) -> re.Pattern[str]:
    """A term as whole words, however it is cased and spaced."""
    words = r"\s+".join(re.escape(word) for word in term.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
