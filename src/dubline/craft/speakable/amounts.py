"""Money, measures, telephone numbers."""

from __future__ import annotations

import re
from functools import cache

from dubline.craft.speakable import numerals
from dubline.craft.speakable.numerals import NUMBER
from dubline.craft.speakable.tongue import Coin, Tongue, Unit

_GROUPED = r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?(?![0-9])"
AMOUNT = rf"(?:{_GROUPED}|{NUMBER})"
_SPACE = r"[ \u00a0\u202f]?"
_START = r"(?<![\w.,:/])"

_PHONE = re.compile(r"(?<![\w.,])(?:\+|\()?[0-9]{1,4}\)?(?:[ .-]?\(?[0-9]{2,4}\)?){2,5}(?![\w]|[.,][0-9])")


def telephones(text: str, tongue: Tongue) -> str:
    """Digit by digit, with a pause between the groups. A row of groups is a telephone number where it begins
    with a plus or a nought, or where the text has just said so."""
    announced = re.compile(rf"(?i)\b(?:{tongue.telephone})\W+(?:\w+\W+){{0,3}}$")

    def said(found: re.Match[str]) -> str:
        written = found.group()
        if written[0] not in "+0(" and not announced.search(text[: found.start()]):
            return written
        groups = re.findall("[0-9]+", written)
        if sum(map(len, groups)) < 6:
            return written
        plus = f"{tongue.signs['+']} " if written[0] == "+" else ""
        return plus + ", ".join(_group(group, tongue) for group in groups)

    return _PHONE.sub(said, text)


def _group(digits: str, tongue: Tongue) -> str:
    paired = tongue.telephone_in_pairs and len(digits) == 2
    return numerals.cardinal(digits, tongue) if paired else numerals.one_by_one(digits, tongue)


def money(text: str, tongue: Tongue) -> str:
    for pattern in _prices("|".join(map(re.escape, tongue.coins)), "|".join(tongue.magnitudes)):
        text = pattern.sub(lambda found: _price(found, tongue), text)
    return text


@cache
def _prices(signs: str, magnitudes: str) -> tuple[re.Pattern[str], ...]:
    """€20, 20 €, $3.5 million, 3,5 millones de $."""
    number = rf"(?P<number>{AMOUNT})"
    large = rf"(?:{_SPACE}(?P<large>{magnitudes})\b)?"
    return (
        re.compile(rf"(?<![\w])(?P<minus>[-−])?(?P<sign>{signs}){_SPACE}{number}{large}(?![\w])"),
        re.compile(
            rf"{_START}(?P<minus>[-−])?{number}{large}(?:{_SPACE}de)?{_SPACE}(?P<sign>{signs})(?![\w])"
        ),
    )


def _price(found: re.Match[str], tongue: Tongue) -> str:
    coin = tongue.coins[found["sign"]]
    minus = f"{tongue.minus} " if found["minus"] else ""
    whole, fraction = numerals.parts(found["number"], tongue)
    if large := found["large"]:
        said = f"{numerals.amount(found['number'], tongue)} {tongue.magnitudes[large]}"
        return f"{minus}{said} {of_millions(said, tongue)}{coin.many}"
    if len(fraction) == 2:
        return minus + _with_cents(whole, int(fraction), coin, tongue)
    if fraction:
        return f"{minus}{numerals.amount(found['number'], tongue)} {coin.many}"
    return minus + _counted(whole, coin, tongue)


_MILLIONS = re.compile(
    r"\b(?:mill[oó]n(?:es)?|bill[oó]n(?:es)?|millions?|milliards?|milion[ei]|miliard[oi]|[mb]ilh\w+)$"
)


def of_millions(said: str, tongue: Tongue) -> str:
    """The "de" between millions and what they are millions of."""
    return tongue.of_money if _MILLIONS.search(said) else ""


def _with_cents(whole: str, cents: int, coin: Coin, tongue: Tongue) -> str:
    if cents == 0 or not coin.cents:
        return _counted(whole, coin, tongue)
    last = tongue.agreeing(numerals.words(cents, tongue.numbers), coin.cents, False)
    named = f"{last} {coin.cents}" if cents != 1 else f"{last} {coin.cents.removesuffix('s')}"
    if int(whole) == 0:
        return named
    return f"{_counted(whole, coin, tongue)} {tongue.with_cents}{named if tongue.says_cents else last}"


def _counted(whole: str, thing: Coin | Unit, tongue: Tongue) -> str:
    said = numerals.cardinal(whole, tongue)
    noun = thing.one if whole == "1" else thing.many
    return f"{tongue.agreeing(said, noun, thing.feminine)} {of_millions(said, tongue)}{noun}"


def measures(text: str, tongue: Tongue) -> str:
    """A number and its unit."""
    units = "|".join(sorted(map(re.escape, tongue.units), key=len, reverse=True))
    pattern = re.compile(
        rf"{_START}(?P<minus>(?<!\w)[-−])?(?P<number>{AMOUNT}){_SPACE}(?P<unit>{units})(?![\w²³])"
    )
    return pattern.sub(lambda found: _measure(found, tongue), text)


def _measure(found: re.Match[str], tongue: Tongue) -> str:
    unit = tongue.units[found["unit"]]
    whole, fraction = numerals.parts(found["number"], tongue)
    minus = f"{tongue.minus} " if found["minus"] else ""
    if fraction:
        small = tongue.singular_below_two and whole in {"0", "1"}
        return f"{minus}{numerals.amount(found['number'], tongue)} {unit.one if small else unit.many}"
    return minus + _counted(whole, unit, tongue)
