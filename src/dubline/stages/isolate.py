"""Voices apart from the background, block by block with context on both sides, so that no seam is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.ports.separator import Separator
from dubline.sound import files
from dubline.sound.pcm import PROGRAMME_RATE, SPEECH_RATE, Samples, Sound
from dubline.sound.resample import at_rate
from dubline.stages.documents import Chunk
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

BLOCK = 60 * TICKS_PER_SECOND
CONTEXT = 3 * TICKS_PER_SECOND


def run(work: Work, inputs: Inputs) -> Outcome:
    chunk = work.read(one(inputs, "chunks"), Chunk)
    programme = work.path(one(inputs, "programme"))
    separator = work.engine(Separator)
    background, voices = work.scratch / "background.flac", work.scratch / "voices.flac"
    blocks = list(_blocks(chunk.span))
    speech: list[Samples] = []
    with files.writer(background, PROGRAMME_RATE, 2) as out:
        for place, block in enumerate(blocks):
            kept, voice = _isolated(separator, programme, chunk.span, block)
            out.append(kept)
            speech.append(voice)
            work.progress((place + 1) / len(blocks))
    files.write(voices, Sound(np.concatenate(speech), SPEECH_RATE))
    return {
        "background": work.store.put(background, "sound/flac"),
        "voices": work.store.put(voices, "sound/flac"),
    }


def _blocks(span: Span) -> list[Span]:
    starts = range(span.start, span.end, BLOCK)
    return [Span(start=start, end=min(start + BLOCK, span.end)) for start in starts]


def _isolated(separator: Separator, programme: Path, chunk: Span, block: Span) -> tuple[Samples, Samples]:
    """Background at 48 kHz stereo and voices at 16 kHz mono of one block."""
    around = Span(start=max(chunk.start, block.start - CONTEXT), end=min(chunk.end, block.end + CONTEXT))
    original = files.read(programme, around)
    background = separator.background(original)
    voices = at_rate(Sound(original.samples - background.samples, original.rate).mono(), SPEECH_RATE)
    inner = Span(start=block.start - around.start, end=block.end - around.start)
    return background.cut(inner).samples, voices.cut(inner).samples


ISOLATE = Stage("isolate", "separation", 1, run, engines=(Separator,), pace=0.08, warmup=0.5)
