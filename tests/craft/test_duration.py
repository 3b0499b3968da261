"""Predicted durations against takes that Kokoro really spoke, in seconds; the mean where two voices were timed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.duration import predict

SPOKEN = (
    (
        "en-US",
        "The children were running along the street when the rain began, so they waited under a tree.",
        4.6,
    ),
    (
        "es",
        "Los niños corrían por la calle cuando empezó a llover, así que esperaron debajo de un árbol.",
        5.1,
    ),
    ("fr", "Les enfants couraient dans la rue quand la pluie a commencé, alors ils ont attendu.", 4.1),
    ("it", "I bambini correvano per la strada quando ha cominciato a piovere, così hanno aspettato.", 5.0),
    (
        "pt-BR",
        "As crianças corriam pela rua quando começou a chover, então esperaram debaixo de uma árvore.",
        5.2,
    ),
    ("hi", "बच्चे सड़क पर दौड़ रहे थे जब बारिश शुरू हुई, इसलिए वे एक पेड़ के नीचे रुक गए।", 6.0),
    ("ja", "子供たちが通りを走っていると雨が降り始めたので、木の下で待ちました。", 6.6),
    ("zh", "孩子们在街上跑步的时候开始下雨了，所以他们在树下等待。", 4.8),
    ("en-US", "Okay.", 0.7),
    ("fr", "Et voici mon chien que je n'ai pas.", 1.6),
    ("es", "Ahí está el perro que no tengo.", 1.8),
)


@pytest.mark.parametrize(("language", "text", "seconds"), SPOKEN)
def test_near_what_was_spoken(language: str, text: str, seconds: float) -> None:
    assert predict(text, language) == pytest.approx(seconds, rel=0.2)


@pytest.mark.parametrize("text", ["", "…", "¿?!", "🙂", "   "])
def test_nothing_to_say_takes_no_time(text: str) -> None:
    assert predict(text, "es") == 0.0


@given(st.text(min_size=1, max_size=60), st.sampled_from(["es", "en", "ja", "sw"]), st.floats(0.8, 1.3))
def test_faster_is_shorter_and_never_negative(text: str, language: str, rate: float) -> None:
    assert predict(text, language, rate) == pytest.approx(predict(text, language) / rate)
    assert predict(text, language) >= 0.0


def test_more_words_a_pause_and_digits_take_longer() -> None:
    plain = predict("vamos a casa mañana", "es")
    assert plain < predict("vamos a casa, mañana", "es") < predict("vamos a casa. Ya mañana", "es")
    assert predict("vamos a casa 1985", "es") > predict("vamos a casa", "es") + 1.0


def test_a_silent_e_is_no_syllable() -> None:
    assert predict("make", "en") < predict("maku", "en")
    assert predict("make", "es") == predict("maku", "es")
