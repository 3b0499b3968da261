"""How each speaker's voice sounds, as a print that voices can be compared with."""

from __future__ import annotations

import numpy as np

from dubline.craft.voices.voice_matching import clean_spans
from dubline.domain.script import Speaker
from dubline.domain.time import Span
from dubline.ports.voice_encoder import VoiceEncoder
from dubline.sound.pcm import SPEECH_RATE, Sound
from dubline.stages.documents import Chunk, Lines, Portrait
from dubline.stages.inputs import one, series
from dubline.stages.profile import voice_in
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

LEAST_SECONDS = 1.0
"""Of less the encoder hears words rather than a voice."""

DIGITS = 5


def run(work: Work, inputs: Inputs) -> Outcome:
    speakers = work.read_list(one(inputs, "speakers"), Speaker)
    portraits = []
    for done, speaker in enumerate(speakers):
        work.progress(done / len(speakers))
        portraits.append(work.write(_portrait(work, inputs, speaker), "portrait"))
    return {"portraits": tuple(portraits)}


def _portrait(work: Work, inputs: Inputs, speaker: Speaker) -> Portrait:
    chunks = [work.read(blob, Chunk) for blob in series(inputs, "chunks")]
    spans = clean_spans(work.read(one(inputs, "lines"), Lines).lines, speaker.id)
    sound = Sound(voice_in(work, inputs, chunks, spans), SPEECH_RATE)
    encoder = work.engine(VoiceEncoder)
    return Portrait(speaker=speaker, encoder=encoder.space, print=print_of(encoder, sound))


def print_of(encoder: VoiceEncoder, sound: Sound) -> tuple[float, ...]:
    """Of one voice in 16 kHz mono sound; nothing where it is too short or silent."""
    if sound.duration < LEAST_SECONDS or not np.any(sound.samples):
        return ()
    (row,) = encoder.embed(sound, [Span.of_seconds(0, sound.duration)])
    return tuple(round(float(value), DIGITS) for value in row)


PORTRAY = Stage(
    "portray speakers", "gender_detection", 1, run, engines=(VoiceEncoder,), pace=0.02, warmup=0.3
)
