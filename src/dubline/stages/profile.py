"""What each speaker sounds like: pitch, gender where it is clear, loudness, place in the stereo field, colour and
room of the original; and how loud each line is, as a whole and along it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from dubline.craft.mix.colour import colour_of
from dubline.craft.mix.contour import alone, contour_of
from dubline.craft.mix.mixing import pan_of
from dubline.craft.mix.room import room_of
from dubline.craft.voices.traits import traits
from dubline.domain.script import Line, Speaker, TurnedDown
from dubline.domain.time import Span
from dubline.sound import files
from dubline.sound.loudness import loudness
from dubline.sound.pcm import PROGRAMME_RATE, SPEECH_RATE, Samples, Sound
from dubline.stages.documents import Chunk, Lines, Loudnesses
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

PAN_LINES = 8
ENOUGH_SECONDS = 40.0
"""Speech that is looked at per speaker; more changes the answer no more."""


def run(work: Work, inputs: Inputs) -> Outcome:
    chunks = [work.read(blob, Chunk) for blob in series(inputs, "chunks")]
    lines = work.read(one(inputs, "lines"), Lines).lines
    spans: dict[str, list[Span]] = defaultdict(list)
    for line in lines:
        spans[line.speaker].append(line.span)
    speakers = []
    for done, (speaker, said) in enumerate(spans.items()):
        work.progress(done / len(spans))
        speakers.append(_profile(work, inputs, chunks, speaker, said))
    return {
        "speakers": work.write_list(speakers, "speakers"),
        "loudnesses": work.write(_loudnesses(work, inputs, chunks, lines), "loudnesses"),
    }


def _profile(work: Work, inputs: Inputs, chunks: list[Chunk], speaker: str, said: list[Span]) -> Speaker:
    sample = _enough(said)
    voice = Sound(voice_in(work, inputs, chunks, sample), SPEECH_RATE)
    return Speaker(
        id=speaker,
        traits=traits(voice),
        speech=round(sum(span.duration for span in said), 3),
        loudness=loudness(voice),
        pan=_pan(work, inputs, chunks, sample),
        colour=colour_of(voice),
        room=room_of(voice),
    )


def _enough(said: list[Span]) -> list[Span]:
    """The longest lines first, in their order in time, until there is enough to judge by."""
    chosen: list[Span] = []
    for span in sorted(said, key=lambda span: -span.length):
        if sum(taken.duration for taken in chosen) >= ENOUGH_SECONDS:
            break
        chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)


def voice_in(work: Work, inputs: Inputs, chunks: list[Chunk], spans: list[Span]) -> Samples:
    """The separated voice in some spans, one after the other."""
    pieces = [
        files.read(work.path(blob), _within(span, chunk)).samples
        for chunk, blob in zip(chunks, series(inputs, "voices"), strict=True)
        for span in spans
        if span.overlap(chunk.span)
    ]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)


def _pan(work: Work, inputs: Inputs, chunks: list[Chunk], spans: list[Span]) -> float:
    """−1 left … +1 right, from what separation took out of each channel."""
    programme = work.path(one(inputs, "programme"))
    pieces: list[Samples] = []
    for chunk, blob in zip(chunks, series(inputs, "background"), strict=True):
        for span in spans[:PAN_LINES]:
            if span.overlap(chunk.span):
                inner = _within(span, chunk)
                whole = files.read(programme, inner.shifted(chunk.span.start)).samples
                pieces.append(whole - files.read(work.path(blob), inner).samples)
    return round(pan_of(Sound(np.concatenate(pieces), PROGRAMME_RATE)), 3) if pieces else 0.0


def _loudnesses(work: Work, inputs: Inputs, chunks: list[Chunk], lines: Sequence[Line]) -> Loudnesses:
    unsure = _unsure(work, inputs, chunks)
    levels, contours = dict[str, float](), dict[str, tuple[float, ...]]()
    for line in lines:
        voice = Sound(voice_in(work, inputs, chunks, [line.span]), SPEECH_RATE)
        levels[line.id] = loudness(voice)
        if alone(line.span, [other.span for other in lines if other is not line], unsure):
            contours[line.id] = contour_of(voice)
    return Loudnesses(lines=levels, contours=contours)


def _unsure(work: Work, inputs: Inputs, chunks: list[Chunk]) -> list[Span]:
    """Where something of the voice stayed in the background."""
    return [
        place.span.shifted(chunk.span.start)
        for chunk, blob in zip(chunks, series(inputs, "unsure"), strict=True)
        for place in work.read_list(blob, TurnedDown)
    ]


def _within(span: Span, chunk: Chunk) -> Span:
    start, end = max(span.start, chunk.span.start), min(span.end, chunk.span.end)
    return Span(start=start - chunk.span.start, end=end - chunk.span.start)


PROFILE = Stage("profile voices", "gender_detection", 5, run, pace=0.01)
