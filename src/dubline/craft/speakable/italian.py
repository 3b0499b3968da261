"""How Italian reads figures and signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dubline.craft.speakable.numerals import words
from dubline.craft.speakable.tongue import Coin, Tongue, Unit

_MONTHS = ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
           "novembre", "dicembre")  # fmt: skip
_FEMININE_NOUNS = frozenset({"volta", "persona", "ora", "settimana", "notte", "mano", "parte"})


def agreeing(said: str, following: str, is_feminine: bool | None) -> str:
    """Un chilo, una volta; ventuno and its like do not change."""
    if said != "uno":
        return said
    if is_feminine or (is_feminine is None and following.lower() in _FEMININE_NOUNS):
        return "una"
    if is_feminine is None or re.match(r"s[^aeiouh]|z|gn|ps|x|y", following.lower()):
        return said
    return "un"


def date(day: int, month: int, year: int | None) -> str:
    said = f"{'primo' if day == 1 else words(day, 'it')} {_MONTHS[month - 1]}"
    return f"{said} {words(year, 'it')}" if year else said


def clock(hours: int, minutes: int, named: bool) -> str:
    hour = "una" if hours == 1 else words(hours, "it")
    return f"{hour} e {words(minutes, 'it')}" if minutes else hour


def ordinal(number: int, ending: str) -> str:
    said = words(number, "it", "ordinal")
    return said.removesuffix("o") + "a" if ending in ("ª", "a") else said


_SIGNS: Mapping[str, str] = {
    "&": "e", "+": "più", "=": "uguale a", "@": "chiocciola", "×": "per", "÷": "diviso", "±": "più o meno",
    "%": "per cento", "°": "gradi", "€": "euro", "$": "dollari", "£": "sterline", "²": "al quadrato",
    "³": "al cubo", "≈": "circa",
}  # fmt: skip
_COINS: Mapping[str, Coin] = {
    "US$": Coin("dollaro", "dollari", "centesimi"), "R$": Coin("real", "real", "centavos"),
    "$": Coin("dollaro", "dollari", "centesimi"), "€": Coin("euro", "euro", "centesimi"),
    "£": Coin("sterlina", "sterline", "penny", True), "¥": Coin("yen", "yen", ""),
    "EUR": Coin("euro", "euro", "centesimi"), "USD": Coin("dollaro", "dollari", "centesimi"),
    "GBP": Coin("sterlina", "sterline", "penny", True),
}  # fmt: skip
_UNITS: Mapping[str, Unit] = {
    "km/h": Unit("chilometro all'ora", "chilometri all'ora"),
    "m/s": Unit("metro al secondo", "metri al secondo"),
    "km²": Unit("chilometro quadrato", "chilometri quadrati"),
    "km2": Unit("chilometro quadrato", "chilometri quadrati"),
    "m²": Unit("metro quadrato", "metri quadrati"), "m2": Unit("metro quadrato", "metri quadrati"),
    "mq": Unit("metro quadrato", "metri quadrati"),
    "cm²": Unit("centimetro quadrato", "centimetri quadrati"), "m³": Unit("metro cubo", "metri cubi"),
    "m3": Unit("metro cubo", "metri cubi"), "km": Unit("chilometro", "chilometri"),
    "m": Unit("metro", "metri"), "cm": Unit("centimetro", "centimetri"),
    "mm": Unit("millimetro", "millimetri"), "kg": Unit("chilo", "chili"), "g": Unit("grammo", "grammi"),
    "mg": Unit("milligrammo", "milligrammi"), "t": Unit("tonnellata", "tonnellate", True),
    "l": Unit("litro", "litri"), "L": Unit("litro", "litri"), "ml": Unit("millilitro", "millilitri"),
    "mL": Unit("millilitro", "millilitri"), "h": Unit("ora", "ore", True), "min": Unit("minuto", "minuti"),
    "s": Unit("secondo", "secondi"), "ms": Unit("millisecondo", "millisecondi"),
    "°C": Unit("grado", "gradi"), "ºC": Unit("grado", "gradi"),
    "°F": Unit("grado Fahrenheit", "gradi Fahrenheit"), "°": Unit("grado", "gradi"),
    "kB": Unit("kilobyte", "kilobyte"), "KB": Unit("kilobyte", "kilobyte"),
    "MB": Unit("megabyte", "megabyte"), "GB": Unit("gigabyte", "gigabyte"),
    "TB": Unit("terabyte", "terabyte"), "Hz": Unit("hertz", "hertz"),
    "kHz": Unit("chilohertz", "chilohertz"), "MHz": Unit("megahertz", "megahertz"),
    "GHz": Unit("gigahertz", "gigahertz"), "W": Unit("watt", "watt"), "kW": Unit("chilowatt", "chilowatt"),
    "kWh": Unit("chilowattora", "chilowattora"), "V": Unit("volt", "volt"),
    "mph": Unit("miglio all'ora", "miglia all'ora"), "lb": Unit("libbra", "libbre", True),
    "ft": Unit("piede", "piedi"),
}  # fmt: skip
_TITLES: Mapping[str, str] = {
    "Sig.": "signor", "Sig.ra": "signora", "Sig.na": "signorina", "sig.": "signor", "sig.ra": "signora",
    "Dott.": "dottor", "dott.": "dottor", "Dott.ssa": "dottoressa", "Dr.": "dottor", "Prof.": "professor",
    "prof.": "professor", "Ing.": "ingegner", "Avv.": "avvocato", "pag.": "pagina", "pagg.": "pagine",
    "vs.": "contro", "tel.": "telefono", "Tel.": "telefono", "ca.": "circa",
}  # fmt: skip
_ABBREVIATIONS: Mapping[str, str] = {
    "ecc.": "eccetera", "p. es.": "per esempio", "ad es.": "ad esempio", "a. C.": "avanti Cristo",
    "d. C.": "dopo Cristo", "vs": "contro",
}  # fmt: skip
_MAGNITUDES: Mapping[str, str] = {
    "mila": "mila", "mille": "mille", "milione": "milione", "milioni": "milioni", "miliardo": "miliardo",
    "miliardi": "miliardi",
}  # fmt: skip
_HALVES: Mapping[str, tuple[str, str]] = {
    "1/2": ("mezzo", "e mezzo"), "1/4": ("un quarto", "e un quarto"), "3/4": ("tre quarti", "e tre quarti"),
    "1/3": ("un terzo", "e un terzo"), "2/3": ("due terzi", "e due terzi"),
}  # fmt: skip
_KINGS = frozenset({
    "Filippo", "Carlo", "Ferdinando", "Alfonso", "Enrico", "Giovanni", "Luigi", "Paolo", "Pio", "Benedetto",
    "Napoleone", "Francesco", "Edoardo", "Giorgio", "Riccardo", "Guglielmo", "Pietro", "Leone", "Emanuele",
    "Umberto", "Amedeo", "Ramses", "Federico", "Nicola",
})  # fmt: skip
_QUEENS = frozenset({
    "Elisabetta", "Caterina", "Isabella", "Margherita",
})  # fmt: skip

ITALIAN = Tongue(
    numbers="it",
    decimal=",",
    point="virgola",
    digit_wise=False,
    minus="meno",
    percent="per cento",
    to="a",
    between=("tra", "e"),
    dot="punto",
    at="chiocciola",
    slash="barra",
    hyphen="trattino",
    either="o",
    number_sign="numero",
    of_money="di ",
    with_cents="e ",
    says_cents=False,
    less="minore di",
    more="maggiore di",
    signs=_SIGNS,
    coins=_COINS,
    units=_UNITS,
    titles=_TITLES,
    abbreviations=_ABBREVIATIONS,
    months=_MONTHS,
    date=date,
    clock=clock,
    ordinal=ordinal,
    ordinal_endings=r"º|ª|°(?= (?!(?:di|a|e|in|per|C|F)\b)[a-zà-ù])",
    agreeing=agreeing,
    century=(
        r"\b(?P<roman>[IVX]+)(?P<ending>[°º]?)(?= (?i:secolo)\b)",
        r"\b(?i:secolo) (?P<roman>[IVX]+)(?P<ending>)\b",
    ),
    centuries=lambda number, _: ordinal(number, "º"),
    regnal=lambda number, queen: ordinal(number, "ª" if queen else "º"),
    kings=_KINGS,
    queens=_QUEENS,
    counted="capitolo|tomo|parte|atto|volume|mondiale|fase|tipo|episodio|livello",
    magnitudes=_MAGNITUDES,
    telephone="telefono|tel|numero|cellulare|chiam\\w*",
    halves=_HALVES,
)
