"""Held notes over leading music are singing; talk over music, and held notes without music, are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dubline.craft.mix.singing import SINGING, left_alone, sung_spans
from dubline.craft.voices.traits import HOP
from dubline.domain.script import Line
from dubline.domain.time import Span
from dubline.models.catalogue import Models
from dubline.ports.registry import Registry
from dubline.ports.separator import Separator
from dubline.sound import files
from dubline.sound.pcm import PROGRAMME_RATE, SPEECH_RATE, Samples, Sound
from dubline.sound.resample import at_rate
from dubline.sound.room_tone import powers

SECONDS = 20


def voice(pitch: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Samples:
    """A buzz with that pitch, in syllables: half a second on, a fifth off."""
    phase = 2 * np.pi * np.cumsum(pitch) / SPEECH_RATE
    wave = sum(np.sin(harmonic * phase) / harmonic for harmonic in range(1, 8))
    on = (np.arange(len(pitch)) / SPEECH_RATE) % 0.7 < 0.5
    return np.asarray(0.1 * wave * on, dtype=np.float32)


def music(level: float) -> Samples:
    return np.full(SECONDS * SPEECH_RATE // HOP, level**2, dtype=np.float32)


TIME = np.arange(SECONDS * SPEECH_RATE) / SPEECH_RATE
NOTES = 220 * 2 ** (np.array([0, 4, 7, 5, 2, 0, 9])[(TIME / 0.7).astype(int) % 7] / 12)
MELODY_OF_TALK = 180 * 2 ** (4 * np.sin(2 * np.pi * 1.3 * TIME) / 12)


def test_held_notes_over_music_are_sung() -> None:
    (span,) = sung_spans(Sound(voice(NOTES), SPEECH_RATE), music(0.1))
    assert span.duration > SECONDS - 2


@pytest.mark.parametrize(("pitch", "background"), [(MELODY_OF_TALK, 0.1), (NOTES, 0.001), (NOTES, 30.0)])
def test_talk_and_humming_without_music_are_not(
    pitch: np.ndarray[tuple[int], np.dtype[np.float64]], background: float
) -> None:
    assert sung_spans(Sound(voice(pitch), SPEECH_RATE), music(background)) == []


def test_silence_is_not_sung() -> None:
    assert sung_spans(Sound(np.zeros(100, dtype=np.float32), SPEECH_RATE), music(0.1)) == []


def test_lines_mostly_sung_keep_their_original() -> None:
    lines = [
        Line(id="1", span=Span.of_seconds(0, 4), speaker="S1", source_text="spoken"),
        Line(id="2", span=Span.of_seconds(9, 12), speaker="S1", source_text="sung"),
    ]
    spoken, sung = left_alone(lines, [Span.of_seconds(3, 5), Span.of_seconds(10, 20)])
    assert not spoken.keep_original and not spoken.flags
    assert sung.keep_original and sung.flags == (SINGING,)


def separated(models: Models, path: Path) -> tuple[Sound, Samples]:
    read = at_rate(files.read(path), PROGRAMME_RATE).samples
    stereo = read if read.ndim > 1 else np.repeat(read[:, None], 2, axis=1)
    programme = Sound(stereo[: 16 * PROGRAMME_RATE], PROGRAMME_RATE)
    background = Registry(models).engine(Separator, "spleeter").background(programme)
    voices = Sound(programme.samples - background.samples, PROGRAMME_RATE).mono()
    return at_rate(voices, SPEECH_RATE), powers(background, HOP / SPEECH_RATE)


@pytest.mark.media
def test_a_real_song_is_found(media_dir: Path, models: Callable[..., Models]) -> None:
    voices, background = separated(
        models("spleeter-2stems"), media_dir / "c_music/song_slow_motion_dream.mp3"
    )
    (span,) = sung_spans(voices, background)
    assert span.overlap(Span.of_seconds(2.5, 8)) == Span.of_seconds(2.5, 8).length


@pytest.mark.media
@pytest.mark.parametrize("clip", ["c_music/musanmix.flac", "a_speech/en_sonnet1.mp3"])
def test_music_alone_and_poetry_are_not_sung(
    media_dir: Path, models: Callable[..., Models], clip: str
) -> None:
    assert sung_spans(*separated(models("spleeter-2stems"), media_dir / clip)) == []
