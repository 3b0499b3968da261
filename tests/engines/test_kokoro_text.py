"""How Kokoro reads: punctuation, phonemes of each language, breaths."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.engines.synthesizer.kokoro import chinese, japanese
from dubline.engines.synthesizer.kokoro.breaths import breaths
from dubline.engines.synthesizer.kokoro.clauses import MARKS, clauses, speakable
from dubline.engines.synthesizer.kokoro.phonemes import spoken

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="apt-get install espeak-ng")


def cut(text: str) -> list[tuple[str, str]]:
    return [(clause.words, clause.mark) for clause in clauses(text)]


def test_punctuation_stays_where_the_model_hears_it() -> None:
    assert cut("Hola, ¿qué tal? Bien...") == [("Hola", ", "), ("qué tal", "? "), ("Bien", "…")]
    assert cut("«Sí» — dijo (ella)") == [("Sí", "” — "), ("dijo", " ("), ("ella", ")")]


@pytest.mark.parametrize("text", ["3,5 kg", "12.30", "15:30", "1.000.000", "www.example.com", "p. ej. esto"])
def test_marks_inside_numbers_and_abbreviations_cut_nothing(text: str) -> None:
    assert cut(text) == [(text, "")]


def test_titles_and_initials_end_no_sentence() -> None:
    assert cut("Dr. Ruiz y J. R. Gil. Fin.") == [("Dr Ruiz y J R Gil", ". "), ("Fin", ".")]


def test_pictures_and_control_characters_vanish() -> None:
    assert cut("Hola 🙂\x00 \ufe0fmundo") == [("Hola mundo", "")]
    assert not speakable("🙂 …!")


@given(st.text(max_size=400))
def test_no_line_is_too_long_for_the_phonemizer_and_no_mark_unknown(text: str) -> None:
    for clause in clauses(text):
        assert 0 < len(clause.words) <= 300
        assert "\n" not in clause.words
        assert set(clause.mark) <= set(MARKS) | {" "}


@needs_espeak
@pytest.mark.parametrize(
    ("language", "text", "phonemes"),
    [
        ("es", "Los niños, ¡rápido!", ["los nˈiɲos, ", "rˈapiðo!"]),
        ("es", "ocho", ["ˈoʧo"]),
        ("it", "giorno", ["ʤˈorno"]),
        ("en-US", "my joy", ["mI ʤˈY"]),
        ("en-GB", "no hair", ["nˈQ hˈɛː"]),
        ("fr", "bon", ["bˈɔ̃"]),
    ],
)
def test_espeak_in_the_notation_of_the_model(language: str, text: str, phonemes: list[str]) -> None:
    assert spoken(text, language) == phonemes


@needs_espeak
def test_many_clauses_keep_their_places() -> None:
    text = ", ".join(["uno", "etc. y dos", "3,5", "cuatro"] * 10)
    phrases = spoken(text, "es")
    assert len(phrases) == 40
    assert phrases[:4] == phrases[4:8]


@given(st.lists(st.text("abc ", min_size=1, max_size=90).map(lambda words: words + ". "), max_size=30))
def test_breaths_keep_every_phoneme_and_never_exceed_the_limit(phrases: Sequence[str]) -> None:
    found = breaths(phrases, len, longest=100)
    assert all(len(breath.phonemes) <= 100 for breath in found)
    assert "".join(breath.phonemes for breath in found).replace(" ", "") == "".join(phrases).replace(" ", "")


def test_a_breath_ends_with_a_sentence_where_it_can() -> None:
    found = breaths(["a" * 40 + ". ", "b" * 30 + ", ", "c" * 40 + ". "], len, longest=100)
    assert [breath.phonemes[-1] for breath in found] == [".", "."]
    assert found[0].pause > 0.2


@pytest.mark.parametrize(
    ("kana", "sounds"),
    [
        ("トーキョー", "toːkʲoː"),
        ("ガッコー", "ɡaʔkoː"),
        ("シンブン", "ɕimbɯɴ"),
        ("ティー", "tʲiː"),
        ("ジャ", "ʥa"),
    ],
)
def test_kana(kana: str, sounds: str) -> None:
    assert japanese._word(kana) == sounds


@pytest.mark.parametrize(
    ("digits", "read"),
    [
        ("2024年", "二零二四年"),
        ("12", "十二"),
        ("105", "一百零五"),
        ("10086", "一万零八十六"),
        ("3.5%", "百分之三点五"),
        ("0", "零"),
    ],
)
def test_chinese_numbers(digits: str, read: str) -> None:
    assert chinese._numbers_read(digits) == read


def test_chinese_syllables() -> None:
    assert chinese._syllable("zh", "ong1") == "ꭧʊ→ŋ"
    assert chinese._syllable("sh", "i4") == "ʂɨ↘"
    assert chinese._syllable("", "iou3") == "jou↓"
