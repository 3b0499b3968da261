"""Shorter and longer wordings: right sentences, the same facts."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.paraphrase import Wording, fitting_wording, longer, shorter, suggestion, with_lengths
from dubline.craft.paraphrase.rule import faithful
from dubline.craft.paraphrase.spanish import SPANISH
from dubline.domain.script import Candidate

SHORTER = [
    ("es", "Bueno, no lo sé.", "No lo sé."),
    ("es", "Mira, la verdad es que no quiero ir.", "No quiero ir."),
    ("es", "Por supuesto, te voy a ayudar.", "Te ayudaré."),
    ("fr", "La maison qui est située ici est belle.", "La maison située ici est belle."),
    ("es", "Se llevó a cabo debido a que llovía.", "Se hizo porque llovía."),
    ("es", "hierba, arena y, por supuesto, el asfalto.", "hierba, arena y el asfalto."),
    ("es", "Yo creo en ti y nosotros vamos contigo.", "Creo en ti y vamos contigo."),
    ("es", "Va a tener éxito. Es muy grande.", "Tendrá éxito. Es grande."),
    ("es", "Utilizamos la rueda con el fin de girar.", "Usamos la rueda para girar."),
    ("es", "Es capaz de volar. ¿Yo tengo que irme?", "Puede volar. ¿Tengo que irme?"),
    ("es", "Sin embargo, las personas que viven allí lo saben.", "Pero quienes viven allí lo saben."),
    ("pt", "Então, eu estou muito cansado.", "Estou cansado."),
    ("pt", "Ele fez isso a fim de utilizar a casa novamente.", "Ele fez isso para usar a casa de novo."),
    ("pt", "Nós chegamos há dez anos atrás.", "Chegamos há dez anos."),
    ("fr", "Eh bien, c'est un tout petit peu fou.", "C'est fou."),
    ("fr", "Est-ce que tu viens afin d'aider ?", "Tu viens pour aider ?"),
    ("fr", "Nous sommes en mesure de partir lorsqu'il pleut.", "Nous pouvons partir quand il pleut."),
    ("fr", "C'est un très ancien château.", "C'est un ancien château."),
    ("it", "Allora, questa è una cosa un po' folle.", "Questa è una cosa folle."),
    ("it", "All'interno della scatola è davvero bello.", "Nella scatola è bello."),
    ("it", "Io credo che siamo in grado di utilizzarlo.", "Credo che possiamo usarlo."),
    ("en", "Well, I am glad that you are here.", "I'm glad you're here."),
    ("en", "It was an incredibly big house.", "It was a big house."),
    ("en", "She is going to find it, of course.", "She'll find it."),
    ("en", "I do not know, in order to win.", "I don't know, to win."),
]
AS_THEY_ARE = [
    ("es", "No es muy grande."),
    ("es", "Si va a tener éxito, dímelo."),
    ("es", "Vale la pena. Mira la casa. Bien hecho."),
    ("es", "Por muy grande que sea. ¿Vas a ser feliz?"),
    ("es", "Vamos a trabajar. Voy a comprar pan."),
    ("es", "«Bueno, muy bien», dijo."),
    ("es", "O sea, que no viene. Yo primero."),
    ("fr", "Ce qui est arrivé est triste. Qu'est-ce que tu fais ?"),
    ("es", "Yo también. Yo mismo. Tú y yo."),
    ("pt", "Há muito tempo. Não é muito bom."),
    ("pt", "Eu mesmo. Bem feito."),
    ("fr", "Alors que je venais. Bon appétit les amis."),
    ("fr", "Voilà le reste. Il y a très peu de monde."),
    ("fr", "le très ancien pont de très anciens rois"),
    ("fr", "Ce n'est pas très beau. C'est parce que je t'aime."),
    ("it", "Molto tempo fa. Non è molto bello."),
    ("it", "Guarda la casa. Io stesso."),
    ("en", "The very same man. Not really good. Look at me."),
    ("en", "I know what it is. That is."),
    ("en", "If he's going to be late, call. Well done, my friend."),
    ("en", "What kind of man is a kind of bird?"),
]
LONGER = [
    ("es", "Tengo un perro.", "Yo tengo un perro."),
    ("es", "Pero llegó tarde.", "Sin embargo, llegó tarde."),
    ("pt", "Espero que não.", "Eu espero que não."),
    ("fr", "Mais il est parti car il pleut.", "Cependant, il est parti parce qu'il pleut."),
    ("it", "Lo voglio di nuovo.", "Lo voglio ancora una volta."),
    ("en", "I don't know. I'm here.", "I do not know. I am here."),
]


@pytest.mark.parametrize(("language", "text", "shortest"), SHORTER)
def test_fewer_words_say_the_same(language: str, text: str, shortest: str) -> None:
    wordings = shorter(text, language)
    assert wordings[-1].text == shortest
    assert 0.75 <= wordings[-1].kept <= 1.0


@pytest.mark.parametrize(("language", "text"), AS_THEY_ARE)
def test_what_would_go_wrong_is_left_alone(language: str, text: str) -> None:
    assert shorter(text, language) == []


@pytest.mark.parametrize(("language", "text", "longest"), LONGER)
def test_more_words_say_the_same(language: str, text: str, longest: str) -> None:
    assert longer(text, language)[-1].text == longest


@pytest.mark.parametrize(
    "text", ["Isn't it good?", "Why don't people ask?", "Don't you know?", "It works, doesn't it?"]
)
def test_a_denial_in_a_question_keeps_its_place(text: str) -> None:
    assert longer(text, "en") == []


def test_settled_terms_stay() -> None:
    text = "Bueno, utilizamos la Rueda Muy Grande debido a que gira."
    assert shorter(text, "es", ["debido a que"])[-1].text == "Usamos la Rueda Muy Grande debido a que gira."
    assert "debido a que" not in shorter(text, "es")[-1].text


def test_the_wording_that_fits_is_the_mildest_that_does() -> None:
    text = "Bueno, creo que se llevó a cabo debido a que llovía."
    whole = [text, *(wording.text for wording in shorter(text, "es"))]
    assert fitting_wording(text, "es", len(text)) == text
    assert fitting_wording(text, "es", len(text) - 1) == whole[1]
    assert fitting_wording(text, "es", len(whole[-1])) == whole[-1]
    assert fitting_wording(text, "es", len(whole[-1]) - 1) == ""
    assert fitting_wording("Texto.", "de", 3) == ""


def test_a_suggestion_fits_or_comes_near_and_nothing_else_is_one() -> None:
    text = "Bueno, creo que se llevó a cabo debido a que llovía."
    shortest = shorter(text, "es")[-1].text
    assert suggestion(text, "es", len(shortest)) == shortest
    assert suggestion(text, "es", round(len(shortest) / 1.1)) == shortest
    assert suggestion(text, "es", len(shortest) // 2) == ""


def test_candidates_of_other_lengths_come_from_the_best_one() -> None:
    best = Candidate(text="Pero tengo que irme debido a que es muy tarde.", route="mt:en>es", adequacy=0.9)
    other = Candidate(text="Me voy.", route="other")
    made = with_lengths([best, other], "es")
    assert made[:2] == (best, other)
    assert [candidate.route for candidate in made[2:]] == [
        "mt:en>es + shorter",
        "mt:en>es + shorter",
        "mt:en>es + longer",
    ]
    mild, strong, long = made[2:]
    assert len(strong.text) < len(mild.text) < len(best.text) < len(long.text)
    assert 0.9 >= mild.adequacy >= strong.adequacy > 0.7
    assert with_lengths(made, "es") == made
    assert with_lengths([], "es") == ()
    assert with_lengths([other], "es") == (other,)


WORDS = (
    "bueno,", "pues", "así", "que", "no", "nunca", "sin", "embargo,", "nada", "muy", "grande", "realmente",
    "porque", "debido", "a", "que", "yo", "nosotros", "vamos", "tengo", "va", "a", "tener", "12", "3,5",
    "«muy", "bien»", "Juan", "Rueda", ",", "por", "supuesto,", "llevó", "a", "cabo", "utilizar", "para",
    "¿", "?", ".", "!", "well,", "really", "very", "do", "not", "don't", "I", "am", "you", "are", "that",
    "it", "is", "going", "to", "be", "think", "of", "course,", "20", "alors", "très", "un", "peu", "donc",
    "n'est", "pas", "c'est", "lorsque", "afin", "de", "d'abord", "allora", "davvero", "molto", "bello",
    "non", "mai", "all'interno", "della", "então", "muito", "bom", "não", "eu", "estou", "novamente", "a",
    "fim", "de", "claro,", "Kyoto",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=30),
    st.builds(
        lambda words, end: " ".join(words) + end,
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=14),
        st.sampled_from((".", "!", "?", "…", "")),
    ),
)
DENIALS = re.compile(r"(?i)n['’]t\b|\b(?:not|non|no|não|nunca|never|mai|jamais|nada|pas)\b")


def facts(text: str) -> list[str]:
    denials = ["not" if found.lower() in ("n't", "not") else found.lower() for found in DENIALS.findall(text)]
    return sorted([*re.findall(r"[0-9][0-9.,]*|«[^»]*»|\bKyoto\b", text), *denials])


@given(TEXTS, st.sampled_from(("es", "pt-BR", "fr", "it", "en", "de")))
def test_facts_and_the_end_stay_whatever_is_said(text: str, language: str) -> None:
    for wordings, way in ((shorter(text, language, ["Rueda"]), -1), (longer(text, language, ["Rueda"]), 1)):
        for wording in wordings:
            assert re.search(r"\w", wording.text)
            assert facts(wording.text) == facts(text)
            assert wording.text.count("Rueda") == text.count("Rueda")
            assert wording.text[-1:] in ".!?…" or text.rstrip()[-1:] not in ".!?…"
            assert 0.5 < wording.kept <= 1.0
        lengths = [len(text), *(len(wording.text) for wording in wordings)]
        assert all((after - before) * way > 0 for before, after in pairwise(lengths))


@given(TEXTS, st.sampled_from(("es", "pt", "fr", "it", "en")))
def test_the_shortest_has_no_end_of_shorter_ones(text: str, language: str) -> None:
    wordings = [Wording(text, 1.0)]
    for _ in range(6):
        wordings = shorter(wordings[-1].text, language)
        if not wordings:
            return
    raise AssertionError("still shorter after six rounds")


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ("Son 20 coches y Ana no tiene «el rojo».", True),
        ("Son coches y Ana no tiene «el rojo».", False),
        ("Son 20 coches y Ana tiene «el rojo».", False),
        ("Son 20 coches y Ana no tiene el rojo.", False),
        ("Son 20 coches y no tiene «el rojo».", False),
        ("¿Son 20 coches y Ana no tiene «el rojo»?", False),
        ("Son 20 autos y Ana no tiene «el rojo».", False),
    ],
)
def test_a_change_that_loses_a_fact_is_seen(after: str, kept: bool) -> None:
    """Figures, denials, quotations, names, the way it ends, and terms somebody settled."""
    assert faithful("Son unos 20 coches y Ana no tiene «el rojo».", after, SPANISH, ("coches",)) is kept
