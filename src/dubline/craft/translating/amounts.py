"""Numbers on their way through a translation: the same amounts, written as the target language writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_GROUPED = {",": re.compile(r"\d{1,3}(?:,\d{3})+"), ".": re.compile(r"\d{1,3}(?:\.\d{3})+")}
_AFTERNOON = re.compile(r"(?i)(?<!\d)(\d{1,2})(?=(?::\d\d)? ?p\.?m\b)")
_TIMES_OR_MORE = re.compile(
    r"(?i)\W+(?:hundred|thousand|million|billion|point|and a half|"
    r"cien\w*|mil\w*|mille|cents?|cem|cento\w*|coma|vírgula|virgola|virgule)\b"
)

POINT_LANGUAGES = frozenset({"en", "ja", "zh", "ko", "hi", "th"})
"""Where 1,250.5 is one thousand two hundred and fifty and a half."""
LARGEST_WORD = 99
_OTHER_FORMS = {"pt": {2: ("duas",)}, "ca": {2: ("dues",)}}


def missing(source: str, target: str, spoken: str, wanted: str) -> tuple[str, ...]:
    """Numbers of the source, as said, that the target has neither in digits nor in words."""
    there = {value for _, value in _values(target, wanted)}
    plain = _plain(target)
    lost = []
    for said, value in (*_values(source, spoken), *_worded(source, spoken)):
        meant = {value, *_after_noon(source, said)}
        if not meant & there and not any(_in_words(one, plain, wanted) for one in meant):
            lost.append(said)
    return tuple(dict.fromkeys(lost))


def rewritten(source: str, target: str, spoken: str, wanted: str) -> str:
    """The target with every number that has a number's digits of the source written as its language does:
    small networks leave 1,250,000 as 1.250,000."""
    known = {_digits(said): said for said, _ in _values(source, spoken) if re.search(r"\D", said)}

    def right(match: re.Match[str]) -> str:
        said = known.get(_digits(match[0]))
        return match[0] if said is None else _written(said, spoken, wanted)

    return _NUMBER.sub(right, target) if known else target


def _written(said: str, spoken: str, wanted: str) -> str:
    """A number of one language in another: as many decimals as were said, thousands apart where they were."""
    whole, decimals = _parts(said, spoken)
    grouped = len(re.findall(r"[.,\u00a0\u202f]", said)) > bool(decimals)
    text = f"{int(whole or 0):,}" if grouped else whole
    english = text + (f".{decimals}" if decimals else "")
    if wanted in POINT_LANGUAGES:
        return english
    thousands = "\u00a0" if wanted == "fr" else "."
    return english.replace(",", "\0").replace(".", ",").replace("\0", thousands)


def _values(text: str, language: str) -> Iterator[tuple[str, Decimal]]:
    for match in _NUMBER.finditer(text):
        whole, decimals = _parts(match[0], language)
        yield match[0], Decimal(f"{whole}.{decimals or 0}").normalize()


def _parts(token: str, language: str) -> tuple[str, str]:
    """Digits before and after the decimal mark. The other mark groups thousands, and is the decimal mark all
    the same where no three digits follow it."""
    token = re.sub(r"[\u00a0\u202f]", "", token)
    point = "." if language in POINT_LANGUAGES else ","
    other = "," if point == "." else "."
    mark = point if token.count(point) == 1 else other if token.count(other) == 1 else ""
    if not mark or (mark == other and _GROUPED[other].fullmatch(token)):
        return _digits(token), ""
    whole, _, decimals = token.rpartition(mark)
    return _digits(whole), _digits(decimals)


def _digits(token: str) -> str:
    return re.sub(r"\D", "", token)


def _after_noon(source: str, said: str) -> set[Decimal]:
    """3 pm is also 15 o'clock."""
    return {Decimal(int(hour) + 12) for hour in _AFTERNOON.findall(source) if hour == said and int(hour) < 12}


def _worded(text: str, language: str) -> list[tuple[str, Decimal]]:
    """Numbers said as one word, from two on; those that are part of a longer number are left out."""
    found = []
    previous = -9
    for match in re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)*", text):
        value = _by_word(language).get(match[0].casefold())
        if value is None:
            continue
        alone = match.start() - previous > 2 and not _TIMES_OR_MORE.match(text[match.end() :])
        previous = match.end()
        if alone:
            found.append((match[0], Decimal(value)))
        elif found:
            found.pop()
    return found


def _in_words(value: Decimal, plain: str, language: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(form)}", plain) for form in _forms(value, language))


@cache
def _by_word(language: str) -> dict[str, int]:
    words: dict[str, int] = {}
    for number in range(2, LARGEST_WORD + 1):
        for form in _spelled(Decimal(number), language):
            words.setdefault(form.casefold(), number)
    return words


@cache
def _forms(value: Decimal, language: str) -> tuple[str, ...]:
    return tuple(_plain(form) for form in _spelled(value, language))


def _spelled(value: Decimal, language: str) -> tuple[str, ...]:
    from num2words import num2words

    try:
        words = str(num2words(value, lang=language))
    except (NotImplementedError, OverflowError, KeyError, TypeError, ValueError):
        return ()
    more = _OTHER_FORMS.get(language, {}).get(int(value), ()) if value == int(value) else ()
    return (words, *more)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", kept).split())
