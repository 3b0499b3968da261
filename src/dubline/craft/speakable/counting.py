"""Ordinals, Roman numerals, fractions, ranges, and every number that is left."""

from __future__ import annotations

import re

from dubline.craft.speakable import numerals
from dubline.craft.speakable.amounts import AMOUNT, of_millions
from dubline.craft.speakable.tongue import Tongue


def ordinals(text: str, tongue: Tongue) -> str:
    text = re.sub(r"(?i)(?<!\w)(?:n\.? ?[º°]\.?|nos?\.|nr\.) ?(?=[0-9])", f"{tongue.number_sign} ", text)
    text = re.sub(r"(?<![\w&])# ?(?=[0-9])", f"{tongue.number_sign} ", text)
    pattern = rf"(?<![\w.,:/-])([0-9]{{1,4}})\.?({tongue.ordinal_endings})(?!\w)"
    text = re.sub(pattern, lambda found: tongue.ordinal(int(found[1]), found[2]), text)
    return _decades(text, tongue) if tongue.year_by_halves else text


_DECADE = re.compile(r"(?<![\w.,:/])(?:(1[0-9]|20)|['’])?([1-9]0)['’]?s\b")


def _decades(text: str, tongue: Tongue) -> str:
    """The 1990s, the '90s."""

    def said(found: re.Match[str]) -> str:
        tens = numerals.words(int(found[2]), tongue.numbers).removesuffix("y") + "ies"
        tens = "tens" if found[2] == "10" else tens
        return f"{numerals.words(int(found[1]), tongue.numbers)} {tens}" if found[1] else tens

    return _DECADE.sub(said, text)


_ROMAN = r"[IVXL]+"


def romans(text: str, tongue: Tongue) -> str:
    """Centuries, chapters and kings; a letter that might be a word or an initial stays."""
    for century in tongue.century:
        text = re.sub(century, lambda found: _century(found, tongue), text)
    text = re.sub(
        rf"\b((?i:{tongue.counted})) ({_ROMAN})\b(?!['’.]\w)",
        lambda found: _counted(found, tongue),
        text,
    )
    return re.sub(rf"\b([A-ZÀ-Ý][\w’'-]+) ({_ROMAN})\b(?!['’])", lambda found: _named(found, tongue), text)


def _century(found: re.Match[str], tongue: Tongue) -> str:
    number = numerals.roman(found["roman"])
    if not number:
        return found.group()
    start = found.start("roman") - found.start()
    end = found.end("ending" if found["ending"] else "roman") - found.start()
    return found.group()[:start] + tongue.centuries(number, found["ending"] or "") + found.group()[end:]


def _counted(found: re.Match[str], tongue: Tongue) -> str:
    number = numerals.roman(found[2])
    return f"{found[1]} {numerals.words(number, tongue.numbers)}" if number else found.group()


def _named(found: re.Match[str], tongue: Tongue) -> str:
    name, number = found[1], numerals.roman(found[2])
    if name in tongue.kings or name in tongue.queens:
        return f"{name} {tongue.regnal(number, name in tongue.queens)}" if number else found.group()
    if len(found[2]) < 2 or not number or found[2] in _WORDS_IN_CAPITALS or name.isupper():
        return found.group()
    return f"{name} {numerals.words(number, tongue.numbers)}"


_WORDS_IN_CAPITALS = frozenset({"XL", "LI", "VI", "IL"})

_SIMPLE = re.compile(r"(?<![\w.,/])(?:([0-9]+) )?([1-9])/([2-9])(?![\w/]|[.,][0-9])")
_MIXED = re.compile(r"([0-9]+)?[ \u00a0]?([½¼¾⅓⅔])")
_WRITTEN = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}


def fractions(text: str, tongue: Tongue) -> str:
    text = _MIXED.sub(lambda found: _fraction(found[1], _WRITTEN[found[2]], found.group(), tongue), text)
    return _SIMPLE.sub(
        lambda found: _fraction(found[1], f"{found[2]}/{found[3]}", found.group(), tongue), text
    )


def _fraction(whole: str | None, part: str, written: str, tongue: Tongue) -> str:
    if part not in tongue.halves:
        return written
    alone, after = tongue.halves[part]
    return f"{numerals.cardinal(whole, tongue)} {after}" if whole else alone


def ranges(text: str, tongue: Tongue) -> str:
    """Ten to twenty; between ten and twenty; three by four."""
    between, joined = tongue.between
    opened = rf"(?<![\w.,:/-])(?P<open>(?i:{between}) )?"
    pattern = rf"{opened}(?P<from>{AMOUNT}) ?[-–—] ?(?P<to>{AMOUNT})(?![0-9]|[.,/-][0-9])"

    def said(found: re.Match[str]) -> str:
        if " - " in found.group() or "- " in found.group():
            return found.group()
        middle = joined if found["open"] else tongue.to
        return f"{found['open'] or ''}{found['from']} {middle} {found['to']}"

    text = re.sub(pattern, said, text)
    return re.sub(r"(?<=[0-9]) ?[x×] ?(?=[0-9])", f" {tongue.signs['×']} ", text)


_COUNTED_IN_ENGLISH = re.compile(r"^ (?:people|men|women|children|(?!this|does)[a-z]{3,}s)\b")


def numbers(text: str, tongue: Tongue) -> str:
    """What is left, agreeing with the word that follows."""
    text = re.sub(
        rf"(?<![\w.,])({AMOUNT}) ?%",
        lambda found: f"{numerals.amount(found[1], tongue)} {tongue.percent}",
        text,
    )
    text = re.sub(r"(?<![\w)\].,:!?%-])[-−](?=[0-9])", f"{tongue.minus} ", text)
    pattern = re.compile(AMOUNT)

    def said(found: re.Match[str]) -> str:
        before = " " if text[found.start() - 1 : found.start()].isalpha() else ""
        after = " " if text[found.end() : found.end() + 1].isalpha() else ""
        return before + _number(found.group(), text[found.end() :], tongue) + after

    return pattern.sub(said, text)


def _number(written: str, rest: str, tongue: Tongue) -> str:
    if tongue.year_by_halves and _is_year(written) and not _COUNTED_IN_ENGLISH.match(rest):
        return numerals.year(int(written), tongue)
    said = numerals.amount(written, tongue)
    following = re.match(r" ([^\W\d_]+)", rest)
    _, fraction = numerals.parts(written, tongue)
    if following is None or fraction:
        return said
    of = of_millions(said, tongue) if following[1] != tongue.of_money.strip() else ""
    return f"{tongue.agreeing(said, following[1], None)} {of}".rstrip()


def _is_year(written: str) -> bool:
    return re.fullmatch(r"1[1-9][0-9]{2}|20[1-9][0-9]", written) is not None
