"""What has to be known of a language to read its figures, signs and abbreviations aloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Coin:
    """A currency: one of it, several, and its hundredths."""

    one: str
    many: str
    cents: str
    feminine: bool = False


@dataclass(frozen=True)
class Unit:
    one: str
    many: str
    feminine: bool = False


@dataclass(frozen=True)
class Tongue:
    """One language. Everything is written as it is said."""

    numbers: str
    """Its name at num2words."""
    decimal: str
    """The mark between whole and fraction in writing; the other one of `.` and `,` groups thousands."""
    point: str
    """That mark when it is spoken."""
    digit_wise: bool
    """Whether decimals are read one by one."""
    minus: str
    percent: str
    to: str
    """Between the ends of a range, and between two scores."""
    between: tuple[str, str]
    """The word that opens a range of its own, and the word that then joins its ends."""
    dot: str
    at: str
    slash: str
    hyphen: str
    either: str
    """What a slash between two words means."""
    number_sign: str
    of_money: str
    """Between millions and the currency: "de" dólares."""
    with_cents: str
    """Between the currency and the cents."""
    says_cents: bool
    """Whether the cents are named."""
    less: str
    more: str
    signs: Mapping[str, str]
    coins: Mapping[str, Coin]
    units: Mapping[str, Unit]
    titles: Mapping[str, str]
    """Abbreviations that a name follows."""
    abbreviations: Mapping[str, str]
    months: tuple[str, ...]
    date: Callable[[int, int, int | None], str]
    """Day, month and year in words."""
    clock: Callable[[int, int, bool], str]
    """Hours, minutes, and whether the writing names the hour ("15h30")."""
    ordinal: Callable[[int, str], str]
    """A number and the ending it is written with ("º", "ª", "er") as an ordinal."""
    ordinal_endings: str
    """A regular expression of such endings; empty where there are none."""
    agreeing: Callable[[str, str, bool | None], str]
    """A cardinal in words, made to agree with the word that follows it; whether that is feminine, where known."""
    century: tuple[str, ...]
    """Regular expressions that find a century; `roman` is the number, `ending` is written with it."""
    centuries: Callable[[int, str], str]
    regnal: Callable[[int, bool], str]
    """The number of a king, or of a queen."""
    kings: frozenset[str]
    queens: frozenset[str]
    counted: str
    """Words before a Roman numeral that is read as a cardinal: chapter, part, war."""
    magnitudes: Mapping[str, str]
    """How millions and the like are written, and said."""
    telephone: str
    """A regular expression of words that announce a telephone number."""
    halves: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Fractions alone and after a whole number: ½ is "medio", 3½ "tres y medio"."""
    telephone_in_pairs: bool = False
    """Telephone numbers are read two digits at a time."""
    singular_below_two: bool = False
    """One and a half is still one: 1,5 litre."""
    month_first: bool = False
    year_by_halves: bool = False
    """Years are read in two halves: nineteen ninety-eight."""
