from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.translating.glossary import Glossary, parse_glossary
from dubline.domain.errors import UserError

GLOSSARY = Glossary(
    (("wheel", "rueda"), ("one wheel", "Onewheel"), ("Acme Corp.", "ACME"), ("toy", "juguete")), language="es"
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
    protected = GLOSSARY.protect("One wheel, a wheel, a wheelbarrow and a toy from Acme Corp. today")
    assert "wheel," not in protected
    assert "wheelbarrow" in protected
    assert GLOSSARY.restore(protected) == "Onewheel, a rueda, a wheelbarrow and a juguete from ACME today"


@pytest.mark.parametrize(
    ("language", "term", "plural"),
    [
        ("es", "rueda única", "ruedas únicas"),
        ("es", "luz de freno", "luces de freno"),
        ("pt", "cartão", "cartões"),
        ("fr", "cheval", "chevaux"),
        ("it", "ruota di scorta", "ruote di scorta"),
        ("es", "Onewheel", "Onewheel"),
        ("de", "rad", "rad"),
    ],
)
def test_a_plural_that_was_said_is_a_plural_in_the_translation(language: str, term: str, plural: str) -> None:
    glossary = Glossary((("wheel", term), ("party", "fiesta")), language=language)
    protected = glossary.protect("two wheels at parties")
    assert "wheels" not in protected
    assert "parties" not in protected
    assert glossary.restore(protected).startswith(f"two {plural} at ")


def test_other_endings_of_a_term_are_no_loss() -> None:
    glossary = Glossary((("wheel", "rueda motorizada"),), language="es")
    assert glossary.missing("the wheels", "las Ruedas motorizadas") == ()
    assert glossary.missing("the wheels", "las llantas motorizadas") == ("wheel",)


def test_what_is_kept_is_kept_letter_for_letter() -> None:
    glossary = Glossary((("wheel", "rueda"),), kept=("OneWheel XR", "iPhone"), language="es")
    protected = glossary.protect("The onewheel xr has a wheel. iPhone? Two iPhones.")
    assert glossary.restore(protected) == "The OneWheel XR has a rueda. iPhone? Two iPhones."
    assert glossary.missing_names("my iphone", "mi iPhone") == ()
    assert glossary.missing_names("my iphone", "mi Iphone") == ("iPhone",)
    assert glossary.missing("my iphone", "mi teléfono") == ()


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
