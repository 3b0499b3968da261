"""The two voices: every line spoken and laid on the timeline, one track per speaker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dialogue import CLOSING, DIALOGUE, VOICES
from dubline.models.catalogue import local_models
from dubline.ports.registry import Registry
from dubline.ports.synthesizer import Synthesizer
from dubline.sound.pcm import PROGRAMME_RATE, Samples
from dubline.sound.resample import at_rate

FRAME_RATE = 25
LEVEL = 0.09
"""Every line is brought to this effective value, so that both voices are equally loud."""


@dataclass(frozen=True)
class Speech:
    """`spans` are the lines' starts and ends in samples at 48 kHz."""

    tracks: dict[str, Samples]
    spans: tuple[tuple[int, int], ...]
    length: int


def speak_all() -> Speech:
    spoken = _spoken()
    spans, at = [], 0
    for said, samples in zip(DIALOGUE, spoken, strict=True):
        start = at + round(said.pause * PROGRAMME_RATE)
        at = start + len(samples)
        spans.append((start, at))
    frame = PROGRAMME_RATE // FRAME_RATE
    length = -(-(at + round(CLOSING * PROGRAMME_RATE)) // frame) * frame
    tracks = {name: np.zeros(length, dtype=np.float32) for name in VOICES}
    for said, samples, (start, end) in zip(DIALOGUE, spoken, spans, strict=True):
        tracks[said.speaker][start:end] = samples
    return Speech(tracks, tuple(spans), length)


def _spoken() -> list[Samples]:
    engine = Registry(local_models()).engine(Synthesizer, "kokoro")
    engine.require()
    voices = {voice.name: voice for voice in engine.voices("en-US")}
    sounds = [engine.speak(said.text, voices[VOICES[said.speaker]]) for said in DIALOGUE]
    return [_levelled(at_rate(sound, PROGRAMME_RATE).samples) for sound in sounds]


def _levelled(samples: Samples) -> Samples:
    loud = samples[np.abs(samples) > 0.02]
    return np.asarray(samples * (LEVEL / float(np.sqrt(np.square(loud).mean()))), dtype=np.float32)
