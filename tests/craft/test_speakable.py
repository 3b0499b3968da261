"""Text as it is read aloud: figures, signs and abbreviations in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.speakable import speakable

LANGUAGES = ("en", "es", "pt-BR", "fr", "it")

SPANISH = [
    (
        "Son 5 mil € y 3 M€ por 1,5 kg.",
        "Son cinco mil euros y tres millones de euros por uno coma cinco kilos.",
    ),
    (
        "Costó 1.234,56 € en 1998.",
        "Costó mil doscientos treinta y cuatro euros con cincuenta y seis en mil novecientos noventa y ocho.",
    ),
    ("Son las 3:45 de la tarde.", "Son las tres y cuarenta y cinco de la tarde."),
    ("El Dr. García vive en EE. UU.", "El doctor García vive en Estados Unidos."),
    ("Un 20 % a 3 km/h.", "Un veinte por ciento a tres kilómetros por hora."),
    ("juan@correo.es, www.example.com/ayuda.", "juan arroba correo punto es, example punto com barra ayuda."),
    ("De 10–20 kg, entre 5-7 kg.", "De diez a veinte kilos, entre cinco y siete kilos."),
    (
        "21 personas, 21 años, 200 mujeres, 31 días.",
        "veintiuna personas, veintiún años, doscientas mujeres, treinta y un días.",
    ),
    ("El 3/4/2024 a las 15h30.", "El tres de abril de dos mil veinticuatro a las quince y treinta."),
    (
        "Felipe II, Luis XIV, Isabel II y el siglo XX.",
        "Felipe segundo, Luis catorce, Isabel segunda y el siglo veinte.",
    ),
    ("Vale $3.50 o $3,5 millones.", "Vale tres dólares con cincuenta o tres coma cinco millones de dólares."),
    ("Llámame al 600 123 456.", "Llámame al seis cero cero, uno dos tres, cuatro cinco seis."),
    ("El agente 007 con un MP3 y el MX-5.", "El agente cero cero siete con un MP tres y el MX cinco."),
    ("1.000.000 de euros, 1 000 000 personas.", "un millón de euros, un millón de personas."),
    (
        "La 1ª vez, el 3.er premio, 2 + 2 = 4.",
        "La primera vez, el tercer premio, dos más dos igual a cuatro.",
    ),
    (
        "Hace -5 °C. Versión 3.2.1. Ganaron 3-2.",
        "Hace menos cinco grados. Versión tres punto dos punto uno. Ganaron tres a dos.",
    ),
    ("**Hola** 😀 <b>mundo</b>: él/ella y/o tú.", "Hola mundo: él o ella y o tú."),
    (
        "Perros, gatos, etc. Luego, p. ej., aves, etc.",
        "Perros, gatos, etcétera. Luego, por ejemplo, aves, etcétera.",
    ),
]
ENGLISH = [
    (
        "It cost $1,234.56 in 1998.",
        "It cost one thousand two hundred and thirty-four dollars and fifty-six cents in nineteen ninety-eight.",
    ),
    ("At 3:45 p.m., at 3:05, at 3:00.", "At three forty-five PM, at three oh five, at three o'clock."),
    ("Henry VIII in World War II.", "Henry the eighth in World War two."),
    (
        "1,500 people in the 1990s, 1500 people.",
        "one thousand five hundred people in the nineteen nineties, one thousand five hundred people.",
    ),
    ("July 4th, 1776; 3/4/2024.", "July fourth, seventeen seventy-six; March fourth, twenty twenty-four."),
    ("call 555-123-4567", "call five five five, one two three, four five six seven"),
    ("3½ cups, 10-20 miles, $5M.", "three and a half cups, ten to twenty miles, five million dollars."),
    ("AT&T, e.g. dogs. No. 5, 22nd.", "AT and T, for example dogs. number five, twenty-second."),
]
FRENCH = [
    ("1,4 l et 2,5 l", "un virgule quatre litre et deux virgule cinq litres"),
    ("1 234,50 € à 15h30.", "mille deux cent trente-quatre euros cinquante à quinze heures trente."),
    ("Le XXe siècle, Louis XIV, François Ier.", "Le vingtième siècle, Louis quatorze, François premier."),
    (
        "M. Dupont, le 1er avril, la 1re fois, 21 personnes.",
        "monsieur Dupont, le premier avril, la première fois, vingt et une personnes.",
    ),
    (
        "Appelez le 06 12 34 56 78.",
        "Appelez le zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit.",
    ),
]
ITALIAN = [
    ("1.234,50 € alle 15.30.", "milleduecentotrentaquattro euro e cinquanta alle quindici e trenta."),
    ("Il XX secolo, Enrico VIII, il 1° maggio.", "Il ventesimo secolo, Enrico ottavo, il primo maggio."),
    (
        "Il dott. Rossi, 1 kg, 1 volta, 20° di latitudine.",
        "Il dottor Rossi, un chilo, una volta, venti gradi di latitudine.",
    ),
]
PORTUGUESE = [
    (
        "R$ 1.234,50 às 15h30.",
        "mil duzentos e trinta e quatro reais e cinquenta centavos às quinze e trinta.",
    ),
    (
        "Século XVI, Pedro II, 22 mulheres, 2 dias.",
        "Século dezesseis, Pedro segundo, vinte e duas mulheres, dois dias.",
    ),
    (
        "A 2ª vez em 1º de maio, US$ 5 milhões.",
        "A segunda vez em primeiro de maio, cinco milhões de dólares.",
    ),
]
SAID = [
    *(("es", *pair) for pair in SPANISH),
    *(("en", *pair) for pair in ENGLISH),
    *(("fr", *pair) for pair in FRENCH),
    *(("it", *pair) for pair in ITALIAN),
    *(("pt-BR", *pair) for pair in PORTUGUESE),
]


@pytest.mark.parametrize(("language", "written", "said"), SAID)
def test_reads_as_a_person_would(language: str, written: str, said: str) -> None:
    assert speakable(written, language) == said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "¿Cómo está? ¡Bien, gracias! —dijo él—. Vamos… a casa; ya."),
        ("en", "I'm here: \"Vitamin C\" didn't help, it's a mix (really)."),
        ("fr", "L'été, c'est « bien » : on y va ? Oui !"),
        ("it", "Un po' d'acqua, perché no? Di lì a lì."),
        ("pt", "Não sei, né? Então está bem."),
    ],
)
def test_words_and_their_punctuation_stay(language: str, text: str) -> None:
    assert speakable(text, language) == text


def test_other_languages_have_their_whole_numbers_spelled_or_nothing_done() -> None:
    assert speakable("Das sind 3 Häuser.", "de") == "Das sind drei Häuser."
    assert speakable("am 3. Mai um 15:30, 3,5 %", "de") == "am 3. Mai um 15:30, 3,5 %"
    assert speakable("3つ", "ja") == "3つ"
    assert speakable("12 & 3/4", "tlh") == "12 & 3/4"


PIECES = (
    "1", "2", "10", "1.000", "1,5", "0,05", "3.5.2", "007", "20", "$", "€", "£", "R$", "%", "°", "°C",
    "km/h", "kg", "m²", "/", "-", "–", ":", ".", ",", ";", "?", "!", "¿", "(", ")", "\"", "'", "«", "»",
    "&", "@", "#", "+", "=", "<", ">", "*", "_", "~", "`", "|", "½", "¾", "²", "º", "ª", "er", "st", "th",
    "e", "XX", "IV", "I", "V", "XIV", "siglo", "Louis", "Felipe", "Henry", "casa", "de", "y", "los",
    "etc.", "EE.", "UU.", "p.", "ej.", "Dr.", "Mme", "a@b.com", "www.x.org/y", "15h30", "3:45", "1/2",
    "24/7", "2024-01-02", "3/4/2024", "July", "mayo", "4th", "MP3", "B2", "😀", "−5", "×", "→",
    "12345678901234567", "١٢", "M", "million", "millones", "M€", "él/ella", "AC/DC", "El", "Ud.", "a.",
    "m.", "vs", "No.", "n.º", "1990s", "'80s", "I'm", "l'eau", "\xa0", "\u202f", "\n",
)  # fmt: skip
MESSES = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=10).map("".join),
)


@given(MESSES, st.sampled_from(LANGUAGES))
def test_whatever_is_written_is_said_without_a_figure_and_stays_so(text: str, language: str) -> None:
    said = speakable(text, language)
    assert not any(char.isascii() and char.isdigit() for char in said)
    assert speakable(said, language) == said
    if any(char.isascii() and char.isalnum() for char in text):
        assert any(char.isalpha() for char in said)


@given(MESSES, st.sampled_from(("de", "ru", "hi", "ja", "tr", "xx")))
def test_never_fails_in_any_language(text: str, language: str) -> None:
    assert speakable(speakable(text, language), language) == speakable(text, language)
