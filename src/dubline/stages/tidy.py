"""The background as it is heard under the dub: leftovers of the voice taken out, and turned down where one stayed."""

from __future__ import annotations

import numpy as np

from dubline.craft.mix.confidence import STEP, audible, still_heard, turned_down
from dubline.craft.mix.leftovers import CONTEXT, cleaned
from dubline.domain.script import Blob, TurnedDown
from dubline.domain.time import Span, ticks
from dubline.ports.voice_activity import VoiceActivity
from dubline.sound import files
from dubline.sound.loudness import weighted_powers
from dubline.sound.pcm import PROGRAMME_RATE, SPEECH_RATE, Samples, Sound
from dubline.sound.resample import at_rate
from dubline.sound.room_tone import powers
from dubline.stages.documents import BedLevels, Chunk
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

BLOCK = ticks(120.0)
AROUND = ticks(CONTEXT)
WORTH_ASKING = 1.0
"""Seconds of speech over a background in which a voice could hide."""


def run(work: Work, inputs: Inputs) -> Outcome:
    chunk = work.read(one(inputs, "chunks"), Chunk).span
    speech = work.read_list(one(inputs, "speech"), Span)
    if not speech:
        return _as_it_is(work, one(inputs, "background"))
    bed, places, levels = work.scratch / "bed.flac", list[TurnedDown](), list[float]()
    with files.writer(bed, PROGRAMME_RATE, 2) as out:
        for start in range(0, chunk.length, BLOCK):
            block = Span(start=start, end=min(start + BLOCK, chunk.length))
            samples, found = _tidied(work, inputs, chunk, block, speech)
            out.append(samples)
            places += found
            levels += weighted_powers(Sound(samples, PROGRAMME_RATE)).tolist()
            work.progress(block.end / chunk.length)
    return {
        "bed": work.store.put(bed, "sound/flac"),
        "unsure": work.write_list(places, "turned-down"),
        "bed_levels": work.write(BedLevels(powers=tuple(levels)), "levels"),
    }


def _as_it_is(work: Work, background: Blob) -> Outcome:
    return {
        "bed": background,
        "unsure": work.write_list([], "turned-down"),
        "bed_levels": work.write(BedLevels(), "levels"),
    }


def _tidied(
    work: Work, inputs: Inputs, chunk: Span, block: Span, speech: list[Span]
) -> tuple[Samples, list[TurnedDown]]:
    """One block, looked at with what lies around it; places in time of the chunk."""
    around = Span(start=max(0, block.start - AROUND), end=min(chunk.length, block.end + AROUND))
    background = files.read(work.path(one(inputs, "background")), around).samples
    inside = [_within(span, around) for span in speech if span.overlap(around)]
    if not inside:
        return background[block.start - around.start :][: block.length], []
    tidied = cleaned(background, inside)
    programme = files.read(work.path(one(inputs, "programme")), around.shifted(chunk.start))
    places = _unsure(work, inside, programme, Sound(tidied, PROGRAMME_RATE))
    samples = turned_down(tidied, places)[block.start - around.start :][: block.length]
    shifted = [
        place.model_copy(update={"span": place.span.shifted(around.start)})
        for place in places
        if place.span.overlap(block.shifted(-around.start))
    ]
    return np.ascontiguousarray(samples), shifted


def _unsure(work: Work, speech: list[Span], programme: Sound, background: Sound) -> list[TurnedDown]:
    before, after = powers(programme, STEP), powers(background, STEP)
    if audible(speech, before, after) < WORTH_ASKING:
        return []
    left = work.engine(VoiceActivity).speech(at_rate(background.mono(), SPEECH_RATE))
    return still_heard(speech, left, before, after)


def _within(span: Span, around: Span) -> Span:
    start, end = max(span.start, around.start), min(span.end, around.end)
    return Span(start=start - around.start, end=end - around.start)


TIDY = Stage("tidy background", "separation", 3, run, engines=(VoiceActivity,), pace=0.012, warmup=0.2)
