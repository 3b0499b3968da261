"""One voice in a recording, or several: what turns say of it."""

from __future__ import annotations

import pytest

from dubline.craft.voices.alone import longest_alone, others_speak
from dubline.domain.speech import Turn
from dubline.domain.time import Span


def turns(*said: tuple[str, float, float]) -> list[Turn]:
    return [Turn(speaker=who, span=Span.of_seconds(start, end)) for who, start, end in said]


@pytest.mark.parametrize(
    ("said", "several"),
    [
        ([], False),
        ([("S1", 0, 9)], False),
        ([("S1", 0, 9), ("S2", 9, 10.5)], False),
        ([("S1", 0, 9), ("S2", 9, 12)], True),
        ([("S1", 0, 90), ("S2", 90, 95)], False),
        ([("S1", 0, 60), ("S2", 60, 64), ("S3", 64, 68)], True),
    ],
)
def test_others_count_from_a_few_seconds_and_a_tenth(
    said: list[tuple[str, float, float]], several: bool
) -> None:
    assert others_speak(turns(*said)) is several


def test_the_longest_stretch_goes_on_over_pauses_but_not_over_others() -> None:
    said = turns(("S1", 0, 4), ("S2", 5, 8), ("S2", 9, 12), ("S1", 13, 18))
    assert longest_alone(said) == Span.of_seconds(5, 12)
