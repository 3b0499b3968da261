"""How Portuguese, as Brazil speaks it, reads figures and signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dubline.craft.speakable.numerals import words
from dubline.craft.speakable.tongue import Coin, Tongue, Unit

_NUMBERS = "pt_BR"
_MONTHS = ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
           "novembro", "dezembro")  # fmt: skip
_NO_NOUN = frozenset({
    "os", "as", "nos", "nas", "dos", "das", "mais", "menos", "pois", "depois", "antes", "mas", "somos", "estamos",
    "vamos", "temos", "aos", "às",
})  # fmt: skip
_MASCULINE_IN_AS = re.compile(
    r"(?:dias|gramas|temas|blemas|mapas|planetas|cometas|poetas|idiomas|climas|cinemas)$"
)
_FEMININE = re.compile(
    r"(?:ções|sões|dades|agens|vezes|mulheres|noites|tardes|partes|mãos|luzes|vozes|cores|flores|chaves|redes|fases|frases"
    r"|leis|torres|nuvens)$"
)


def feminine(noun: str) -> bool:
    if _FEMININE.search(noun):
        return noun != "corações"
    return noun.endswith("as") and not _MASCULINE_IN_AS.search(noun)


def agreeing(said: str, following: str, is_feminine: bool | None) -> str:
    """Vinte e duas pessoas; duzentas vezes."""
    noun = following.lower()
    if said == "um":
        return "uma" if is_feminine or noun in ("vez", "pessoa", "hora", "semana", "noite") else said
    if is_feminine is None and (noun in _NO_NOUN or not noun.endswith("s")):
        return said
    if not (is_feminine if is_feminine is not None else feminine(noun)):
        return said
    said = re.sub(r"(zent|cent|nhent)os\b", r"\1as", said)
    return re.sub(r"\bdois$", "duas", re.sub(r"\bum$", "uma", said))


def date(day: int, month: int, year: int | None) -> str:
    first = "primeiro" if day == 1 else words(day, _NUMBERS)
    said = f"{first} de {_MONTHS[month - 1]}"
    return f"{said} de {words(year, _NUMBERS)}" if year else said


def clock(hours: int, minutes: int, named: bool) -> str:
    hour = agreeing(words(hours, _NUMBERS), "horas", True)
    if not minutes:
        return f"{hour} horas" if hours != 1 else "uma hora"
    return f"{hour} e {words(minutes, _NUMBERS)}"


def ordinal(number: int, ending: str) -> str:
    said = words(number, _NUMBERS, "ordinal")
    return re.sub(r"o\b", "a", said) if ending == "ª" else said


def _regnal(number: int, queen: bool) -> str:
    return ordinal(number, "ª" if queen else "º") if number <= 10 else words(number, _NUMBERS)


_SIGNS: Mapping[str, str] = {
    "&": "e", "+": "mais", "=": "igual a", "@": "arroba", "×": "por", "÷": "dividido por",
    "±": "mais ou menos", "%": "por cento", "°": "graus", "€": "euros", "$": "dólares", "£": "libras",
    "²": "ao quadrado", "³": "ao cubo", "≈": "aproximadamente",
}  # fmt: skip
_COINS: Mapping[str, Coin] = {
    "US$": Coin("dólar", "dólares", "centavos"), "R$": Coin("real", "reais", "centavos"),
    "$": Coin("dólar", "dólares", "centavos"), "€": Coin("euro", "euros", "centavos"),
    "£": Coin("libra", "libras", "centavos", True), "¥": Coin("iene", "ienes", ""),
    "EUR": Coin("euro", "euros", "centavos"), "USD": Coin("dólar", "dólares", "centavos"),
    "BRL": Coin("real", "reais", "centavos"), "GBP": Coin("libra", "libras", "centavos", True),
}  # fmt: skip
_UNITS: Mapping[str, Unit] = {
    "km/h": Unit("quilômetro por hora", "quilômetros por hora"),
    "m/s": Unit("metro por segundo", "metros por segundo"),
    "km²": Unit("quilômetro quadrado", "quilômetros quadrados"),
    "km2": Unit("quilômetro quadrado", "quilômetros quadrados"),
    "m²": Unit("metro quadrado", "metros quadrados"), "m2": Unit("metro quadrado", "metros quadrados"),
    "cm²": Unit("centímetro quadrado", "centímetros quadrados"),
    "m³": Unit("metro cúbico", "metros cúbicos"), "m3": Unit("metro cúbico", "metros cúbicos"),
    "km": Unit("quilômetro", "quilômetros"), "m": Unit("metro", "metros"),
    "cm": Unit("centímetro", "centímetros"), "mm": Unit("milímetro", "milímetros"),
    "kg": Unit("quilo", "quilos"), "g": Unit("grama", "gramas"), "mg": Unit("miligrama", "miligramas"),
    "t": Unit("tonelada", "toneladas", True), "l": Unit("litro", "litros"), "L": Unit("litro", "litros"),
    "ml": Unit("mililitro", "mililitros"), "mL": Unit("mililitro", "mililitros"),
    "h": Unit("hora", "horas", True), "min": Unit("minuto", "minutos"), "s": Unit("segundo", "segundos"),
    "ms": Unit("milissegundo", "milissegundos"), "°C": Unit("grau", "graus"), "ºC": Unit("grau", "graus"),
    "°F": Unit("grau Fahrenheit", "graus Fahrenheit"), "ºF": Unit("grau Fahrenheit", "graus Fahrenheit"),
    "°": Unit("grau", "graus"), "kB": Unit("kilobyte", "kilobytes"), "KB": Unit("kilobyte", "kilobytes"),
    "MB": Unit("megabyte", "megabytes"), "GB": Unit("gigabyte", "gigabytes"),
    "TB": Unit("terabyte", "terabytes"), "Hz": Unit("hertz", "hertz"),
    "kHz": Unit("quilohertz", "quilohertz"), "MHz": Unit("megahertz", "megahertz"),
    "GHz": Unit("gigahertz", "gigahertz"), "W": Unit("watt", "watts"), "kW": Unit("quilowatt", "quilowatts"),
    "kWh": Unit("quilowatt-hora", "quilowatts-hora"), "V": Unit("volt", "volts"),
    "mph": Unit("milha por hora", "milhas por hora", True), "lb": Unit("libra", "libras", True),
    "ft": Unit("pé", "pés"),
}  # fmt: skip
_TITLES: Mapping[str, str] = {
    "Sr.": "senhor", "Sra.": "senhora", "Srta.": "senhorita", "Srs.": "senhores", "Dr.": "doutor",
    "Dra.": "doutora", "Prof.": "professor", "Profa.": "professora", "Av.": "avenida", "pág.": "página",
    "págs.": "páginas", "núm.": "número", "aprox.": "aproximadamente", "vs.": "contra", "tel.": "telefone",
    "Tel.": "telefone",
}  # fmt: skip
_ABBREVIATIONS: Mapping[str, str] = {
    "p. ex.": "por exemplo", "etc.": "etcétera", "a. C.": "antes de Cristo", "d. C.": "depois de Cristo",
    "a. m.": "da manhã", "p. m.": "da tarde", "EUA": "Estados Unidos", "vs": "contra",
}  # fmt: skip
_MAGNITUDES: Mapping[str, str] = {
    "mil": "mil", "milhão": "milhão", "milhões": "milhões", "bilhão": "bilhão", "bilhões": "bilhões",
    "trilhões": "trilhões",
}  # fmt: skip
_HALVES: Mapping[str, tuple[str, str]] = {
    "1/2": ("meio", "e meio"), "1/4": ("um quarto", "e um quarto"),
    "3/4": ("três quartos", "e três quartos"), "1/3": ("um terço", "e um terço"),
    "2/3": ("dois terços", "e dois terços"),
}  # fmt: skip
_KINGS = frozenset({
    "Filipe", "Carlos", "Fernando", "Afonso", "Henrique", "João", "Luís", "Luis", "Paulo", "Pio", "Bento",
    "Napoleão", "Francisco", "Eduardo", "Jorge", "Ricardo", "Guilherme", "Pedro", "Leão", "Manuel", "Sancho",
    "Nicolau",
})  # fmt: skip
_QUEENS = frozenset({
    "Isabel", "Elizabeth", "Maria", "Catarina",
})  # fmt: skip

PORTUGUESE = Tongue(
    numbers=_NUMBERS,
    decimal=",",
    point="vírgula",
    digit_wise=False,
    minus="menos",
    percent="por cento",
    to="a",
    between=("entre", "e"),
    dot="ponto",
    at="arroba",
    slash="barra",
    hyphen="hífen",
    either="ou",
    number_sign="número",
    of_money="de ",
    with_cents="e ",
    says_cents=True,
    less="menor que",
    more="maior que",
    signs=_SIGNS,
    coins=_COINS,
    units=_UNITS,
    titles=_TITLES,
    abbreviations=_ABBREVIATIONS,
    months=_MONTHS,
    date=date,
    clock=clock,
    ordinal=ordinal,
    ordinal_endings="º|ª",
    agreeing=agreeing,
    century=(r"\b(?i:séculos?) (?P<roman>[IVX]+)(?P<ending>)\b",),
    centuries=lambda number, _: words(number, _NUMBERS) if number > 10 else ordinal(number, "º"),
    regnal=_regnal,
    kings=_KINGS,
    queens=_QUEENS,
    counted="capítulo|tomo|parte|ato|volume|mundial|fase|tipo|episódio|nível",
    magnitudes=_MAGNITUDES,
    telephone="telefone|tel|número|celular|lig[au]\\w*",
    halves=_HALVES,
)
