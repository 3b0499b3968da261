"""Numbers come through a translation, or somebody is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.translating import amounts


@pytest.mark.parametrize(
    ("source", "target", "wanted", "lost"),
    [
        ("It cost 350 dollars in 2019.", "Costó trescientos cincuenta dólares en 2019.", "es", ()),
        ("It cost 350 dollars in 2019.", "Costó muchos dólares.", "es", ("350", "2019")),
        ("At 3 pm.", "A las 15.", "es", ()),
        ("At 10:30.", "À 10h30.", "fr", ()),
        ("5,000 people", "5.000 personas", "es", ()),
        ("5,000 people", "5 personas", "es", ("5,000",)),
        ("It rose by 12.5%.", "Subió un 12,5%.", "es", ()),
        ("50 euros", "500 euros", "es", ("50",)),
        ("four bees", "cuatro abejas", "es", ()),
        ("four bees", "las abejas", "es", ("four",)),
        ("two houses", "duas casas", "pt", ()),
        ("five hundred euros", "quinientos euros", "es", ()),
        ("one bee", "la abeja", "es", ()),
    ],
)
def test_what_was_said_is_there_in_digits_or_words(
    source: str, target: str, wanted: str, lost: tuple[str, ...]
) -> None:
    assert amounts.missing(source, target, "en", wanted) == lost


@pytest.mark.parametrize(
    ("source", "target", "wanted", "written"),
    [
        ("1,250,000 people", "1.250,000 personas", "es", "1.250.000 personas"),
        ("3.50 dollars", "3.50 dólares", "es", "3,50 dólares"),
        ("3.50 dollars", "3,50 dollars", "fr", "3,50 dollars"),
        ("1,250.75 euros", "1.250.75 euros", "it", "1.250,75 euros"),
        ("in 2019", "en 2019", "es", "en 2019"),
        ("nothing", "1.5 cosas", "es", "1.5 cosas"),
    ],
)
def test_a_number_is_written_as_the_language_writes_it(
    source: str, target: str, wanted: str, written: str
) -> None:
    assert amounts.rewritten(source, target, "en", wanted) == written


@given(st.integers(0, 10**9), st.integers(0, 99), st.sampled_from(["es", "pt", "fr", "it"]))
def test_a_rewritten_number_is_the_same_number(whole: int, part: int, wanted: str) -> None:
    said = f"{whole:,}.{part:02d}"
    written = amounts.rewritten(said, said, "en", wanted)
    assert amounts.missing(said, written, "en", wanted) == ()
    assert amounts.rewritten(written, written, wanted, "en") == said


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_looked_at(source: str, target: str) -> None:
    amounts.missing(source, target, "en", "es")
    amounts.rewritten(source, target, "en", "fr")
