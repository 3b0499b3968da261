"""How French reads figures and signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dubline.craft.speakable.numerals import words
from dubline.craft.speakable.tongue import Coin, Tongue, Unit

_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre")  # fmt: skip
_FEMININE = re.compile(
    r"^(?:personnes?|fois|heures?|minutes?|secondes?|années?|semaines?|journées?|nuits?|femmes?|filles?|voitures?|pages?"
    r"|choses?|\w+[ts]ions?|\w+ttes?|\w+[ae]nces?|\w+euses?|places?|pièces?|étoiles?|voix|lignes?|langues?|cartes?)$"
)


def agreeing(said: str, following: str, is_feminine: bool | None) -> str:
    """Vingt et une personnes."""
    female = is_feminine if is_feminine is not None else bool(_FEMININE.match(following.lower()))
    return re.sub(r"\bun$", "une", said) if female else said


def date(day: int, month: int, year: int | None) -> str:
    said = f"{'premier' if day == 1 else words(day, 'fr')} {_MONTHS[month - 1]}"
    return f"{said} {words(year, 'fr')}" if year else said


def clock(hours: int, minutes: int, named: bool) -> str:
    hour = f"{re.sub('un$', 'une', words(hours, 'fr'))} heure{'s' if hours > 1 else ''}"
    return f"{hour} {re.sub('un$', 'une', words(minutes, 'fr'))}" if minutes else hour


def ordinal(number: int, ending: str) -> str:
    if number == 1:
        return "première" if ending in ("re", "ère") else "premier"
    return {"nd": "second", "nde": "seconde"}.get(ending) or words(number, "fr", "ordinal")


_SIGNS: Mapping[str, str] = {
    "&": "et", "+": "plus", "=": "égale", "@": "arobase", "×": "fois", "÷": "divisé par",
    "±": "plus ou moins", "%": "pour cent", "°": "degrés", "€": "euros", "$": "dollars", "£": "livres",
    "²": "au carré", "³": "au cube", "≈": "environ",
}  # fmt: skip
_COINS: Mapping[str, Coin] = {
    "US$": Coin("dollar", "dollars", "cents"), "R$": Coin("real", "reals", "centavos"),
    "$": Coin("dollar", "dollars", "cents"), "€": Coin("euro", "euros", "centimes"),
    "£": Coin("livre", "livres", "pence", True), "¥": Coin("yen", "yens", ""),
    "EUR": Coin("euro", "euros", "centimes"), "USD": Coin("dollar", "dollars", "cents"),
    "GBP": Coin("livre", "livres", "pence", True), "CHF": Coin("franc suisse", "francs suisses", "centimes"),
}  # fmt: skip
_UNITS: Mapping[str, Unit] = {
    "km/h": Unit("kilomètre à l'heure", "kilomètres à l'heure"),
    "m/s": Unit("mètre par seconde", "mètres par seconde"),
    "km²": Unit("kilomètre carré", "kilomètres carrés"), "km2": Unit("kilomètre carré", "kilomètres carrés"),
    "m²": Unit("mètre carré", "mètres carrés"), "m2": Unit("mètre carré", "mètres carrés"),
    "cm²": Unit("centimètre carré", "centimètres carrés"), "m³": Unit("mètre cube", "mètres cubes"),
    "m3": Unit("mètre cube", "mètres cubes"), "km": Unit("kilomètre", "kilomètres"),
    "m": Unit("mètre", "mètres"), "cm": Unit("centimètre", "centimètres"),
    "mm": Unit("millimètre", "millimètres"), "kg": Unit("kilo", "kilos"), "g": Unit("gramme", "grammes"),
    "mg": Unit("milligramme", "milligrammes"), "t": Unit("tonne", "tonnes", True),
    "l": Unit("litre", "litres"), "L": Unit("litre", "litres"), "ml": Unit("millilitre", "millilitres"),
    "mL": Unit("millilitre", "millilitres"), "h": Unit("heure", "heures", True),
    "min": Unit("minute", "minutes", True), "s": Unit("seconde", "secondes", True),
    "ms": Unit("milliseconde", "millisecondes", True), "°C": Unit("degré", "degrés"),
    "ºC": Unit("degré", "degrés"), "°F": Unit("degré Fahrenheit", "degrés Fahrenheit"),
    "°": Unit("degré", "degrés"), "ko": Unit("kilooctet", "kilooctets"),
    "Mo": Unit("mégaoctet", "mégaoctets"), "Go": Unit("gigaoctet", "gigaoctets"),
    "To": Unit("téraoctet", "téraoctets"), "KB": Unit("kilooctet", "kilooctets"),
    "MB": Unit("mégaoctet", "mégaoctets"), "GB": Unit("gigaoctet", "gigaoctets"),
    "TB": Unit("téraoctet", "téraoctets"), "Hz": Unit("hertz", "hertz"),
    "kHz": Unit("kilohertz", "kilohertz"), "MHz": Unit("mégahertz", "mégahertz"),
    "GHz": Unit("gigahertz", "gigahertz"), "W": Unit("watt", "watts"), "kW": Unit("kilowatt", "kilowatts"),
    "kWh": Unit("kilowattheure", "kilowattheures"), "V": Unit("volt", "volts"),
    "mph": Unit("mile à l'heure", "miles à l'heure"), "lb": Unit("livre", "livres", True),
    "ft": Unit("pied", "pieds"),
}  # fmt: skip
_TITLES: Mapping[str, str] = {
    "M.": "monsieur", "MM.": "messieurs", "Mme": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle",
    "Dr": "docteur", "Dr.": "docteur", "Pr": "professeur", "Prof.": "professeur", "St": "saint",
    "Ste": "sainte", "bd": "boulevard", "env.": "environ", "vs.": "contre", "tél.": "téléphone",
    "Tél.": "téléphone",
}  # fmt: skip
_ABBREVIATIONS: Mapping[str, str] = {
    "etc.": "et cetera", "p. ex.": "par exemple", "c.-à-d.": "c'est-à-dire",
    "av. J.-C.": "avant Jésus-Christ", "apr. J.-C.": "après Jésus-Christ", "vs": "contre",
}  # fmt: skip
_MAGNITUDES: Mapping[str, str] = {
    "mille": "mille", "million": "million", "millions": "millions", "milliard": "milliard",
    "milliards": "milliards", "M": "millions", "Md": "milliards",
}  # fmt: skip
_HALVES: Mapping[str, tuple[str, str]] = {
    "1/2": ("un demi", "et demi"), "1/4": ("un quart", "un quart"), "3/4": ("trois quarts", "trois quarts"),
    "1/3": ("un tiers", "un tiers"), "2/3": ("deux tiers", "deux tiers"),
}  # fmt: skip
_KINGS = frozenset({
    "Louis", "Charles", "François", "Henri", "Philippe", "Napoléon", "Jean", "Paul", "Pie", "Benoît",
    "Jacques", "Édouard", "George", "Georges", "Richard", "Guillaume", "Nicolas", "Léopold", "Albert",
    "Baudouin", "Alphonse", "Ramsès",
})  # fmt: skip
_QUEENS = frozenset({
    "Elizabeth", "Élisabeth", "Elisabeth", "Catherine", "Marguerite", "Isabelle",
})  # fmt: skip

FRENCH = Tongue(
    numbers="fr",
    decimal=",",
    point="virgule",
    digit_wise=False,
    minus="moins",
    percent="pour cent",
    to="à",
    between=("entre", "et"),
    dot="point",
    at="arobase",
    slash="barre oblique",
    hyphen="tiret",
    either="ou",
    number_sign="numéro",
    of_money="de ",
    with_cents="",
    says_cents=False,
    less="inférieur à",
    more="supérieur à",
    signs=_SIGNS,
    coins=_COINS,
    units=_UNITS,
    titles=_TITLES,
    abbreviations=_ABBREVIATIONS,
    months=_MONTHS,
    date=date,
    clock=clock,
    ordinal=ordinal,
    ordinal_endings="ers?|re|ère|nde?|èmes?|emes?|es?",
    agreeing=agreeing,
    century=(
        r"\b(?P<roman>[IVX]+)(?P<ending>èmes?|er|re|es?)(?!\w)",
        r"\b(?P<roman>[IVX]{2,})(?P<ending>)(?= (?i:siècle))",
    ),
    centuries=ordinal,
    regnal=lambda number, queen: ("première" if queen else "premier") if number == 1 else words(number, "fr"),
    kings=_KINGS,
    queens=_QUEENS,
    counted="chapitre|tome|partie|acte|volume|mondiale|phase|type|épisode|niveau",
    magnitudes=_MAGNITUDES,
    telephone="téléphone|tél|numéro|portable|appel\\w*",
    halves=_HALVES,
    telephone_in_pairs=True,
    singular_below_two=True,
)
