"""Which words of a Spanish or Portuguese sentence are names from English, and how they are read."""

from __future__ import annotations

import shutil

import pytest

from dubline.engines.synthesizer.kokoro.foreign_names import runs
from dubline.engines.synthesizer.kokoro.phonemes import spoken


@pytest.mark.parametrize(
    ("language", "words", "names"),
    [
        ("es", "Entonces el señor John Dashwood tuvo tiempo", ["John Dashwood"]),
        ("es", "Vinieron George Washington y Thomas Jefferson", ["George Washington", "Thomas Jefferson"]),
        ("es", "Matthew llegó a Nueva York con José", ["Matthew", "York"]),
        ("es", "Andrea y Lourdes Quevedo vieron Corea, la NASA y Monterrey", []),
        ("es", "Guillermo fue de Madrid a Jerez con Beatriz Ruiz", []),
        ("pt-BR", "O juiz Kenneth Blackwell assinou", ["Kenneth Blackwell"]),
        ("pt-BR", "Thiago Moura e Wagner Souza moram em Belém com Ruth", []),
        ("fr", "John Smith arrive", []),
        ("es", "", []),
    ],
)
def test_names_are_told_by_their_letters(language: str, words: str, names: list[str]) -> None:
    parts = runs(words, language)
    assert [part for named, part in parts if named] == names
    assert " ".join(part for _, part in parts) == words


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not here")
def test_names_are_read_by_english_rules_in_their_places() -> None:
    assert spoken("El señor John Dashwood, de Nueva York, llegó.", "es") == [
        "el seɲˈoɾ ʤˈɑn dˈæʃwʊd, ",
        "de nwˈeβa jˈɔɹk, ",
        "ʎeɣˈo.",
    ]
    assert spoken("Hola, buenos días.", "es") == ["ˈola, ", "bwˈenos ðˈias."]
