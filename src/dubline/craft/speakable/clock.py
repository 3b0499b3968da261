"""Dates and times of day."""

from __future__ import annotations

import re

from dubline.craft.speakable.tongue import Tongue

_NUMERIC = re.compile(r"(?<![\w./-])([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![\w/-]|\.[0-9])")
_ISO = re.compile(r"(?<![\w./-])([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?![\w/-]|\.[0-9])")


def dates(text: str, tongue: Tongue) -> str:
    """Day, month and year in words; figures that are no date are left to other rules."""
    text = _ISO.sub(lambda found: _iso(found, tongue), text)
    text = _NUMERIC.sub(lambda found: _numeric(found, tongue), text)
    months = "|".join(tongue.months)
    if not tongue.month_first:
        return _dated(
            rf"{_DAY}(?:\.?º|°|er)?(?: de | ){_month(months)}(?:(?: del? |,? ){_YEAR})?", text, tongue
        )
    text = _dated(rf"\b{_month(months)}\.? (?:the )?{_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?", text, tongue)
    return _dated(rf"{_DAY}(?:st|nd|rd|th)? (?:of )?{_month(months)}(?:,? {_YEAR})?", text, tongue)


_DAY = r"(?<![\w.,:/-])(?P<day>[0-9]{1,2})"
_YEAR = r"(?P<year>[12][0-9]{3})"
_END = r"(?![\w:%]|[.,][0-9])"


def _month(names: str) -> str:
    return f"(?P<month>(?i:{names}))"


def _dated(pattern: str, text: str, tongue: Tongue) -> str:
    names = [name.lower() for name in tongue.months]

    def said(found: re.Match[str]) -> str:
        year = int(found["year"]) if found["year"] else None
        return _said(int(found["day"]), names.index(found["month"].lower()) + 1, year, found.group(), tongue)

    return re.sub(pattern + _END, said, text)


def _iso(found: re.Match[str], tongue: Tongue) -> str:
    year, month, day = map(int, found.groups())
    return _said(day, month, year, found.group(), tongue)


def _numeric(found: re.Match[str], tongue: Tongue) -> str:
    """Two figures below thirteen are read in the order of the language; else the one that can be the day is."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    day, month = (second, first) if tongue.month_first else (first, second)
    if month > 12:
        day, month = month, day
    if len(found[4]) == 2:
        if found[2] != "/":
            return found.group()
        year += 2000 if year < 50 else 1900
    return _said(day, month, year, found.group(), tongue)


def _said(day: int, month: int, year: int | None, written: str, tongue: Tongue) -> str:
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return written
    return tongue.date(day, month, year)


_HOUR = r"([01]?[0-9]|2[0-4])"
_MINUTE = r"([0-5][0-9])"
_COLON = re.compile(rf"(?<![\w:.,]){_HOUR}:{_MINUTE}(?::[0-5][0-9])?(?P<h> ?h(?:rs|s)?\b\.?)?{_END}")
_LETTER = re.compile(rf"(?<![\w:.,]){_HOUR} ?h ?{_MINUTE}(?:min)?(?![\w:])")
# "Alle 15.30": a point between hours and minutes only where the words before it speak of a time.
_AT = "|".join(rf"(?<=\b{word} )" for word in ("alle", "ore", "dalle", "às", "a las"))
_POINT = re.compile(rf"(?i:{_AT}){_HOUR}\.{_MINUTE}{_END}")


def times(text: str, tongue: Tongue) -> str:
    text = _COLON.sub(lambda found: tongue.clock(int(found[1]), int(found[2]), bool(found["h"])), text)
    text = _LETTER.sub(lambda found: tongue.clock(int(found[1]), int(found[2]), True), text)
    if tongue.decimal == ",":
        text = _POINT.sub(lambda found: tongue.clock(int(found[1]), int(found[2]), False), text)
    return text
