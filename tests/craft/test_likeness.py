"""A second opinion on who sounds like whom: people like themselves, unlike each other."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from tests.recordings import recording

from dubline.craft.voices.likeness import Sounds, likeness, sounds
from dubline.sound.pcm import SPEECH_RATE, Sound

PEOPLE = {
    "LJ": ["en_lj_0001.flac", "en_lj_0003.flac"],
    "Sense": ["en_sense_0870.wav", "en_sense_0920.wav"],
    "LS": ["en_ls_5703-47212-0000.ogg"],
    "vosk": ["en_vosk_digits.wav"],
    "watson": ["pt_watson_medicos.wav"],
}


@pytest.mark.media
def test_people_are_like_themselves(media_dir: Path) -> None:
    heard: list[tuple[str, Sounds]] = []
    for person, names in PEOPLE.items():
        for name in names:
            found = sounds(recording(media_dir / "a_speech" / name))
            assert found
            heard.append((person, found))
    pairs = [(one == other, likeness(a, b)) for (one, a), (other, b) in combinations(heard, 2)]
    assert min(value for same, value in pairs if same) > 0.7
    assert float(np.median([value for same, value in pairs if not same])) < 0.35


@pytest.mark.media
def test_it_is_symmetrical_and_level_changes_nothing(media_dir: Path) -> None:
    sound = recording(media_dir / "a_speech/en_sense_0870.wav")
    loud, quiet = sounds(sound), sounds(Sound(sound.samples / 16, SPEECH_RATE))
    other = sounds(recording(media_dir / "a_speech/en_lj_0001.flac"))
    assert loud and quiet and other
    assert likeness(loud, quiet) > 0.99
    assert likeness(loud, other) == likeness(other, loud)


def test_where_nobody_speaks_there_is_nothing_to_compare() -> None:
    assert sounds(Sound(np.zeros(SPEECH_RATE, dtype=np.float32), SPEECH_RATE)) is None
