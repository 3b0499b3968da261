from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.glossary import Glossary, parse_glossary
from dubline.domain.errors import UserError

GLOSSARY = Glossary(
    (("wheel", "rueda"), ("one wheel", "Onewheel"), ("Acme Corp.", "ACME"), ("toy", "juguete"))
)


@pytest.mark.parametrize(
    "text",
    [
        "source,target\none wheel,Onewheel\ntoy,juguete\n",
        "\ufeff# ours\n\none wheel,Onewheel\ntoy,juguete",
        "term\ttranslation\none  wheel\tOnewheel\r\ntoy\tjuguete\r\n",
        '"one wheel","Onewheel"\ntoy,juguete\ntoy,juguete\n',
    ],
)
def test_reads_what_people_write(text: str) -> None:
    assert parse_glossary(text) == (("one wheel", "Onewheel"), ("toy", "juguete"))


def test_a_comma_may_be_quoted() -> None:
    assert parse_glossary('"Rome, Italy","Roma, Italia"') == (("Rome, Italy", "Roma, Italia"),)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("toy,juguete\nwheel\n", 2),
        ("toy,juguete,extra\n", 1),
        ("toy,\n", 1),
        ("# fine\n,juguete\n", 2),
        ("toy,juguete\nToy,trompo\n", 2),
        ('"toy,juguete\n', 1),
    ],
)
def test_a_bad_line_is_named(text: str, line: int) -> None:
    with pytest.raises(UserError) as refusal:
        parse_glossary(text)
    assert refusal.value.code == "glossary_invalid"
    assert f"Line {line} " in refusal.value.message


def test_the_longest_term_wins_and_only_whole_words_count() -> None:
    protected = GLOSSARY.protect("One wheel, a wheel, two wheels and a toy from Acme Corp. today")
    assert "wheel," not in protected
    assert "wheels" in protected
    assert GLOSSARY.restore(protected) == "Onewheel, a rueda, two wheels and a juguete from ACME today"


def test_a_term_that_begins_a_sentence_gets_its_capital() -> None:
    assert GLOSSARY.restore(GLOSSARY.protect("Toy one. Toy two, toy three.")) == (
        "Juguete one. Juguete two, juguete three."
    )


def test_what_is_missing_is_named() -> None:
    assert GLOSSARY.missing("My one wheel and my toy", "Mi Onewheel y mi trompo") == ("toy",)
    assert GLOSSARY.missing("My wheel", "Mi RUEDA") == ()
    assert GLOSSARY.missing("Nothing of it", "Nada") == ()


@given(st.text(max_size=60))
def test_without_terms_a_text_is_left_alone(text: str) -> None:
    assert Glossary().protect(text) == text


@given(st.text(max_size=60))
def test_any_text_can_be_read_or_refused(text: str) -> None:
    try:
        terms = parse_glossary(text)
    except UserError as refusal:
        assert refusal.code == "glossary_invalid"
    else:
        assert all(source and target for source, target in terms)
