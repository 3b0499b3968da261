"""Kokoro's blended voices: enough of both genders, each one somebody else, all of them understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from dubline.craft.hearing import word_error_rate
from dubline.craft.voices.casting import cast
from dubline.craft.voices.traits import traits
from dubline.domain.script import Speaker
from dubline.domain.speech import Gender, Traits, Voice
from dubline.domain.time import Span
from dubline.engines.speaker.ge2e import Ge2eEncoder
from dubline.engines.synthesizer.kokoro import Kokoro
from dubline.engines.synthesizer.kokoro.voices import BLENDS, voices_for
from dubline.engines.transcriber.faster_whisper import FasterWhisper
from dubline.models.catalogue import Models
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound
from dubline.sound.resample import at_rate

F, M, U = Gender.FEMALE, Gender.MALE, Gender.UNKNOWN

TEXTS: Mapping[str, tuple[str, str]] = {
    "es": (
        "Cuando llegamos a la estación, el tren ya había salido y tuvimos que esperar hasta la mañana.",
        "Mi hermano trabaja en una panadería pequeña, cerca del puerto, desde hace bastante tiempo.",
    ),
    "pt": (
        "Quando chegamos à estação, o trem já tinha saído e tivemos que esperar até de manhã.",
        "Meu irmão trabalha numa padaria pequena, perto do porto, há bastante tempo.",
    ),
    "it": (
        "Quando siamo arrivati alla stazione, il treno era già partito e abbiamo dovuto aspettare.",
        "Mio fratello lavora in una piccola panetteria, vicino al porto, da parecchio tempo.",
    ),
    "fr": (
        "Quand nous sommes arrivés à la gare, le train était déjà parti et il a fallu attendre.",
        "Les scientifiques ont découvert que les baleines se souviennent du chemin pendant des années.",
    ),
}
NATIVES = {
    "es": ["ef_dora", "em_alex", "em_santa"],
    "pt": ["pf_dora", "pm_alex", "pm_santa"],
    "it": ["if_sara", "im_nicola"],
    "fr": ["ff_siwis"],
}
ANOTHER_VOICE, SAME_VOICE = 0.87, 0.88
"""Cosines of voice prints: two voices stay below, two sentences of one voice above."""


def language(name: str, *marks: pytest.MarkDecorator) -> object:
    """Both slow tests of a language share its takes, so they run in one process."""
    return pytest.param(name, marks=[pytest.mark.xdist_group(f"kokoro {name}"), *marks])


LANGUAGES = [language("es"), *(language(other, pytest.mark.nightly) for other in ("fr", "it", "pt"))]


@pytest.fixture(scope="module")
def kokoro(models: Callable[..., Models]) -> Kokoro:
    made = Kokoro(models("kokoro-v1.0"))
    if missing := made.missing():
        pytest.skip(f"Kokoro needs {missing[0].what}; run: {missing[0].fix}")
    return made


def blends(language: str) -> list[Voice]:
    return [voice for voice in voices_for(language) if voice.name in BLENDS]


@pytest.fixture(scope="module")
def spoken(kokoro: Kokoro) -> Callable[[str], Mapping[Voice, list[Sound]]]:
    """Every voice of a language with its two sentences, made once."""

    @cache
    def takes(language: str) -> Mapping[Voice, list[Sound]]:
        return {
            voice: [at_rate(kokoro.speak(text, voice), SPEECH_RATE) for text in TEXTS[language]]
            for voice in voices_for(language)
        }

    return takes


def speakers(*genders: Gender) -> list[Speaker]:
    return [
        Speaker(id=f"S{at}", traits=Traits(gender=gender, confidence=0.9), speech=10.0)
        for at, gender in enumerate(genders)
    ]


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_three_voices_of_each_gender_at_least(language: str) -> None:
    genders = [voice.gender for voice in voices_for(language)]
    assert min(genders.count(F), genders.count(M)) >= 3
    assert len({voice.name for voice in voices_for(language)}) == len(genders)


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_natives_come_first(language: str) -> None:
    names = [voice.name for voice in voices_for(language)]
    assert names[: len(NATIVES[language])] == NATIVES[language]
    assert all(name in BLENDS for name in names[len(NATIVES[language]) :])


@pytest.mark.parametrize("language", sorted(TEXTS))
@pytest.mark.parametrize("genders", [(F, M, M, M), (F, F, F, M), (F, F, F, M, M, M), (U,) * 6, (F, M, U, U)])
def test_everybody_gets_a_voice_of_their_own(language: str, genders: Sequence[Gender]) -> None:
    people = speakers(*genders)
    chosen = cast(people, voices_for(language))
    assert len({voice.name for voice in chosen.values()}) == len(people)
    for person in people:
        assert person.traits.gender in (U, chosen[person.id].gender)


def test_a_wish_names_a_blend() -> None:
    wanted = blends("es")[0].name
    assert cast(speakers(M), voices_for("es"), {"S0": wanted})["S0"].name == wanted


def test_other_languages_have_no_blends() -> None:
    assert not any(blends(language) for language in ("en", "en-GB", "hi", "ja", "zh"))


def test_a_blend_is_neither_of_the_two(kokoro: Kokoro) -> None:
    blend = blends("es")[0]
    first = voices_for("es")[0].model_copy(update={"name": blend.name.split("~")[0]})
    second = first.model_copy(update={"name": blend.name.split("~")[1]})
    takes = {kokoro.speak("Buenos días.", voice).samples.tobytes() for voice in (blend, first, second)}
    assert len(takes) == 3
    assert kokoro.speak("Buenos días.", blend).samples.tobytes() in takes


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_blends_sound_like_what_the_table_says_and_like_nobody_else(
    spoken: Callable[[str], Mapping[Voice, list[Sound]]], models: Callable[..., Models], language: str
) -> None:
    encoder = Ge2eEncoder(models("ge2e"))
    prints: dict[Voice, list[Samples]] = {}
    for voice, takes in spoken(language).items():
        prints[voice] = [encoder.embed(take, [Span.of_seconds(0, take.duration)])[0] for take in takes]
        assert float(prints[voice][0] @ prints[voice][1]) > SAME_VOICE, voice.name
        if voice.name in BLENDS:
            heard = traits(Sound(np.concatenate([take.samples for take in takes]), SPEECH_RATE))
            assert heard.gender is voice.gender, voice.name
            assert heard.pitch == pytest.approx(voice.pitch, rel=0.08), voice.name
    for one, other in combinations(prints, 2):
        likeness = (prints[one][0] @ prints[other][1] + prints[one][1] @ prints[other][0]) / 2
        assert likeness < ANOTHER_VOICE, (one.name, other.name)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_blends_are_understood_like_natives(
    spoken: Callable[[str], Mapping[Voice, list[Sound]]], models: Callable[..., Models], language: str
) -> None:
    ear = FasterWhisper(models("whisper-base"))
    errors = {voice.name: word_errors(ear, takes, language) for voice, takes in spoken(language).items()}
    natives = float(np.mean([errors[name] for name in NATIVES[language]]))
    others = float(np.mean([wrong for name, wrong in errors.items() if name in BLENDS]))
    assert others <= natives + 0.05, errors


def word_errors(ear: FasterWhisper, takes: Sequence[Sound], language: str) -> float:
    heard = " ".join(ear.hear(take, language) for take in takes)
    return word_error_rate(" ".join(TEXTS[language]), heard, language)
