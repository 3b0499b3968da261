"""Voices of one person lie nearer to each other than to anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.recordings import recording

from dubline.domain.time import Span
from dubline.engines.speaker.ge2e import Ge2eEncoder
from dubline.models.catalogue import Models
from dubline.sound.pcm import SPEECH_RATE, Sound

pytestmark = pytest.mark.media

ONE_EACH = ("a_speech/en_lj_0001.flac", "a_speech/en_sense_0870.wav", "a_speech/en_ls_61-70968-0000.flac")
AGAIN = ("a_speech/en_lj_0005.flac", "a_speech/en_sense_0920.wav")


@pytest.fixture(scope="module")
def engine(models: Callable[..., Models]) -> Ge2eEncoder:
    return Ge2eEncoder(models("ge2e"))


def whole(sound: Sound) -> Span:
    return Span.of_seconds(0, sound.duration)


def print_of(engine: Ge2eEncoder, path: Path) -> np.ndarray:
    sound = recording(path)
    return engine.embed(sound, [whole(sound)])[0]


def test_same_voice_is_nearer_than_another(engine: Ge2eEncoder, media_dir: Path) -> None:
    first = [print_of(engine, media_dir / name) for name in ONE_EACH]
    for index, name in enumerate(AGAIN):
        cosines = [float(print_of(engine, media_dir / name) @ other) for other in first]
        others = [cosine for i, cosine in enumerate(cosines) if i != index]
        assert cosines[index] > 0.8
        assert cosines[index] > max(others) + 0.08


def test_one_unit_row_per_window_even_for_a_word(engine: Ge2eEncoder, media_dir: Path) -> None:
    sound = recording(media_dir / ONE_EACH[0])
    windows = [Span.of_seconds(0.0, 0.3), Span.of_seconds(1.0, 2.6), Span.of_seconds(0.5, 9.0)]
    rows = engine.embed(sound, windows)
    assert rows.shape == (3, 256)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert engine.embed(sound, []).shape == (0, 256)


def test_quiet_speech_has_the_same_voice(engine: Ge2eEncoder, media_dir: Path) -> None:
    sound = recording(media_dir / ONE_EACH[0])
    quiet = Sound(sound.samples / 100, SPEECH_RATE)
    both = [engine.embed(one, [whole(one)])[0] for one in (sound, quiet)]
    assert float(both[0] @ both[1]) > 0.95


def test_same_sound_same_numbers(engine: Ge2eEncoder, media_dir: Path) -> None:
    sound = recording(media_dir / ONE_EACH[0])
    runs = [engine.embed(sound, [whole(sound)]).tobytes() for _ in range(2)]
    assert runs[0] == runs[1]
