"""One suite over every synthesizer. A new engine joins by one entry in ENGINES."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import jiwer
import numpy as np
import pytest
import soxr

from dubline.domain.errors import EngineError
from dubline.domain.speech import Gender, Voice
from dubline.engines.synthesizer.espeak import Espeak
from dubline.engines.synthesizer.kokoro import Kokoro
from dubline.models.catalogue import Models
from dubline.ports.synthesizer import Synthesizer
from dubline.sound.pcm import Sound

SENTENCES: Mapping[str, str] = {
    "en": "The children were running along the street when the rain began, so they waited under a tree.",
    "es": "Los niños corrían por la calle cuando empezó la lluvia. Entonces esperaron debajo de un árbol.",
    "pt": "As crianças estavam brincando na rua quando começou a chover. Elas esperaram na casa da avó.",
    "fr": "Bonjour, je m'appelle Marie et nous allons parler aujourd'hui de la musique française.",
    "it": "I bambini giocavano per la strada quando ha cominciato a piovere, e sono tornati a casa.",
}
UNSPEAKABLE = ("", "   ", "...", "—", "🙂🙂", "¿?!", "\n\t", "\x00\x01", "[[]]", "«»")
HARMLESS = (
    "-v en --help",
    "--version",
    "<speak><audio src='/etc/passwd'/>casa</speak>",
    "[[h@l'oU]] casa",
    "casa\x01 50P\x00 blanca",
    "$(id) `id` ; casa | cat",
)


@dataclass(frozen=True)
class Case:
    make: Callable[[Models], Synthesizer]
    weights: tuple[str, ...]
    word_errors: Mapping[str, float]
    """The most words in a hundredth that a recogniser may hear wrong, per language."""
    rates: tuple[float, ...]


ENGINES: Mapping[str, Case] = {
    "kokoro": Case(
        Kokoro,
        ("kokoro-v1.0",),
        {"en": 0.06, "es": 0.06, "pt": 0.08, "fr": 0.12, "it": 0.08},
        (0.9, 1.0, 1.2),
    ),
    "espeak-ng": Case(Espeak, (), {"en": 0.12, "es": 0.5}, (0.8, 1.0, 1.4)),
}


@pytest.fixture(scope="module", params=sorted(ENGINES))
def case(request: pytest.FixtureRequest) -> Case:
    return ENGINES[request.param]


@pytest.fixture(scope="module")
def engine(case: Case, models: Callable[..., Models]) -> Synthesizer:
    made = case.make(models(*case.weights))
    if missing := made.missing():
        pytest.skip(f"{made.spec} needs {missing[0].what}; run: {missing[0].fix}")
    return made


@cache
def recogniser(folder: str) -> Any:  # faster-whisper carries no types
    from faster_whisper import WhisperModel

    return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)


@pytest.fixture(scope="module")
def hear(models: Callable[..., Models]) -> Callable[[Sound, str], str]:
    model = recogniser(str(models("whisper-base").path("whisper-base")))

    def heard(sound: Sound, language: str) -> str:
        samples = soxr.resample(sound.samples, sound.rate, 16_000)
        segments, _ = model.transcribe(samples, language=language, beam_size=5, temperature=0.0)
        return " ".join(segment.text for segment in segments)

    return heard


def words(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFC", text.lower())).split())


def first_voice(engine: Synthesizer, language: str) -> Voice:
    return engine.voices(language)[0]


def level(samples: np.ndarray[Any, Any]) -> float:
    return float(np.sqrt(np.square(samples, dtype=np.float64).mean()))


def test_offers_distinct_voices_of_both_genders(engine: Synthesizer) -> None:
    for language in SENTENCES:
        voices = engine.voices(language)
        assert voices, language
        assert len({voice.name for voice in voices}) == len(voices)
        assert all(voice.engine == engine.name and voice.pitch and 60 < voice.pitch < 350 for voice in voices)
    spanish = {voice.gender for voice in engine.voices("es")}
    assert {Gender.FEMALE, Gender.MALE} <= spanish
    assert engine.voices("xx") == ()


def test_every_language_it_names_has_a_voice(engine: Synthesizer) -> None:
    assert len(set(engine.languages())) == len(engine.languages())
    for tag in engine.languages():
        assert engine.voices(tag), tag


def test_a_dialect_comes_with_its_own_voices(engine: Synthesizer) -> None:
    assert {voice.language for voice in engine.voices("en-GB")} == {"en-GB"}
    assert engine.voices("pt")[0].language == "pt-BR"
    assert engine.voices("en")[0].language == "en-US"


def test_speaks_trimmed_and_unclipped(engine: Synthesizer) -> None:
    sound = engine.speak(SENTENCES["es"], first_voice(engine, "es"))
    assert (sound.rate, sound.channels, sound.samples.dtype) == (24_000, 1, np.float32)
    assert 3.0 < sound.duration < 9.0
    assert np.isfinite(sound.samples).all()
    assert 0.1 < float(np.abs(sound.samples).max()) <= 0.99
    whole = level(sound.samples)
    edge = round(0.12 * sound.rate)
    assert level(sound.samples[:edge]) > whole / 1000
    assert level(sound.samples[-edge:]) > whole / 1000
    assert abs(float(sound.samples[0])) < 1e-3
    assert abs(float(sound.samples[-1])) < 1e-3


def test_shorter_when_faster(engine: Synthesizer, case: Case) -> None:
    voice = first_voice(engine, "pt")
    durations = [engine.speak(SENTENCES["pt"], voice, rate).duration for rate in case.rates]
    assert durations == sorted(durations, reverse=True)
    for rate, duration in zip(case.rates, durations, strict=True):
        assert duration == pytest.approx(durations[case.rates.index(1.0)] / rate, rel=0.12)


def test_same_input_same_samples(engine: Synthesizer, case: Case) -> None:
    voice = first_voice(engine, "it")
    first = engine.speak(SENTENCES["it"], voice, 1.1)
    again = case.make(Models(engine.models.home)).speak(SENTENCES["it"], voice, 1.1)
    assert first.samples.tobytes() == again.samples.tobytes()


def test_threads_change_nothing(engine: Synthesizer) -> None:
    texts = {"es": "Hola, buenos días.", "en": "Good morning, everybody.", "it": "Buongiorno a tutti."}
    lines = [(text, first_voice(engine, language)) for language, text in texts.items()]
    alone = [engine.speak(text, voice).samples.tobytes() for text, voice in lines]
    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(lambda line: engine.speak(*line).samples.tobytes(), lines))
    assert together == alone


@pytest.mark.parametrize("text", UNSPEAKABLE)
def test_nothing_to_say_is_an_error(engine: Synthesizer, text: str) -> None:
    with pytest.raises(EngineError) as failure:
        engine.speak(text, first_voice(engine, "es"))
    assert failure.value.code == "text_unspeakable"
    assert not failure.value.retryable


@pytest.mark.parametrize("text", HARMLESS)
def test_text_is_only_ever_text(engine: Synthesizer, text: str) -> None:
    sound = engine.speak(text, first_voice(engine, "es"))
    assert 0.2 < sound.duration < 15.0


def test_a_voice_it_does_not_have_is_an_error(engine: Synthesizer) -> None:
    for name in ("nobody", "../../es+f3", "es+../x", ""):
        stranger = Voice(engine=engine.name, name=name, language="es")
        with pytest.raises(EngineError, match="no voice") as failure:
            engine.speak("Hola.", stranger)
        assert failure.value.code == "voice_unknown"


@pytest.mark.slow
def test_long_text_is_spoken_to_its_end(engine: Synthesizer, hear: Callable[[Sound, str], str]) -> None:
    text = " ".join(f"Then came visitor number {number}, who stayed for a while." for number in range(11, 21))
    sound = engine.speak(text, first_voice(engine, "en"))
    heard = words(hear(sound, "en"))
    assert "11" in heard
    assert "20" in heard
    assert sound.duration > 20.0


@pytest.mark.slow
@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_a_recogniser_understands_it(
    engine: Synthesizer, case: Case, hear: Callable[[Sound, str], str], language: str
) -> None:
    if language not in case.word_errors:
        pytest.skip(f"whisper-base does not understand {engine.name} in {language} well enough to judge it")
    errors = [
        jiwer.wer(words(SENTENCES[language]), words(hear(engine.speak(SENTENCES[language], voice), language)))
        for voice in engine.voices(language)[:3]
    ]
    assert float(np.median(errors)) <= case.word_errors[language], errors
