"""What makes a take a bad one, and what is tried then."""

from __future__ import annotations

import pytest

from dubline.craft.duration import learned
from dubline.craft.takes import Listened, tries


def listened(heard: str | None = "hola a todos", seconds: float = 1.0, loudness: float = -20.0) -> Listened:
    return Listened("hola a todos", "es", seconds, 1.0, loudness, heard)


def test_a_good_take_has_nothing_against_it() -> None:
    assert listened().badness == 0
    assert listened(heard=None).badness == 0, "where nobody can listen, nobody complains of words"
    assert listened(heard="hola a todas").badness == 0, "one word put wrong is the recogniser's"


@pytest.mark.parametrize(
    "bad",
    [
        listened(heard="cosa muy distinta"),
        listened(heard=""),
        listened(seconds=2.5),
        listened(seconds=0.3),
        listened(loudness=-70.0),
    ],
)
def test_wrong_silent_babbling_and_swallowed_takes_are_bad(bad: Listened) -> None:
    assert bad.badness > 0


def test_silence_is_worse_than_babble_and_more_wrong_words_are_worse_than_fewer() -> None:
    assert listened(heard="", loudness=-70.0).badness > listened(seconds=2.5).badness
    assert listened(heard="nada de eso").badness > listened(heard="hola y adiós").badness


def test_a_bad_take_is_tried_slower_and_then_with_a_breath() -> None:
    assert tries("Se fue y no volvió.", 1.0, (0.9, 1.2)) == (
        ("Se fue y no volvió.", 1.0),
        ("Se fue y no volvió.", 0.9),
        ("Se fue, y no volvió.", 1.0),
    )
    assert tries("Hola.", 0.9, (0.9, 1.2)) == (("Hola.", 0.9), ("Hola.", 1.0))
    assert tries("Hola.", 1.0, (1.0, 1.0)) == (("Hola.", 1.0),)


def test_a_voice_is_believed_the_more_the_longer_it_was_heard() -> None:
    once = learned([("ana", 2.0, 2.4)])
    often = learned([("ana", 2.0, 2.4)] * 40)
    assert 1.0 < once["ana"] < 1.1 < often["ana"] < 1.2
