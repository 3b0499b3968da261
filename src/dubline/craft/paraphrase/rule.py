"""A rule of rewording, and what no rule may touch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

Said = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Rule:
    """What is reworded, how, and how much of what was said remains."""

    pattern: re.Pattern[str]
    said: Said
    kept: float
    plainly: bool = False
    """Only where the clause neither denies nor asks: "not very good" is not "not good"."""
    unless: re.Pattern[str] | None = None
    """What the clause may not hold before the match: after "if" there is no future in Spanish."""


@dataclass(frozen=True)
class Wordbook:
    """The rules of one language."""

    shortening: Sequence[Rule]
    lengthening: Sequence[Rule]
    denials: re.Pattern[str]
    """Words that deny. A rewording has as many as the text had."""
    harmless: re.Pattern[str]
    """Phrases that hold such a word and deny nothing: "sin embargo"."""


def rule(pattern: str, said: Said, kept: float, *, plainly: bool = False, unless: str = "") -> Rule:
    barred = re.compile(rf"\b(?:{unless})\b", re.IGNORECASE) if unless else None
    return Rule(re.compile(pattern, re.IGNORECASE), said, kept, plainly, barred)


def inflected(forms: Mapping[str, str], kept: float, before: str = "", after: str = "") -> Rule:
    """Forms of one verb or phrase, each as the same form of another."""
    found = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))

    def said(match: re.Match[str]) -> str:
        return forms[match[1].lower()] + (" " if match.group()[-1] in " '’" else "")

    return rule(rf"{before}\b({found})\b{after}", said, kept)


def phrases(forms: Mapping[str, str], kept: float, *, plainly: bool = False) -> Iterator[Rule]:
    """One rule for each phrase, as whole words."""
    for phrase, said in forms.items():
        yield rule(rf"\b{phrase}\b", said, kept, plainly=plainly)


def not_after(words: str) -> str:
    """Nothing right after one of these words."""
    return "".join(rf"(?<!\b{word} )" for word in words.split())


def openers(words: str, kept: float) -> Rule:
    """Words that open a sentence, with the comma after them, where a sentence is left without them."""
    return rule(rf"{START}(?:{words}), {_SENTENCE_LEFT}", "", kept)


def bare_openers(words: str, kept: float) -> Rule:
    """The same for words that open a sentence with or without a comma, and are nothing else there."""
    return rule(rf"{START}(?:{words}),? {_SENTENCE_LEFT}", "", kept)


_SENTENCE_LEFT = r"(?!(?:que|che)\b)(?=[\w'’-]+[,;:]? \w)"


def asides(words: str, kept: float) -> Rule:
    """A remark between commas, or after a comma at the end; not after yes or no, which it belongs to."""
    return rule(
        rf"(?<!\bno)(?<!\bsí)(?<!\byes)(?<!\boui)(?<!\bnon), (?:{words})(?:,(?= \w)|(?=[.!…]|$))", "", kept
    )


def without_last_word(found: re.Match[str]) -> str:
    return found.group().rstrip().rpartition(" ")[0] + (" " if " " in found.group().rstrip() else "")


START = r"(?:(?<=^)|(?<=[.!?…] )|(?<=[¿¡]))"
"""Where a sentence begins."""

_FEWEST_WORDS = 2
"""Of "and, of course." there would be "and." left."""
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
_FIGURES = re.compile(r"\w*[0-9][\w.,:/%-]*")
_NAME = re.compile(r"(?<=[\w,;] )[A-ZÀ-Ý][\w’'-]*")
_ENDING = re.compile(r"[.!?…,;:\"”»)]*\s*$")
_CLAUSE_START = re.compile(r"[.!?;:…¿¡][^.!?;:…¿¡]*$")


def reworded(text: str, found: re.Match[str], which: Rule) -> str:
    """The text with one match said otherwise, its capitals and spaces put right."""
    said = found.expand(which.said) if isinstance(which.said, str) else which.said(found)
    begins = found.group()[:1].isupper() and not found.group()[1:2].isupper()
    before, after = text[: found.start()], text[found.end() :]
    if not found.group():
        return _tidy(before + _opening(said, after))
    if begins and said:
        said = said[:1].upper() + said[1:]
    elif begins or (not before.strip("¿¡ ") and text.lstrip("¿¡")[:1].isupper()):
        after = _capital(after)
    return _tidy(before + said + after)


def _opening(said: str, after: str) -> str:
    """A word put before a sentence takes over its capital."""
    if not after[:1].isupper():
        return said + after
    return said[:1].upper() + said[1:] + after[:1].lower() + after[1:]


def _capital(text: str) -> str:
    place = next((place for place, letter in enumerate(text) if letter.isalpha()), 0)
    return text[:place] + text[place : place + 1].upper() + text[place + 1 :]


def _tidy(text: str) -> str:
    return re.sub(r" +", " ", text).strip()


def allowed(text: str, found: re.Match[str], which: Rule, book: Wordbook) -> bool:
    """Whether what stands before the match, and the question it may be in, let the rule apply."""
    opened = _CLAUSE_START.search(text[: found.start()])
    clause = book.harmless.sub("", text[opened.start() if opened else 0 : found.end()])
    if which.unless and which.unless.search(text[opened.start() if opened else 0 : found.start()]):
        return False
    asks = re.match(r"[^.!…]*\?", text[found.start() :]) is not None
    return not which.plainly or not (asks or book.denials.search(clause))


def faithful(before: str, after: str, book: Wordbook, kept_terms: Sequence[str]) -> bool:
    """Whether figures, denials, quotations, names, settled terms and the end are as they were."""
    if _facts(before, book) != _facts(after, book) or _ending(before) != _ending(after):
        return False
    words = set(re.findall(r"\w+", after))
    if len(words) < _FEWEST_WORDS or not set(re.findall(r"\w+", " ".join(_NAME.findall(before)))) <= words:
        return False
    return all(_count(term, before) <= _count(term, after) for term in kept_terms)


def _facts(text: str, book: Wordbook) -> tuple[Counter[str], Counter[str], Counter[str]]:
    denials = (word.casefold() for word in book.denials.findall(book.harmless.sub("", text)))
    return Counter(_FIGURES.findall(text)), Counter(_QUOTED.findall(text)), Counter(map(_denial, denials))


def _denial(word: str) -> str:
    """Forms that deny alike: don't, do not; cannot, can't."""
    return "not" if word in ("n't", "n’t", "not", "cannot") else word


def _ending(text: str) -> str:
    found = _ENDING.search(text)
    return found.group().strip() if found else ""


def _count(term: str, text: str) -> int:
    return len(_whole(term).findall(text))


@cache
def _whole(term: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)
