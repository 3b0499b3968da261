"""Voices and music together, as they would be in a small production."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from dubline.sound.loudness import loudness
from dubline.sound.pcm import PROGRAMME_RATE as RATE
from dubline.sound.pcm import Samples, Sound
from music import Wave
from speech import Speech

PLACES = {"Ada": 0.40, "Ben": 0.60}
"""0 is left, 1 is right."""
UNDER, ALONE = -20.0, -11.0
"""Decibels of the music against the voices, while somebody speaks and while nobody does."""
LOUDNESS = -21.0


def voices(speech: Speech) -> Samples:
    stereo = np.zeros((speech.length, 2))
    for name, track in speech.tracks.items():
        angle = PLACES[name] * np.pi / 2
        stereo += track[:, None] * (np.cos(angle), np.sin(angle)) * np.sqrt(2)
    return np.asarray(stereo, dtype=np.float32)


def mixed(speech: Speech, music: Wave) -> tuple[Samples, Samples]:
    """The programme at its final loudness, and the music alone as it is in there."""
    spoken = voices(speech)
    speaking = np.zeros(speech.length)
    for start, end in speech.spans:
        speaking[start:end] = 1.0
    speaking = maximum_filter1d(speaking, int(0.5 * RATE))
    speaking = uniform_filter1d(uniform_filter1d(speaking, int(0.35 * RATE)), int(0.35 * RATE))
    level = _effective(spoken[np.abs(spoken).max(axis=1) > 0.02]) / _effective(music)
    ducked = music * (level * 10 ** ((ALONE + (UNDER - ALONE) * speaking) / 20))[:, None]
    programme = spoken + ducked
    gain = 10 ** ((LOUDNESS - loudness(Sound(programme.astype(np.float32), RATE))) / 20)
    gain = min(gain, 0.84 / float(np.abs(programme).max()))
    return np.asarray(programme * gain, dtype=np.float32), np.asarray(ducked * gain, dtype=np.float32)


def _effective(samples: Samples | Wave) -> float:
    return float(np.sqrt(np.square(samples, dtype=np.float64).mean()))
