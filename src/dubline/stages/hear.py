"""Every line is listened to again: what a recogniser does not understand, people may not either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
LONGEST = 30
UNDERSTOOD = 0.6
"""Share of a line's letters that must come back for it to count as listened to."""

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
        groups[-1].append(
            Spoken(line=line.id, text=line.text, take=line.take.sound, length=line.fit.span.length)
        )
        original += line.span.duration
        played += length
    language = base(script.target_language)
    known = language in work.engine(Transcriber).languages()
    made = (Listening(lines=tuple(lines), language=language) for lines in groups if lines and known)
    return {"groups": tuple(work.write(listening, "listening") for listening in made)}


def hear(work: Work, inputs: Inputs) -> Outcome:
    """All lines of a group in one go; what seems to be missing then is listened to once more by itself, because
    a recogniser sometimes gives up on the rest of a window when the voice changes."""
    listening = work.read(one(inputs, "groups"), Listening)
    sounds = {spoken.line: _played(work, spoken) for spoken in listening.lines}
    texts = _listen(work, [listening.lines], sounds, listening.language)
    missed = [(spoken,) for spoken in listening.lines if _missing(spoken.text, texts[spoken.line])]
    texts |= _listen(work, missed, sounds, listening.language)
    return {"heard": work.write(Heard(texts=texts), "heard")}


def _played(work: Work, spoken: Spoken) -> Samples:
    sound = work.sound(spoken.take)
    stretched = time_stretch(sound, spoken.length * sound.rate / TICKS_PER_SECOND / max(1, sound.frames))
    return at_rate(stretched, SPEECH_RATE).samples


def _listen(
    work: Work, windows: Sequence[Sequence[Spoken]], sounds: Mapping[str, Samples], language: str
) -> dict[str, str]:
    """What is understood of each line; the lines of a window are heard one after the other, with pauses."""
    if not windows:
        return {}
    pause = np.zeros(int(PAUSE * SPEECH_RATE), dtype=np.float32)
    pieces: list[Samples] = []
    spans: list[Span] = []
    lines: dict[str, Span] = {}
    at = 0
    for window in windows:
        start = at
        pieces.append(pause)
        at += len(pause)
        for spoken in window:
            samples = sounds[spoken.line]
            lines[spoken.line] = _ticks(at, at + len(samples))
            pieces += [samples, pause]
            at += len(samples) + len(pause)
        spans.append(_ticks(start, min(at, start + LONGEST * SPEECH_RATE)))
    joined = Sound(np.concatenate(pieces), SPEECH_RATE)
    utterances = work.engine(Transcriber).transcribe(joined, spans, language, work.progress)
    return _by_line([word for utterance in utterances for word in utterance.words], lines)


def _missing(text: str, heard: str) -> bool:
    return _letters(heard) < UNDERSTOOD * _letters(text)


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


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
HEAR = Stage("listen back", "combination", 1, hear, engines=(Transcriber,), pace=0.07)
