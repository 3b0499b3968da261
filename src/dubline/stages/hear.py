"""Every line is listened to again: what a recogniser does not understand, people may not either."""

from __future__ import annotations

import numpy as np

from dubline.craft.stretch import time_stretch
from dubline.domain.language import base
from dubline.domain.script import Script
from dubline.domain.speech import Word
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.ports.transcriber import Transcriber
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound
from dubline.sound.resample import at_rate
from dubline.stages.documents import Heard, Listening, Spoken
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

WINDOW = 20.0
"""Seconds of original speech that go together; the dub of it stays under the recogniser's thirty."""
HARD_WINDOW = 28.0
PAUSE = 0.6
"""Seconds of silence between two lines, so that no word belongs to both."""


def group(work: Work, inputs: Inputs) -> Outcome:
    """Groups are made by the original's length: editing one line's text leaves every other group as it was."""
    script = work.read(one(inputs, "fitted"), Script)
    groups: list[list[Spoken]] = [[]]
    original = played = 0.0
    for line in script.lines:
        if line.take is None or line.fit is None:
            continue
        length = line.fit.span.duration + PAUSE
        if groups[-1] and (original + line.span.duration > WINDOW or played + length > HARD_WINDOW):
            groups.append([])
            original = played = 0.0
        groups[-1].append(Spoken(line=line.id, take=line.take.sound, length=line.fit.span.length))
        original += line.span.duration
        played += length
    language = base(script.target_language)
    known = language in work.engine(Transcriber).languages()
    made = (Listening(lines=tuple(lines), language=language) for lines in groups if lines and known)
    return {"groups": tuple(work.write(listening, "listening") for listening in made)}


def hear(work: Work, inputs: Inputs) -> Outcome:
    listening = work.read(one(inputs, "groups"), Listening)
    pause = np.zeros(int(PAUSE * SPEECH_RATE), dtype=np.float32)
    pieces: list[Samples] = [pause]
    spans: dict[str, Span] = {}
    at = len(pause)
    for spoken in listening.lines:
        sound = work.sound(spoken.take)
        stretched = time_stretch(sound, spoken.length * sound.rate / TICKS_PER_SECOND / max(1, sound.frames))
        samples = at_rate(stretched, SPEECH_RATE).samples
        spans[spoken.line] = _ticks(at, at + len(samples))
        pieces += [samples, pause]
        at += len(samples) + len(pause)
    joined = Sound(np.concatenate(pieces), SPEECH_RATE)
    window = _ticks(0, min(joined.frames, 30 * SPEECH_RATE))
    utterances = work.engine(Transcriber).transcribe(joined, [window], listening.language, work.progress)
    words = [word for utterance in utterances for word in utterance.words]
    return {"heard": work.write(Heard(texts=_by_line(words, spans)), "heard")}


def _ticks(first: int, last: int) -> Span:
    per_frame = TICKS_PER_SECOND // SPEECH_RATE
    return Span(start=first * per_frame, end=last * per_frame)


def _by_line(words: list[Word], spans: dict[str, Span]) -> dict[str, str]:
    """Each word goes to the line whose middle of speech is nearest to it in time."""
    texts = dict.fromkeys(spans, "")
    for word in words:
        middle = (word.span.start + word.span.end) // 2
        nearest = min(spans, key=lambda line: max(spans[line].start - middle, middle - spans[line].end, 0))
        texts[nearest] += word.text if word.text.startswith(" ") else f" {word.text}"
    return {line: text.strip() for line, text in texts.items()}


GROUP = Stage("group lines", "combination", 1, group, engines=(Transcriber,), pace=0.0005)
HEAR = Stage("listen back", "combination", 1, hear, engines=(Transcriber,), cores=2, pace=0.07)
