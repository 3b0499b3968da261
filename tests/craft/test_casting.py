"""Voices for speakers: fitting, distinct, the same every time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.voices.casting import cast
from dubline.domain.errors import UserError
from dubline.domain.script import Speaker
from dubline.domain.speech import Gender, Traits, Voice

F, M, U = Gender.FEMALE, Gender.MALE, Gender.UNKNOWN


def speaker(name: str, gender: Gender, pitch: float | None = None, speech: float = 10.0) -> Speaker:
    return Speaker(id=name, traits=Traits(gender=gender, confidence=0.9, pitch=pitch), speech=speech)


def voice(name: str, gender: Gender, pitch: float | None = None) -> Voice:
    return Voice(engine="kokoro", name=name, language="es", gender=gender, pitch=pitch)


SPANISH = [voice("ef_dora", F, 190), voice("em_alex", M, 120), voice("em_santa", M, 95)]


def names(cast_of: dict[str, Voice]) -> dict[str, str]:
    return {who: voice.name for who, voice in cast_of.items()}


def test_gender_first_then_the_nearest_pitch() -> None:
    speakers = [speaker("S1", M, 98), speaker("S2", F, 170), speaker("S3", M, 130)]
    assert names(cast(speakers, SPANISH, {})) == {"S1": "em_santa", "S2": "ef_dora", "S3": "em_alex"}


def test_a_free_unstated_voice_comes_before_a_shared_one_and_a_shared_one_before_the_wrong_gender() -> None:
    two_women = [speaker("S1", F, speech=50), speaker("S2", F, speech=5)]
    assert names(cast(two_women, [*SPANISH, voice("x", U)], {})) == {"S1": "ef_dora", "S2": "x"}
    assert names(cast(two_women, SPANISH, {})) == {"S1": "ef_dora", "S2": "ef_dora"}
    other = names(cast(two_women, SPANISH, {}, distinct_first=True))
    assert other["S1"] == "ef_dora" and other["S2"] in ("em_alex", "em_santa")


def test_an_unknown_gender_takes_any_free_voice() -> None:
    speakers = [speaker("S1", F), speaker("S2", U), speaker("S3", U)]
    assert set(names(cast(speakers, SPANISH, {})).values()) == {"ef_dora", "em_alex", "em_santa"}


def test_whoever_speaks_most_gets_the_nearer_voice() -> None:
    men = [speaker("S1", M, 119, speech=2), speaker("S2", M, 119, speech=300)]
    assert names(cast(men, SPANISH, {}))["S2"] == "em_alex"


def test_shared_voices_are_shared_evenly() -> None:
    given_out = list(names(cast([speaker(f"S{n}", M, 100) for n in range(6)], SPANISH, {})).values())
    assert given_out.count("em_alex") == given_out.count("em_santa") == 3


def test_wishes_are_obeyed_and_their_voices_count_as_taken() -> None:
    speakers = [speaker("S1", M, 95), speaker("S2", M, 95)]
    assert names(cast(speakers, SPANISH, {"S1": "ef_dora"}))["S1"] == "ef_dora"
    assert names(cast(speakers, SPANISH, {"S1": "kokoro:em_santa"})) == {"S1": "em_santa", "S2": "em_alex"}


@pytest.mark.parametrize(
    ("wish", "code", "said"),
    [({"S9": "ef_dora"}, "speaker_unknown", "S1"), ({"S1": "bob"}, "voice_unknown", "ef_dora")],
)
def test_a_wish_that_cannot_be_met_says_what_can(wish: dict[str, str], code: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        cast([speaker("S1", M)], SPANISH, wish)
    assert raised.value.code == code and said in raised.value.hint


def test_without_voices_nobody_can_be_cast() -> None:
    assert cast([], [], {}) == {}
    with pytest.raises(UserError):
        cast([speaker("S1", M)], [], {})


PEOPLE = st.lists(
    st.tuples(st.sampled_from([F, M, U]), st.floats(80, 300), st.floats(0, 500)), min_size=1, max_size=8
)
CHOIR = st.lists(st.tuples(st.sampled_from([F, M, U]), st.floats(80, 300)), min_size=1, max_size=8)


@given(PEOPLE, CHOIR, st.randoms())
def test_a_cast_is_complete_stable_and_as_distinct_as_it_can_be(
    people: list[tuple[Gender, float, float]], choir: list[tuple[Gender, float]], random: object
) -> None:
    speakers = [speaker(f"S{n}", *person) for n, person in enumerate(people)]
    voices = [voice(f"v{n}", *one) for n, one in enumerate(choir)]
    first = cast(speakers, voices, {})
    assert first == cast(speakers, voices, {}) and set(first) == {one.id for one in speakers}
    for gender in (F, M):
        of_gender = [one for one in speakers if one.traits.gender is gender]
        fitting = [one for one in voices if one.gender is gender]
        if fitting:
            assert all(first[one.id].gender in (gender, U) for one in of_gender)
    if len(speakers) <= min(sum(v.gender is g for v in voices) for g in (F, M)):
        assert len(set(map(str, first.values()))) == len(speakers)
