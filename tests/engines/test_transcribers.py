"""Every transcriber on recordings whose words are known. A new engine joins with one entry in ENGINES."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import jiwer
import numpy as np
import pytest

from dubline.domain.errors import UserError
from dubline.domain.speech import Utterance
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.engines.transcriber.faster_whisper.word_times import Heard, settle
from dubline.models.catalogue import Models
from dubline.ports.registry import Registry
from dubline.ports.transcriber import Transcriber
from dubline.sound import files
from dubline.sound.pcm import SPEECH_RATE, Sound
from dubline.sound.resample import at_rate

ENGINES = ("faster-whisper:base",)

RECORDINGS = [
    # file, language, most words wrong; whisper base is seen 0.05-0.15 below each bound
    ("a_speech/en_jfk.flac", "en", 0.05),
    ("a_speech/en_sense_0870.wav", "en", 0.15),
    ("a_speech/en_lj_0001.flac", "en", 0.10),
    ("e_odd/very_quiet.wav", "en", 0.15),
    ("e_odd/clipped.wav", "en", 0.15),
    ("a_speech/es_leopard.wav", "es", 0.25),
    ("a_speech/pt_leopard.wav", "pt", 0.15),
    ("a_speech/pt_coxinha.wav", "pt", 0.15),
    ("a_speech/de_leopard.wav", "de", 0.25),
    ("a_speech/fr_leopard.wav", "fr", 0.15),
]
NOBODY_SPEAKS = ["e_odd/room_noise_no_speech.wav", "e_odd/one_second_zero.wav"]


@pytest.fixture(params=ENGINES, scope="module")
def engine(request: pytest.FixtureRequest, models: Callable[..., Models]) -> Transcriber:
    found = Registry(models("whisper-base")).engine(Transcriber, request.param)
    if missing := found.missing():
        pytest.skip(f"{found.spec} needs {missing[0].what}")
    return found


def read(path: Path) -> Sound:
    return at_rate(files.read(path).mono(), SPEECH_RATE)


def whole(sound: Sound) -> list[Span]:
    return [Span.of_seconds(0.0, sound.duration)]


def said(utterance: Utterance) -> str:
    return "".join(word.text for word in utterance.words)


def plain(text: str) -> str:
    text = text.lower().replace("mr.", "mister")
    return " ".join(re.sub(r"[^\w ]+", " ", text).split())


def assert_well_timed(utterance: Utterance) -> None:
    last = utterance.span.start
    for word in utterance.words:
        assert word.span.start >= last, f"{word.text} starts before the word in front of it ends"
        assert word.span.length > 0, f"{word.text} has no length"
        last = word.span.end
    assert last <= utterance.span.end


@pytest.mark.media
@pytest.mark.parametrize(("file", "language", "bound"), RECORDINGS)
def test_hears_what_was_said(
    engine: Transcriber, media_dir: Path, file: str, language: str, bound: float
) -> None:
    truth = json.loads((media_dir / f"{file}.gt.json").read_text())["transcript"]
    sound = read(media_dir / file)
    (utterance,) = engine.transcribe(sound, whole(sound), language)
    assert jiwer.wer(plain(truth), plain(said(utterance))) <= bound, said(utterance)
    assert utterance.language == language
    assert_well_timed(utterance)


@pytest.mark.media
@pytest.mark.parametrize("file", ["es_leopard.wav", "pt_leopard.wav", "de_leopard.wav", "fr_leopard.wav"])
def test_tells_the_language(engine: Transcriber, media_dir: Path, file: str) -> None:
    language, sure = engine.detect_language(read(media_dir / "a_speech" / file))
    assert language == file[:2]
    assert sure > 0.8


@pytest.mark.media
@pytest.mark.parametrize("file", NOBODY_SPEAKS)
def test_makes_nothing_up_where_nobody_speaks(engine: Transcriber, media_dir: Path, file: str) -> None:
    sound = read(media_dir / file)
    assert [said(one) for one in engine.transcribe(sound, whole(sound), "en")] == [""]


@pytest.mark.parametrize("level", [0.0, 0.0005, 0.05])
def test_makes_nothing_up_in_noise(engine: Transcriber, level: float) -> None:
    noise = np.random.default_rng(7).normal(size=6 * SPEECH_RATE).astype(np.float32) * level
    sound = Sound(noise.astype(np.float32), SPEECH_RATE)
    assert [said(one) for one in engine.transcribe(sound, whole(sound), "en")] == [""]


@pytest.mark.media
def test_gives_one_utterance_per_window_on_the_sounds_own_timeline(
    engine: Transcriber, media_dir: Path
) -> None:
    speech = read(media_dir / "a_speech/en_lj_0001.flac")
    gap = np.zeros(5 * SPEECH_RATE, dtype=np.float32)
    sound = Sound(np.concatenate([gap, speech.samples, gap]), SPEECH_RATE)
    end = 5.0 + speech.duration
    windows = [
        Span.of_seconds(0.0, 4.5),
        Span.of_seconds(4.6, end + 0.2),
        Span.of_seconds(end + 1.0, end + 1.02),
        Span.of_seconds(end + 1.0, end + 4.0),
    ]
    progress: list[float] = []
    utterances = engine.transcribe(sound, windows, None, progress.append)
    assert [one.span for one in utterances] == windows
    assert [bool(one.words) for one in utterances] == [False, True, False, False]
    spoken = utterances[1]
    assert spoken.language == "en"
    assert abs(spoken.words[0].span.start / TICKS_PER_SECOND - 5.0) < 0.35
    assert_well_timed(spoken)
    assert progress == sorted(progress)
    assert progress[-1] == 1.0


@pytest.mark.media
def test_says_the_same_every_time(engine: Transcriber, media_dir: Path) -> None:
    sound = read(media_dir / "a_speech/en_sense_0890.wav")
    first, second = (engine.transcribe(sound, whole(sound), "en") for _ in range(2))
    assert first == second


@pytest.mark.media
def test_words_start_when_the_voice_does(engine: Transcriber, media_dir: Path) -> None:
    """Against the alignment of another recogniser: the middle error and the bias stay small."""
    errors: list[float] = []
    for name in ("0870", "0880", "0890", "0920", "0930"):
        truth = json.loads((media_dir / f"a_speech/en_sense_{name}.words.json").read_text())
        known = [
            (re.sub(r"\(\d\)", "", word["t"]), word["b"]) for word in truth["w"] if word["t"][0] not in "<["
        ]
        sound = read(media_dir / f"a_speech/en_sense_{name}.wav")
        (utterance,) = engine.transcribe(sound, whole(sound), "en")
        heard = [(plain(word.text), word.span.start / TICKS_PER_SECOND) for word in utterance.words]
        if len(heard) == len(known):
            errors += [
                own[1] - other[1] for own, other in zip(heard, known, strict=True) if own[0] == other[0]
            ]
    assert len(errors) > 30
    assert float(np.median(np.abs(errors))) < 0.08
    assert abs(float(np.median(errors))) < 0.05


def test_refuses_a_language_it_cannot_hear(engine: Transcriber) -> None:
    loud = np.random.default_rng(7).normal(size=SPEECH_RATE).astype(np.float32) * 0.1
    sound = Sound(loud.astype(np.float32), SPEECH_RATE)
    with pytest.raises(UserError) as refusal:
        engine.transcribe(sound, whole(sound), "tlh")
    assert refusal.value.code == "language_unsupported"
    assert " es," in refusal.value.hint


def test_knows_the_languages_of_the_library() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    from dubline.engines.transcriber.faster_whisper.languages import MULTILINGUAL

    assert set(_LANGUAGE_CODES) - {"yue"} == set(MULTILINGUAL)


def voice(*stretches: tuple[float, float], seconds: float) -> np.ndarray:
    levels = np.full(round(seconds * 100), -70.0)
    for start, end in stretches:
        levels[round(start * 100) : round(end * 100)] = -20.0
    return levels


def test_a_pause_belongs_to_no_word() -> None:
    levels = voice((1.0, 1.4), (2.0, 2.5), seconds=3.0)
    first, second = settle([Heard(" so", 0.0, 1.4, 1.0), Heard(" then", 1.4, 2.5, 1.0)], levels, 3.0)
    assert 0.9 <= first.start <= 1.05
    assert first.end <= 1.5
    assert 1.9 <= second.start <= 2.05


def test_words_without_time_get_some_and_stay_in_order() -> None:
    heard = [Heard(f" w{place}", 2.99, 2.99, 1.0) for place in range(20)]
    words = settle(heard, voice((0.0, 3.0), seconds=3.0), 3.0)
    assert all(word.end > word.start for word in words)
    assert all(after.start >= before.end for before, after in pairwise(words))
    assert words[-1].end <= 3.0 + 1e-9
