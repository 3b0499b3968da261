"""Repairs and cuts on their own, and the translation of lines with dictionaries small enough to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft import repair, spanish
from dubline.craft.cutting import cut
from dubline.craft.routing import Hop, Routes
from dubline.craft.translation import translate_lines


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("Cómo está?", "¿Cómo está?"),
        ("Hola. Cómo está? Bien!", "Hola. ¿Cómo está? ¡Bien!"),
        ("Pero, quién viene?", "Pero, ¿quién viene?"),
        ("Es bueno no?", "Es bueno, ¿no?"),
        ("¿Ya está?", "¿Ya está?"),
        ("Nada.", "Nada."),
        ("?", "?"),
    ],
)
def test_spanish_questions_are_opened(text: str, opened: str) -> None:
    assert spanish.opened(text) == opened


@pytest.mark.parametrize(
    ("text", "source", "repaired"),
    [
        ("Yo no puedo.", "I can't.", "No puedo."),
        ("Es mayor del que pensaba.", "It is bigger than I thought.", "Es mayor que pensaba."),
        ("Y del que yo entiendo.", "And from what I understand.", "Y de lo que entiendo."),
        ("Vamos a quitar eso.", "Let's pull this out.", "Vamos a quitar esto."),
        ("Quiero eso.", "I want that.", "Quiero eso."),
        ("Es para mí y para usted.", "It is for me and for you.", "Es para mí y para usted."),
        ("Padre y hijo.", "Father and son.", "Padre e hijo."),
        ("Fue para lo Japón.", "He went to Japan.", "Fue para Japón."),
        ("Pienso sobre lo que es.", "I think about what it is.", "Pienso sobre lo que es."),
    ],
)
def test_portuguese_habits_are_mended(text: str, source: str, repaired: str) -> None:
    assert spanish.without_pronouns(spanish.repaired(text, source)) == repaired


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("That's kinda what the uh one wheel looks like", "That's kinda what the one wheel looks like"),
        ("Um, I I think so", "I think so"),
        ("um", "um"),
        ("The umbrella is here", "The umbrella is here"),
        ("I know that that is true", "I know that that is true"),
        ("mm cool box", "cool box"),
    ],
)
def test_hesitations_are_left_out(text: str, cleaned: str) -> None:
    assert repair.without_disfluencies(text) == cleaned


def test_a_mark_is_never_spoken() -> None:
    meanings = {"brochura": repair.Meaning("folleto", "el")}
    assert repair.replace_marked("Tengo una *brochura y un *Zorglub.", meanings) == (
        "Tengo un folleto y un Zorglub."
    )


@pytest.mark.parametrize(
    ("word", "spelled"), [("estação", "estación"), ("filmagem", "filmaje"), ("velho", "vejo")]
)
def test_portuguese_spelled_as_spanish(word: str, spelled: str) -> None:
    assert spanish.from_portuguese(word) == spelled


def test_first_letter_and_last_mark_are_the_sources() -> None:
    assert repair.like_source("Y luego fuimos.", "and then we went") == "y luego fuimos"
    assert repair.like_source("luego", "Then?") == "Luego?"
    assert repair.like_source("NASA dice", "nasa says") == "NASA dice"


WORDS = st.lists(
    st.sampled_from(["casa", "de", "el", "perro,", "grande.", "y", "sol"]), min_size=1, max_size=14
)


@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_a_cut_loses_and_moves_nothing(guides: list[list[str]], sentence: list[str]) -> None:
    lines = [" ".join(guide) for guide in guides]
    pieces = cut(" ".join(sentence), lines, lines)
    assert len(pieces) == len(lines)
    if len(sentence) >= len(lines):
        assert " ".join(pieces) == " ".join(sentence)
        assert all(pieces)


DICTIONARY = {
    ("en", "pt"): {"the": "a", "brochure": "brochura", "box": "caixa", "from": "de"},
    ("pt", "es"): {"a": "la", "caixa": "caja", "de": "de"},
    ("pt", "en"): {"brochura": "brochure"},
    ("en", "es"): {"the": "el", "brochure": "folleto", "box": "caja", "gizmo": "chisme"},
    ("es", "pt"): {"caja": "caixa"},
}
ROUTES = Routes(
    Hop("marking" if "es" in pair else "neural", *pair, 0.4 if pair == ("en", "es") else 0.9)
    for pair in DICTIONARY
)


def ask(engine: str, texts: list[str], source: str, target: str) -> list[str]:
    """Word by word. `marking` marks what it does not know, `neural` lets it through."""
    table = DICTIONARY[source, target]
    mark = "*" if engine == "marking" else ""
    return [" ".join(table.get(word.lower(), mark + word) for word in text.split()) for text in texts]


def test_words_lost_on_the_way_are_found_again() -> None:
    (said,) = translate_lines(ask, ["the brochure from gizmo and Zorglub blorp"], [[0]], ROUTES, "en", "es")
    best = said.candidates[0]
    assert best.route == "neural en→pt, marking pt→es"
    assert best.text == "el folleto de chisme and Zorglub blorp"
    assert said.untranslated == ("and", "blorp")
    assert said.candidates[-1].route == "marking en→es"


def test_no_lines_are_no_work() -> None:
    assert translate_lines(ask, [], [], ROUTES, "en", "es") == []


def test_spanish_question_words_carry_their_accent() -> None:
    assert spanish.asked("¿Como sabe? ¿Y cuando duermen?") == "¿Cómo sabe? ¿Y cuándo duermen?"
    assert spanish.asked("¿Lo que son ellos? ¿Cuantas hay?") == "¿Qué son ellos? ¿Cuántas hay?"
    assert spanish.asked("Como dije, que venga. ¿Cómo?") == "Como dije, que venga. ¿Cómo?"
