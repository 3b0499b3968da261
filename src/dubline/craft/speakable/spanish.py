"""How Spanish reads figures and signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dubline.craft.speakable.numerals import words
from dubline.craft.speakable.tongue import Coin, Tongue, Unit

_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre")  # fmt: skip
_ORDINALS = ("", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno",
             "décimo", "undécimo", "duodécimo")  # fmt: skip
_NO_NOUN = frozenset({
    "es", "los", "las", "nos", "más", "menos", "tras", "pues", "después", "entonces", "antes", "además", "eres",
    "somos", "estás", "estamos", "vamos", "tenemos", "tus", "mis", "sus", "les", "os", "quizás", "jamás", "detrás",
    "atrás", "encontramos",
})  # fmt: skip
_MASCULINE_IN_AS = re.compile(
    r"(?:días|gramas|emas|iomas|climas|dramas|asmas|mapas|planetas|cometas|poetas)$"
)
_FEMININE = re.compile(
    r"(?:[cs]iones|dades|tudes|umbres|veces|mujeres|noches|tardes|leyes|voces|partes|calles|llaves|clases|manos|flores"
    r"|imágenes|luces|redes|bases|fases|frases|razones|naves|torres|nubes|sedes)$"
)


def feminine(noun: str) -> bool:
    if _FEMININE.search(noun):
        return True
    return noun.endswith("as") and not _MASCULINE_IN_AS.search(noun)


def agreeing(said: str, following: str, is_feminine: bool | None) -> str:
    """Veintiuna personas, veintiún años; alone it stays veintiuno."""
    noun = following.lower()
    if said == "uno":
        if is_feminine is None and noun not in ("vez", "persona", "hora", "semana", "noche"):
            return said
        return "un" if is_feminine is False else "una"
    if is_feminine is None and (noun in _NO_NOUN or not (noun.endswith("s") or noun == "mil")):
        return said
    if is_feminine if is_feminine is not None else feminine(noun):
        return re.sub(r"uno$", "una", re.sub(r"(cient|quinient)os\b", r"\1as", said))
    return re.sub(r"\buno$", "un", re.sub(r"veintiuno$", "veintiún", said))


def date(day: int, month: int, year: int | None) -> str:
    said = f"{words(day, 'es')} de {_MONTHS[month - 1]}"
    return f"{said} de {words(year, 'es')}" if year else said


def clock(hours: int, minutes: int, named: bool) -> str:
    hour = re.sub("uno$", "una", words(hours, "es"))
    if not minutes:
        return f"{hour} horas" if named and hours != 1 else hour
    return f"{hour} y {words(minutes, 'es')}"


def ordinal(number: int, ending: str) -> str:
    said = _ORDINALS[number] if number < len(_ORDINALS) else words(number, "es", "ordinal")
    if ending in ("ª", "ra", "da", "ta"):
        return re.sub(r"o\b", "a", said)
    return said.removesuffix("o") if ending == "er" else said


def _regnal(number: int, queen: bool) -> str:
    return ordinal(number, "ª" if queen else "º") if number <= 10 else words(number, "es")


_SIGNS: Mapping[str, str] = {
    "&": "y", "+": "más", "=": "igual a", "@": "arroba", "×": "por", "÷": "entre", "±": "más menos",
    "%": "por ciento", "°": "grados", "€": "euros", "$": "dólares", "£": "libras", "²": "al cuadrado",
    "³": "al cubo", "≈": "aproximadamente",
}  # fmt: skip
_COINS: Mapping[str, Coin] = {
    "US$": Coin("dólar", "dólares", "centavos"), "R$": Coin("real", "reales", "centavos"),
    "$": Coin("dólar", "dólares", "centavos"), "€": Coin("euro", "euros", "céntimos"),
    "£": Coin("libra", "libras", "peniques", True), "¥": Coin("yen", "yenes", ""),
    "EUR": Coin("euro", "euros", "céntimos"), "USD": Coin("dólar", "dólares", "centavos"),
    "GBP": Coin("libra", "libras", "peniques", True),
}  # fmt: skip
_UNITS: Mapping[str, Unit] = {
    "km/h": Unit("kilómetro por hora", "kilómetros por hora"),
    "m/s": Unit("metro por segundo", "metros por segundo"),
    "km²": Unit("kilómetro cuadrado", "kilómetros cuadrados"),
    "km2": Unit("kilómetro cuadrado", "kilómetros cuadrados"),
    "m²": Unit("metro cuadrado", "metros cuadrados"), "m2": Unit("metro cuadrado", "metros cuadrados"),
    "cm²": Unit("centímetro cuadrado", "centímetros cuadrados"),
    "m³": Unit("metro cúbico", "metros cúbicos"), "m3": Unit("metro cúbico", "metros cúbicos"),
    "km": Unit("kilómetro", "kilómetros"), "m": Unit("metro", "metros"),
    "cm": Unit("centímetro", "centímetros"), "mm": Unit("milímetro", "milímetros"),
    "kg": Unit("kilo", "kilos"), "g": Unit("gramo", "gramos"), "mg": Unit("miligramo", "miligramos"),
    "t": Unit("tonelada", "toneladas", True), "l": Unit("litro", "litros"), "L": Unit("litro", "litros"),
    "ml": Unit("mililitro", "mililitros"), "mL": Unit("mililitro", "mililitros"),
    "h": Unit("hora", "horas", True), "min": Unit("minuto", "minutos"), "s": Unit("segundo", "segundos"),
    "ms": Unit("milisegundo", "milisegundos"), "°C": Unit("grado", "grados"), "ºC": Unit("grado", "grados"),
    "°F": Unit("grado Fahrenheit", "grados Fahrenheit"), "ºF": Unit("grado Fahrenheit", "grados Fahrenheit"),
    "°": Unit("grado", "grados"), "kB": Unit("kilobyte", "kilobytes"), "KB": Unit("kilobyte", "kilobytes"),
    "MB": Unit("megabyte", "megabytes"), "GB": Unit("gigabyte", "gigabytes"),
    "TB": Unit("terabyte", "terabytes"), "Hz": Unit("hercio", "hercios"),
    "kHz": Unit("kilohercio", "kilohercios"), "MHz": Unit("megahercio", "megahercios"),
    "GHz": Unit("gigahercio", "gigahercios"), "W": Unit("vatio", "vatios"),
    "kW": Unit("kilovatio", "kilovatios"), "kWh": Unit("kilovatio hora", "kilovatios hora"),
    "V": Unit("voltio", "voltios"), "mph": Unit("milla por hora", "millas por hora", True),
    "lb": Unit("libra", "libras", True), "ft": Unit("pie", "pies"),
}  # fmt: skip
_TITLES: Mapping[str, str] = {
    "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Sres.": "señores", "Dr.": "doctor",
    "Dra.": "doctora", "Prof.": "profesor", "Dña.": "doña", "Ing.": "ingeniero", "Avda.": "avenida",
    "Av.": "avenida", "pág.": "página", "págs.": "páginas", "núm.": "número", "aprox.": "aproximadamente",
    "vs.": "contra", "tel.": "teléfono", "Tel.": "teléfono",
}  # fmt: skip
_ABBREVIATIONS: Mapping[str, str] = {
    "EE. UU.": "Estados Unidos", "EEUU": "Estados Unidos", "p. ej.": "por ejemplo", "etc.": "etcétera",
    "a. C.": "antes de Cristo", "d. C.": "después de Cristo", "Ud.": "usted", "Uds.": "ustedes",
    "Vd.": "usted", "a. m.": "de la mañana", "p. m.": "de la tarde", "vs": "contra",
}  # fmt: skip
_MAGNITUDES: Mapping[str, str] = {
    "mil millones": "mil millones", "M": "millones", "mil": "mil", "millón": "millón",
    "millones": "millones", "billones": "billones", "billón": "billón",
}  # fmt: skip
_HALVES: Mapping[str, tuple[str, str]] = {
    "1/2": ("medio", "y medio"), "1/4": ("un cuarto", "y cuarto"), "3/4": ("tres cuartos", "y tres cuartos"),
    "1/3": ("un tercio", "y un tercio"), "2/3": ("dos tercios", "y dos tercios"),
}  # fmt: skip
_KINGS = frozenset({
    "Felipe", "Carlos", "Fernando", "Alfonso", "Enrique", "Jaime", "Juan", "Luis", "Pablo", "Pío",
    "Benedicto", "Napoleón", "Ramsés", "Francisco", "Eduardo", "Jorge", "Ricardo", "Guillermo", "Pedro",
    "León", "Sancho", "Darío", "Jacobo", "Nicolás",
})  # fmt: skip
_QUEENS = frozenset({
    "Isabel", "Catalina", "Margarita",
})  # fmt: skip

SPANISH = Tongue(
    numbers="es",
    decimal=",",
    point="coma",
    digit_wise=False,
    minus="menos",
    percent="por ciento",
    to="a",
    between=("entre", "y"),
    dot="punto",
    at="arroba",
    slash="barra",
    hyphen="guion",
    either="o",
    number_sign="número",
    of_money="de ",
    with_cents="con ",
    says_cents=False,
    less="menor que",
    more="mayor que",
    signs=_SIGNS,
    coins=_COINS,
    units=_UNITS,
    titles=_TITLES,
    abbreviations=_ABBREVIATIONS,
    months=_MONTHS,
    date=date,
    clock=clock,
    ordinal=ordinal,
    ordinal_endings="er|r[oa]|d[oa]|t[oa]|º|ª",
    agreeing=agreeing,
    century=(r"\b(?i:siglos?) (?P<roman>[IVX]+)(?P<ending>)\b",),
    centuries=lambda number, _: words(number, "es") if number > 1 else "primero",
    regnal=_regnal,
    kings=_KINGS,
    queens=_QUEENS,
    counted="capítulo|tomo|parte|acto|volumen|mundial|fase|tipo|episodio|nivel",
    magnitudes=_MAGNITUDES,
    telephone="teléfono|tel|número|móvil|ll[aá]m\\w*",
    halves=_HALVES,
)
