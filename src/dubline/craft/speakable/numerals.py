"""Numbers in words. num2words does the counting; what it puts differently from speech is mended here."""

from __future__ import annotations

import re
from functools import cache

from dubline.craft.speakable.tongue import Tongue

MOST_DIGITS = 12
"""A longer number is a code, and is read digit by digit."""


@cache
def words(number: int, language: str, form: str = "cardinal") -> str:
    from num2words import num2words

    spelled = str(num2words(number, lang=language, to=form)).replace(",", "")
    return " ".join(spelled.split())


def cardinal(digits: str, tongue: Tongue) -> str:
    """Digits as a number; as single digits where they are no number: a leading zero, or too many of them."""
    if (len(digits) > 1 and digits[0] == "0") or len(digits) > MOST_DIGITS:
        return one_by_one(digits, tongue)
    return words(int(digits), tongue.numbers)


def one_by_one(digits: str, tongue: Tongue) -> str:
    return " ".join(words(int(digit), tongue.numbers) for digit in digits)


def decimal(whole: str, fraction: str, tongue: Tongue) -> str:
    zeros = fraction[: len(fraction) - len(fraction.lstrip("0"))]
    rest = fraction[len(zeros) :]
    if tongue.digit_wise or len(rest) > 2 or not rest:
        said = one_by_one(fraction, tongue)
    else:
        said = " ".join(filter(None, (one_by_one(zeros, tongue), cardinal(rest, tongue))))
    return f"{cardinal(whole, tongue)} {tongue.point} {said}"


def year(number: int, tongue: Tongue) -> str:
    return words(number, tongue.numbers, "year" if tongue.year_by_halves else "cardinal")


def amount(text: str, tongue: Tongue) -> str:
    """A written number, with or without groups and decimals, in words."""
    whole, fraction = parts(text, tongue)
    return decimal(whole, fraction, tongue) if fraction else cardinal(whole, tongue)


def parts(text: str, tongue: Tongue) -> tuple[str, str]:
    """Whole and fraction. A mark between two groups is a decimal mark unless the language groups with it
    and three digits follow: translators carry 3.5 through as it was written."""
    plain = re.sub(r"[\s\u00a0\u202f']", "", text)
    grouping = "," if tongue.decimal == "." else "."
    if re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{re.escape(grouping)}[0-9]{{3}})+(?:\D[0-9]+)?", plain):
        plain = plain.replace(grouping, "")
    elif re.fullmatch(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+", plain):
        plain = re.sub(r"[.,]", "", plain)
    whole, _, fraction = re.sub(r"[.,]", ".", plain).partition(".")
    return whole, fraction.replace(".", "")


NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
"""A number as it is written."""


@cache
def roman(text: str) -> int:
    """The value of a well-formed Roman numeral up to 89; 0 for anything else."""
    if not re.fullmatch(r"L?X{0,3}(?:IX|IV|V?I{0,3})|XL(?:IX|IV|V?I{0,3})", text):
        return 0
    values = {"I": 1, "V": 5, "X": 10, "L": 50}
    counts = [values[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(counts, [*counts[1:], 0], strict=True))
