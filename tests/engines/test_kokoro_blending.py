"""Mixtures by name: what they say is what is mixed, and nothing else is a voice."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest

from dubline.domain.speech import Gender
from dubline.domain.time import Span
from dubline.engines.speaker.ge2e import Ge2eEncoder
from dubline.engines.synthesizer.kokoro import Kokoro
from dubline.engines.synthesizer.kokoro.blending import STEP, named, neighbours, parts
from dubline.engines.synthesizer.kokoro.measured import likenesses, measured
from dubline.engines.synthesizer.kokoro.voices import voices_for
from dubline.models.catalogue import Models
from dubline.sound.pcm import SPEECH_RATE
from dubline.sound.resample import at_rate


def test_a_name_says_its_shares() -> None:
    first, second = parts("ef_dora*0.3~bf_emma*0.7")
    assert (first.name, first.timbre, second.timbre) == ("ef_dora", 0.3, 0.7)
    assert first.manner == pytest.approx(0.65) and second.manner == pytest.approx(0.35)
    voice = named("ef_dora*0.3~bf_emma*0.7")
    assert voice and (voice.language, voice.gender) == ("es", Gender.FEMALE)
    assert voice.pitch and 168 < voice.pitch < 178


@pytest.mark.parametrize(
    "name",
    [
        "",
        "bob",
        "ef_dora*1",
        "ef_dora*0.3",
        "ef_dora*0.3~bf_emma*0.6",
        "ef_dora*0.3~bob*0.7",
        "ef_dora*0.5~ef_dora*0.5",
        "ef_dora*0.3~bf_emma*0.7~",
        "../x*0.5~ef_dora*0.5",
    ],
)
def test_what_is_no_mixture_is_no_voice(name: str) -> None:
    assert parts(name) == () and named(name) is None


def test_neighbours_are_voices_of_whole_steps_and_new() -> None:
    known = list(voices_for("es"))
    found = neighbours(known)
    assert found and found == neighbours(known)
    assert len({voice.name for voice in (*known, *found)}) == len(known) + len(found)
    for voice in found:
        shares = [part.timbre for part in parts(voice.name)]
        assert sum(shares) == pytest.approx(1) and voice.language == "es"
        assert all(share / STEP == pytest.approx(round(share / STEP)) for share in shares)


def test_the_table_has_every_listed_voice_of_es_and_pt() -> None:
    for language in ("es", "pt"):
        table = likenesses(language)
        assert table
        assert {voice.name for voice in voices_for(language)} <= {voice.name for voice in table.voices}
        assert np.allclose(np.linalg.norm(table.prints, axis=1), 1, atol=1e-5)
        assert all(voice.pitch for voice in table.voices)
    assert likenesses("de") is None


@pytest.fixture(scope="module")
def kokoro(models: Callable[..., Models]) -> Kokoro:
    made = Kokoro(models("kokoro-v1.0"))
    if missing := made.missing():
        pytest.skip(f"Kokoro needs {missing[0].what}; run: {missing[0].fix}")
    return made


def test_the_table_says_how_voices_sound(kokoro: Kokoro, models: Callable[..., Models]) -> None:
    """Measured anew; another processor may round otherwise, which is far less than two voices differ by."""
    encoder = Ge2eEncoder(models("ge2e"))
    table = kokoro.likenesses("es")
    assert table and table.encoder == encoder.space
    rows = {voice.name: row for row, voice in enumerate(table.voices)}
    names = ["em_alex", "em_alex*0.2~bm_fable*0.8"]
    for name in names:
        voice = kokoro.voice(name, "es")
        assert voice
        sound = at_rate(kokoro.speak(kokoro.sample("es"), voice), SPEECH_RATE)
        (print_,) = encoder.embed(sound, [Span.of_seconds(0, sound.duration)])
        assert float(print_ @ table.prints[rows[name]]) > 0.97
    for one, other in combinations(names, 2):
        assert float(table.prints[rows[one]] @ table.prints[rows[other]]) < 0.9


def test_a_mixture_is_spoken_in_the_language_of_its_first_voice_only(kokoro: Kokoro) -> None:
    assert kokoro.voice("ef_dora*0.3~bf_emma*0.7", "es") == kokoro.voice(
        "kokoro:ef_dora*0.3~bf_emma*0.7", "es"
    )
    assert kokoro.voice("ef_dora*0.3~bf_emma*0.7", "pt") is None


def test_a_voice_asked_for_by_name_is_the_one_that_was_measured() -> None:
    table = likenesses("es")
    assert table is not None
    by_name = measured("ef_dora")
    assert by_name is not None and by_name in table.voices
    assert by_name.swing == pytest.approx(7.85, abs=0.3)
    assert measured("bob") is None
