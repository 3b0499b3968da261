"""How English reads figures and signs."""

from __future__ import annotations

from collections.abc import Mapping

from dubline.craft.speakable.numerals import words
from dubline.craft.speakable.tongue import Coin, Tongue, Unit

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def date(day: int, month: int, year: int | None) -> str:
    said = f"{_MONTHS[month - 1]} {words(day, 'en', 'ordinal')}"
    return f"{said}, {words(year, 'en', 'year')}" if year else said


def clock(hours: int, minutes: int, named: bool) -> str:
    if not minutes:
        return f"{words(hours, 'en')} o'clock" if 0 < hours <= 12 else f"{words(hours, 'en')} hundred"
    return f"{words(hours, 'en')} {'oh ' if minutes < 10 else ''}{words(minutes, 'en')}"


def ordinal(number: int, ending: str) -> str:
    return words(number, "en", "ordinal")


_SIGNS: Mapping[str, str] = {
    "&": "and", "+": "plus", "=": "equals", "@": "at", "×": "by", "÷": "divided by", "±": "plus or minus",
    "%": "percent", "°": "degrees", "€": "euros", "$": "dollars", "£": "pounds", "²": "squared",
    "³": "cubed", "≈": "about",
}  # fmt: skip
_COINS: Mapping[str, Coin] = {
    "US$": Coin("dollar", "dollars", "cents"), "R$": Coin("real", "reais", "centavos"),
    "$": Coin("dollar", "dollars", "cents"), "€": Coin("euro", "euros", "cents"),
    "£": Coin("pound", "pounds", "pence"), "¥": Coin("yen", "yen", ""),
    "EUR": Coin("euro", "euros", "cents"), "USD": Coin("dollar", "dollars", "cents"),
    "GBP": Coin("pound", "pounds", "pence"),
}  # fmt: skip
_UNITS: Mapping[str, Unit] = {
    "km/h": Unit("kilometer per hour", "kilometers per hour"),
    "m/s": Unit("meter per second", "meters per second"),
    "km²": Unit("square kilometer", "square kilometers"),
    "km2": Unit("square kilometer", "square kilometers"), "m²": Unit("square meter", "square meters"),
    "m2": Unit("square meter", "square meters"), "cm²": Unit("square centimeter", "square centimeters"),
    "m³": Unit("cubic meter", "cubic meters"), "m3": Unit("cubic meter", "cubic meters"),
    "km": Unit("kilometer", "kilometers"), "m": Unit("meter", "meters"),
    "cm": Unit("centimeter", "centimeters"), "mm": Unit("millimeter", "millimeters"),
    "kg": Unit("kilogram", "kilograms"), "g": Unit("gram", "grams"), "mg": Unit("milligram", "milligrams"),
    "l": Unit("liter", "liters"), "L": Unit("liter", "liters"), "ml": Unit("milliliter", "milliliters"),
    "mL": Unit("milliliter", "milliliters"), "h": Unit("hour", "hours"), "hrs": Unit("hour", "hours"),
    "min": Unit("minute", "minutes"), "ms": Unit("millisecond", "milliseconds"),
    "°C": Unit("degree Celsius", "degrees Celsius"), "ºC": Unit("degree Celsius", "degrees Celsius"),
    "°F": Unit("degree Fahrenheit", "degrees Fahrenheit"),
    "ºF": Unit("degree Fahrenheit", "degrees Fahrenheit"), "°": Unit("degree", "degrees"),
    "kB": Unit("kilobyte", "kilobytes"), "KB": Unit("kilobyte", "kilobytes"),
    "MB": Unit("megabyte", "megabytes"), "GB": Unit("gigabyte", "gigabytes"),
    "TB": Unit("terabyte", "terabytes"), "Hz": Unit("hertz", "hertz"), "kHz": Unit("kilohertz", "kilohertz"),
    "MHz": Unit("megahertz", "megahertz"), "GHz": Unit("gigahertz", "gigahertz"), "W": Unit("watt", "watts"),
    "kW": Unit("kilowatt", "kilowatts"), "kWh": Unit("kilowatt hour", "kilowatt hours"),
    "V": Unit("volt", "volts"), "mph": Unit("mile per hour", "miles per hour"), "mi": Unit("mile", "miles"),
    "lb": Unit("pound", "pounds"), "lbs": Unit("pound", "pounds"), "oz": Unit("ounce", "ounces"),
    "ft": Unit("foot", "feet"),
}  # fmt: skip
_TITLES: Mapping[str, str] = {
    "Mr.": "Mister", "Mrs.": "Missus", "Dr.": "Doctor", "Prof.": "Professor", "St.": "Saint",
    "Gen.": "General", "Capt.": "Captain", "Lt.": "Lieutenant", "Sgt.": "Sergeant", "vs.": "versus",
    "approx.": "approximately", "Mt.": "Mount", "Ft.": "Fort",
}  # fmt: skip
_ABBREVIATIONS: Mapping[str, str] = {
    "e. g.": "for example", "i. e.": "that is", "etc.": "et cetera", "vs": "versus", "a. m.": "AM",
    "p. m.": "PM", "Jr.": "Junior", "Sr.": "Senior", "Inc.": "Incorporated", "Ltd.": "Limited",
}  # fmt: skip
_MAGNITUDES: Mapping[str, str] = {
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
    "K": "thousand", "k": "thousand", "M": "million", "m": "million", "B": "billion", "bn": "billion",
}  # fmt: skip
_HALVES: Mapping[str, tuple[str, str]] = {
    "1/2": ("a half", "and a half"), "1/4": ("a quarter", "and a quarter"),
    "3/4": ("three quarters", "and three quarters"), "1/3": ("a third", "and a third"),
    "2/3": ("two thirds", "and two thirds"),
}  # fmt: skip
_KINGS = frozenset({
    "Henry", "Charles", "George", "Edward", "James", "William", "Richard", "Louis", "Philip", "Paul", "Pius",
    "Benedict", "Napoleon", "Francis", "Ferdinand", "Nicholas", "Alexander", "Frederick", "Ramses",
    "Ramesses", "Leo",
})  # fmt: skip
_QUEENS = frozenset({
    "Elizabeth", "Mary", "Catherine", "Isabella", "Victoria", "Margaret",
})  # fmt: skip

ENGLISH = Tongue(
    numbers="en",
    decimal=".",
    point="point",
    digit_wise=True,
    minus="minus",
    percent="percent",
    to="to",
    between=("between", "and"),
    dot="dot",
    at="at",
    slash="slash",
    hyphen="dash",
    either="or",
    number_sign="number",
    of_money="",
    with_cents="and ",
    says_cents=True,
    less="is less than",
    more="is more than",
    signs=_SIGNS,
    coins=_COINS,
    units=_UNITS,
    titles=_TITLES,
    abbreviations=_ABBREVIATIONS,
    months=_MONTHS,
    date=date,
    clock=clock,
    ordinal=ordinal,
    ordinal_endings="st|nd|rd|th",
    agreeing=lambda said, _, __: said,
    century=(),
    centuries=ordinal,
    regnal=lambda number, _: f"the {words(number, 'en', 'ordinal')}",
    kings=_KINGS,
    queens=_QUEENS,
    counted="chapter|part|act|volume|war|phase|type|episode|level|title",
    magnitudes=_MAGNITUDES,
    telephone="phone|telephone|number|call|dial|tel",
    halves=_HALVES,
    month_first=True,
    year_by_halves=True,
)
