"""What a voice is judged by, and who is recognised."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recordings import recording

from dubline.craft.voices.casting import cast, towards
from dubline.craft.voices.voice_matching import (
    ENOUGH_SECONDS,
    SAME_PERSON,
    Print,
    Prints,
    clean_spans,
    nearest,
    recognised,
)
from dubline.domain.characters import Character
from dubline.domain.script import Line, Speaker
from dubline.domain.speech import Gender, Traits, Voice
from dubline.domain.time import Span
from dubline.engines.speaker.ge2e import Ge2eEncoder
from dubline.models.catalogue import Models

F, M = Gender.FEMALE, Gender.MALE


def line(speaker: str, start: float, end: float) -> Line:
    return Line(id=f"{speaker}{start}", span=Span.of_seconds(start, end), speaker=speaker, source_text="x")


def towards_angle(degrees: float) -> Print:
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], dtype=np.float32)


def character(name: str, degrees: float) -> Character:
    return Character(name=name, encoder="e", print=tuple(map(float, towards_angle(degrees))), seconds=20.0)


def speaker(name: str, gender: Gender, pitch: float, speech: float = 10.0) -> Speaker:
    return Speaker(id=name, traits=Traits(gender=gender, confidence=0.9, pitch=pitch), speech=speech)


def voice(name: str, gender: Gender, pitch: float) -> Voice:
    return Voice(engine="k", name=name, language="es", gender=gender, pitch=pitch)


def test_what_others_say_at_the_same_time_does_not_count() -> None:
    lines = [line("S1", 0, 4), line("S2", 1, 2), line("S1", 6, 8), line("S2", 7.8, 9)]
    assert clean_spans(lines, "S1") == [
        Span.of_seconds(0, 1),
        Span.of_seconds(2, 4),
        Span.of_seconds(6, 7.8),
    ]


def test_somebody_who_never_speaks_alone_is_judged_by_what_there_is() -> None:
    assert clean_spans([line("S1", 1, 2), line("S2", 0, 3)], "S1") == [Span.of_seconds(1, 2)]


def test_a_minute_is_enough_and_the_longest_lines_come_first() -> None:
    lines = [line("S1", 10 * at, 10 * at + 3 + at % 6) for at in range(30)]
    spans = clean_spans(lines, "S1")
    assert ENOUGH_SECONDS <= sum(span.duration for span in spans) < ENOUGH_SECONDS + 8
    assert min(span.duration for span in spans) >= 7


@given(st.lists(st.tuples(st.sampled_from(["S1", "S2"]), st.integers(0, 60), st.integers(1, 9)), max_size=12))
def test_spans_are_apart_and_nobody_else_is_in_them(said: list[tuple[str, int, int]]) -> None:
    lines = [line(who, start, start + length) for who, start, length in said]
    spans = clean_spans(lines, "S1")
    others = [each.span for each in lines if each.speaker == "S2"]
    alone = [each for each in spans if not any(each.overlap(other) for other in others)]
    assert alone == spans or not alone


def test_the_other_gender_is_never_near() -> None:
    prints = np.stack([towards_angle(0), towards_angle(5), towards_angle(30)])
    voices = [voice("m", M, 100), voice("near", F, 200), voice("far", F, 200)]
    assert nearest(speaker("S1", F, 200), towards_angle(0), voices, prints, 5) == [1, 2]


def test_the_voice_most_alike_wins_over_one_a_little_nearer_in_pitch() -> None:
    voices = [voice("pitch", M, 100), voice("sound", M, 118)]
    heard = Prints({"S1": towards_angle(0)}, {"k:pitch": towards_angle(60), "k:sound": towards_angle(40)})
    assert cast([speaker("S1", M, 100)], voices)["S1"].name == "pitch"
    assert cast([speaker("S1", M, 100)], voices, prints=heard)["S1"].name == "sound"


def test_two_voices_that_could_be_taken_for_one_are_not_given_to_two_people() -> None:
    voices = [voice("one", M, 100), voice("twin", M, 100), voice("other", M, 130)]
    heard = Prints(
        {"S1": towards_angle(0), "S2": towards_angle(10)},
        {"k:one": towards_angle(0), "k:twin": towards_angle(10), "k:other": towards_angle(80)},
    )
    people = [speaker("S1", M, 100, speech=5), speaker("S2", M, 100, speech=50)]
    given_out = cast(people, voices, prints=heard)
    assert (given_out["S1"].name, given_out["S2"].name) == ("other", "twin")


def test_takes_move_towards_the_speaker_but_not_farther_than_is_good() -> None:
    assert towards(speaker("S1", M, 100), voice("v", M, 110)).shift == pytest.approx(-1.7)
    assert towards(speaker("S1", M, 70), voice("v", M, 140)).shift == -2.5
    assert towards(Speaker(id="S1"), voice("v", M, 140)).shift == 0.0


def test_a_character_is_one_speaker_and_doubt_is_nobody() -> None:
    library = [character("Ada", 0), character("Bo", 90)]
    two = recognised({"S1": towards_angle(20), "S2": towards_angle(3), "S3": towards_angle(45)}, library)
    assert {who: one.name for who, one in two.items()} == {"S2": "Ada"}
    assert recognised({"S1": towards_angle(5)}, [character("Ada", 0), character("Twin", 10)]) == {}
    assert recognised({}, library) == {} == recognised({"S1": towards_angle(0)}, [])


@pytest.mark.media
def test_people_are_recognised_in_other_recordings(media_dir: Path, models: Callable[..., Models]) -> None:
    encoder = Ge2eEncoder(models("ge2e"))
    people = {
        "LJ": ("en_lj_0001.flac", "en_lj_0005.flac"),
        "Sense": ("en_sense_0870.wav", "en_sense_0920.wav"),
        "LS": ("en_ls_5703-47212-0000.ogg",),
        "Watson": ("pt_watson_medicos.wav",),
        "Vosk": ("en_vosk_digits.wav",),
    }
    prints = {}
    for person, names in people.items():
        for name in names:
            sound = recording(media_dir / "a_speech" / name)
            prints[person, name] = encoder.embed(sound, [Span.of_seconds(0, sound.duration)])[0]
    for (one, a), (other, b) in combinations(prints, 2):
        alike = float(prints[one, a] @ prints[other, b])
        assert alike > SAME_PERSON + 0.03 if one == other else alike < SAME_PERSON - 0.05, (a, b)
