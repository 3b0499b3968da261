"""Speech to words with times."""

from __future__ import annotations

import numpy as np

from dubline.craft.lines.voicing import unheard
from dubline.craft.lines.windows import recognition_windows
from dubline.domain.language import AUTO, base
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.ports.transcriber import Transcriber
from dubline.sound.pcm import SPEECH_RATE, Sound
from dubline.stages.documents import Language
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

SAMPLE_SECONDS = 60.0
"""Speech listened to for the language; more makes it slower and hardly surer."""


def find_language(work: Work, inputs: Inputs) -> Outcome:
    given = work.settings.source_language
    if given != AUTO:
        return {"language": work.write(Language(tag=given, confidence=1.0), "language")}
    sample = _some_speech(work, inputs)
    if sample.frames == 0:
        return {"language": work.write(Language(tag="und", confidence=0.0), "language")}
    tag, confidence = work.engine(Transcriber).detect_language(sample)
    return {"language": work.write(Language(tag=tag, confidence=confidence), "language")}


def _some_speech(work: Work, inputs: Inputs) -> Sound:
    """Speech from the first chunk that has any, pauses left out."""
    pieces = []
    wanted = SAMPLE_SECONDS
    for voices, spans in zip(series(inputs, "voices"), series(inputs, "speech"), strict=True):
        if not (speech := work.read_list(spans, Span)):
            continue
        sound = work.sound(voices)
        for span in speech:
            if wanted <= 0:
                break
            pieces.append(sound.cut(span).samples)
            wanted -= span.duration
        break
    samples = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)
    return Sound(samples[: int(SAMPLE_SECONDS * SPEECH_RATE)], SPEECH_RATE)


def transcribe(work: Work, inputs: Inputs) -> Outcome:
    """Recognisers sometimes skip a stretch of a window; what nobody heard is listened to once more by itself."""
    language = work.read(one(inputs, "language"), Language)
    windows = work.read_list(one(inputs, "windows"), Span)
    sound = work.sound(one(inputs, "voices"))
    known = None if language.tag == "und" else base(language.tag)
    transcriber = work.engine(Transcriber)
    heard = transcriber.transcribe(sound, windows, known, work.progress) if windows else []
    missed = unheard(work.read_list(one(inputs, "speech"), Span), heard)
    again = recognition_windows(missed, duration=sound.frames * TICKS_PER_SECOND // sound.rate)
    if again:
        heard += transcriber.transcribe(sound, again, known, work.progress)
    return {"utterances": work.write_list(heard, "utterances")}


LANGUAGE = Stage(
    "find language",
    "transcription",
    1,
    find_language,
    settings=("source_language",),
    engines=(Transcriber,),
    pace=0.002,
    warmup=1.0,
)
TRANSCRIBE = Stage("transcribe", "transcription", 1, transcribe, engines=(Transcriber,), pace=0.07)
