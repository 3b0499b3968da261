"""Repairs and cuts on their own, and the translation of lines with dictionaries small enough to read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.translating import repair, spanish
from dubline.craft.translating.cutting import alike, cut
from dubline.craft.translating.routing import Hop, Routes
from dubline.craft.translating.translation import translate_lines
from dubline.domain.choices import Formality


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


def marked_ask(keeps: bool):
    """Word by word, upside down, so that every word tells whose translation it is. `keeps` says whether the marks
    between lines come through."""

    def ask(engine: str, texts: list[str], source: str, target: str) -> list[str]:
        return [" ".join(word[::-1] for word in text.split() if keeps or word != "|") for text in texts]

    return ask


SIMPLE = Routes([Hop("mirror", "en", "xx", 0.9)])
SAID = st.lists(
    st.lists(st.sampled_from(["dog", "cat", "runs", "sleeps", "green", "house"]), min_size=1, max_size=5),
    min_size=1,
    max_size=5,
)


@given(SAID, st.booleans())
def test_nothing_is_ever_heard_in_another_line(words: list[list[str]], keeps: bool) -> None:
    lines = [" ".join(line) for line in words]
    found = translate_lines(marked_ask(keeps), lines, [list(range(len(lines)))], SIMPLE, "en", "xx")
    for line, wording in zip(lines, found, strict=True):
        own = " ".join(word[::-1] for word in line.split())
        texts = [candidate.text for candidate in wording.candidates]
        if keeps:
            assert texts[0] == own
        assert alike(texts[0], own)


@given(st.lists(st.text(max_size=25), max_size=4), st.booleans())
def test_any_lines_come_back_one_for_one_and_without_marks(lines: list[str], keeps: bool) -> None:
    found = translate_lines(marked_ask(keeps), lines, [list(range(len(lines)))], SIMPLE, "en", "xx")
    assert len(found) == len(lines)
    for wording in found:
        best = wording.candidates[0]
        assert best.adequacy == 1.0
        assert all(0.0 < candidate.adequacy <= 1.0 for candidate in wording.candidates)
        assert not re.search(r"\*\w", best.text)


INVENTING = Routes(
    [
        Hop("dreamer", "en", "xx", 0.9),
        Hop("plodder", "en", "yy", 0.5),
        Hop("plodder", "yy", "xx", 0.8),
        Hop("back", "xx", "en", 0.9),
    ]
)


def inventing(engine: str, texts: list[str], source: str, target: str) -> list[str]:
    """The dreamer makes up every sentence that ends with a full stop; everybody else only writes it in capitals."""
    if engine == "dreamer":
        return [
            "SOMETHING ABOUT QUEENS AND WEATHER." if text.endswith("visit.") else text.upper()
            for text in texts
        ]
    return [text.lower() if engine == "back" else text.upper() for text in texts]


def test_a_line_that_was_made_up_is_said_by_another_wording() -> None:
    lines = ["Thanks for your kind visit.", "The green house is big."]
    invented, right = translate_lines(inventing, lines, [], INVENTING, "en", "xx")
    assert invented.candidates[0].text == "THANKS FOR YOUR KIND VISIT."
    assert invented.candidates[-1].text == "SOMETHING ABOUT QUEENS AND WEATHER."
    assert invented.candidates[-1].adequacy < 0.7
    assert [candidate.text for candidate in right.candidates] == ["THE GREEN HOUSE IS BIG."]


def test_a_number_that_got_lost_is_told_or_another_wording_taken() -> None:
    def forgetting(engine: str, texts: list[str], source: str, target: str) -> list[str]:
        return [text.replace("40", "many") for text in texts]

    (said,) = translate_lines(forgetting, ["We have 40 green houses here."], [], SIMPLE, "en", "xx")
    assert said.numbers_lost == ("40",)

    def sometimes(engine: str, texts: list[str], source: str, target: str) -> list[str]:
        return [text.replace("40", "many") if engine == "dreamer" else text for text in texts]

    (said,) = translate_lines(sometimes, ["We have 40 green houses here."], [], INVENTING, "en", "xx")
    assert said.numbers_lost == ()
    assert "40" in said.candidates[0].text


@pytest.mark.parametrize("soften", [False, True])
def test_oaths_and_names_after_a_title_do_not_pass_through_a_translator(soften: bool) -> None:
    def miller(engine: str, texts: list[str], source: str, target: str) -> list[str]:
        return [text.replace("Miller", "Molinero").replace("this", "este") for text in texts]

    routes = Routes([Hop("miller", "en", "es", 0.9)])
    (said,) = translate_lines(
        miller, ["Dammit, Dr. Miller, this fucking one."], [], routes, "en", "es", soften=soften
    )
    begin = "Vaya" if soften else "Maldita sea"
    assert said.candidates[0].text.startswith(f"{begin}, Dr. Miller, este ")
    assert said.missed_names == () and said.untranslated == (() if soften else ("fucking",))


def test_a_name_after_a_title_that_got_lost_is_told() -> None:
    (said,) = translate_lines(lambda *_: ["Un hombre."], ["Dr. Miller."], [], SIMPLE, "en", "xx")
    assert said.missed_names == ("Miller",)


def test_wishes_are_heard() -> None:
    found = translate_lines(
        marked_ask(True),
        ["The OneWheel is shit.", "You know."],
        [],
        SIMPLE,
        "en",
        "xx",
        keep=("OneWheel",),
        soften=True,
        formality=Formality.FORMAL,
    )
    assert "tihs" not in found[0].candidates[0].text
    assert [one.address_unsure for one in found] == [False, True]
    assert found[0].missed_names == ("OneWheel",), "the mirror turns even stand-ins"


def test_an_engine_that_uses_context_words_the_lines_and_is_checked() -> None:
    routes = Routes([Hop("seer", "en", "xx", 0.9, uses_context=True), Hop("mirror", "en", "xx", 0.2)])
    asked: list[list[int]] = []

    def seer(engine: str, places: list[int], source: str, target: str) -> list[tuple[str, ...]]:
        asked.append(places)
        assert (engine, source, target) == ("seer", "en", "xx-YY")
        return [(f"natural {place}", f"short {place}") for place in places]

    lines = ["It costs 5 euros.", "um", "Hello there."]
    first, um, hello = translate_lines(
        marked_ask(True), lines, [[0, 1, 2]], routes, "en", "xx-YY", ask_in_context=seer
    )
    assert asked == [[0, 2]]
    assert [candidate.text for candidate in hello.candidates] == ["natural 2", "short 2"]
    assert hello.candidates[0].adequacy == 1.0
    assert first.numbers_lost == ("5",)
    assert [candidate.text for candidate in um.candidates] == ["um"]


@pytest.mark.parametrize(
    ("target", "text", "repaired"),
    [
        ("fr", "et si vous ne sait pas ce que il est.", "et si vous ne savez pas ce qu'il est."),
        ("fr", "Vous il doit voir", "Vous devez voir"),
        ("fr", "Je vois vous le soir, plus soir.", "Je vois vous le soir, plus tard."),
        ("it", "Est è il mio cane, più pomeriggio.", "Questo è il mio cane, più tardi."),
    ],
)
def test_spanish_habits_are_mended(target: str, text: str, repaired: str) -> None:
    (mend,) = repair.mends("es", target, target, familiar=False)
    assert mend(text, "") == repaired


def test_no_lines_are_no_work() -> None:
    assert translate_lines(ask, [], [], ROUTES, "en", "es") == []


def test_spanish_question_words_carry_their_accent() -> None:
    assert spanish.asked("¿Como sabe? ¿Y cuando duermen?") == "¿Cómo sabe? ¿Y cuándo duermen?"
    assert spanish.asked("¿Lo que son ellos? ¿Cuantas hay?") == "¿Qué son ellos? ¿Cuántas hay?"
    assert spanish.asked("Como dije, que venga. ¿Cómo?") == "Como dije, que venga. ¿Cómo?"
