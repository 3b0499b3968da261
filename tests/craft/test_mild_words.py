"""Set phrases, strong language and words of one country."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.translating import oaths, phrases, profanity
from dubline.craft.translating.dialect import in_dialect


@pytest.mark.parametrize(
    ("language", "strong", "mild"),
    [
        ("en", "What the fuck is this? SHIT! Motherfuckers.", "What on earth is this? RUBBISH! Idiots."),
        (
            "en",
            "A cockpit in Scunthorpe, a class of assassins.",
            "A cockpit in Scunthorpe, a class of assassins.",
        ),
        (
            "es",
            "¡Joder! Hijas de puta, unos cabrones jodidos.",
            "¡Caramba! Desgraciadas, unos canallas dichosos.",
        ),
        ("es", "Una disputa, un computador.", "Una disputa, un computador."),
        ("pt", "Puta que pariu, filhos da puta!", "Minha nossa, desgraçados!"),
        ("fr", "Merde, ces connards. Content.", "Mince, ces abrutis. Content."),
        ("it", "Che cazzo, stronze fottute!", "Che cavolo, sceme dannate!"),
        ("de", "Scheiße", "Scheiße"),
    ],
)
def test_strong_words_become_mild_and_others_stay(language: str, strong: str, mild: str) -> None:
    assert profanity.softened(strong, language) == mild


def test_oaths_are_one_however_they_are_spelled() -> None:
    said = "Dammit, John. God damn it! Well, damn. Goddammit! He doesn't give a damn, damn dog, damnit."
    assert oaths.spelled(said, "en") == (
        "Damn it, John. Damn it! Well, damn it. Damn it! He doesn't give a damn, damn dog, damn it."
    )
    assert oaths.settled("en", "es", mild=True) != oaths.settled("en", "es", mild=False)
    assert oaths.settled("en", "de", mild=True) == ()


def test_strong_words_that_stayed_are_told_and_words_of_both_languages_are_not() -> None:
    assert profanity.left("Fucking car.", "Coche fucking.", "en", "es") == ("fucking",)
    assert profanity.left("Que merda!", "Che merda!", "pt", "it") == ()
    assert profanity.left("A car.", "Coche fucking.", "en", "es") == ()


@given(st.text(max_size=60), st.sampled_from(["en", "es", "pt", "fr", "it"]))
def test_softening_twice_is_softening_once(text: str, language: str) -> None:
    once = profanity.softened(text, language)
    assert profanity.softened(once, language) == once


@pytest.mark.parametrize(
    ("said", "target", "polite", "translated"),
    [
        ("Never mind.", "es", False, "No importa."),
        ("Thank you!", "pt", False, "Obrigado!"),
        ("how are you?", "es", True, "¿cómo está?"),
        ("How are you?", "es", False, "¿Cómo estás?"),
        ("Never mind the dog.", "es", False, None),
        ("Never mind.", "ca", False, None),
        ("", "es", False, None),
    ],
)
def test_set_phrases_are_whole_sentences(
    said: str, target: str, polite: bool, translated: str | None
) -> None:
    assert phrases.known(said, "en", target, polite=polite) == translated


def test_a_title_ends_no_sentence() -> None:
    assert phrases.sentences("Thanks, Dr. Miller. Hello!") == ["Thanks, Dr. Miller.", "Hello!"]
    assert phrases.sentences("... Yes. No") == ["Yes.", "No"]


def test_every_phrase_has_its_words_in_every_language() -> None:
    rows = [line.split("|") for line in phrases._BOOK.strip().splitlines()]
    assert {len(row) for row in rows} == {5}
    assert len({row[0] for row in rows}) == len(rows)
    assert all(re.search(r"\w", cell) and cell == cell.strip() for row in rows for cell in row)
    assert all(row[0] == phrases._key(row[0]) for row in rows)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("es", "El coche, un ordenador. Vale."),
        ("es-ES", "El coche, un ordenador. Vale."),
        ("es-MX", "El auto, una computadora. Está bien."),
        ("pt-PT", "El coche, un ordenador. Vale."),
    ],
)
def test_words_of_one_country(tag: str, text: str) -> None:
    assert in_dialect("El coche, un ordenador. Vale.", tag) == text
