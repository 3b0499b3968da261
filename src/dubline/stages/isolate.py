"""Voices apart from the background, block by block with context on both sides, so that no seam is heard.

A recogniser is given the programme itself where the background is well below the voice: separation takes a little
of every voice, and what it hears of a faint background does not disturb it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.ports.separator import Separator
from dubline.sound import files
from dubline.sound.pcm import PROGRAMME_RATE, SPEECH_RATE, Samples, Sound
from dubline.sound.resample import at_rate
from dubline.sound.room_tone import powers
from dubline.stages.documents import Chunk
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

BLOCK = 60 * TICKS_PER_SECOND
CONTEXT = 3 * TICKS_PER_SECOND

CLEAR = 10 ** (12 / 10)
"""Voice over background, in power, from which on the programme is understood better than the separated voice."""
MOMENT = 0.1
LOUD_SHARE = 0.01
"""Of the loud moments' power: what is softer is no speech."""


def run(work: Work, inputs: Inputs) -> Outcome:
    chunk = work.read(one(inputs, "chunks"), Chunk)
    programme = work.path(one(inputs, "programme"))
    separator = work.engine(Separator)
    blocks = list(_blocks(chunk.span))
    background = work.scratch / "background.flac"
    pieces: list[_Isolated] = []
    with files.writer(background, PROGRAMME_RATE, 2) as out:
        for place, block in enumerate(blocks):
            kept, piece = _isolated(separator, programme, chunk.span, block)
            out.append(kept)
            pieces.append(piece)
            work.progress((place + 1) / len(blocks))
    return {
        "background": work.store.put(background, "sound/flac"),
        "voices": work.write_sound(_joined([piece.voices for piece in pieces])),
        "understood": work.write_sound(_joined([piece.understood for piece in pieces])),
    }


@dataclass(frozen=True)
class _Isolated:
    """16 kHz mono of one block: the voices, and what a recogniser is to hear of them."""

    voices: Samples
    understood: Samples


def _joined(pieces: list[Samples]) -> Sound:
    return Sound(np.concatenate(pieces), SPEECH_RATE)


def _blocks(span: Span) -> list[Span]:
    starts = range(span.start, span.end, BLOCK)
    return [Span(start=start, end=min(start + BLOCK, span.end)) for start in starts]


def _isolated(separator: Separator, programme: Path, chunk: Span, block: Span) -> tuple[Samples, _Isolated]:
    """Background at 48 kHz stereo and voices at 16 kHz mono of one block."""
    around = Span(start=max(chunk.start, block.start - CONTEXT), end=min(chunk.end, block.end + CONTEXT))
    inner = Span(start=block.start - around.start, end=block.end - around.start)
    original = files.read(programme, around)
    background = separator.background(original)
    voices = Sound(original.samples - background.samples, original.rate)
    speech = at_rate(voices.mono(), SPEECH_RATE).cut(inner).samples
    understood = speech
    if _clear(voices.cut(inner), background.cut(inner)):
        understood = at_rate(original.mono(), SPEECH_RATE).cut(inner).samples
    return background.cut(inner).samples, _Isolated(speech, understood)


def _clear(voices: Sound, background: Sound) -> bool:
    """Whether the background is well below the voice where there is one."""
    voice, rest = powers(voices, MOMENT), powers(background, MOMENT)
    spoken = voice > LOUD_SHARE * float(np.percentile(voice, 95))
    return bool(spoken.any() and voice[spoken].mean() > CLEAR * rest[spoken].mean())


ISOLATE = Stage("isolate", "separation", 2, run, engines=(Separator,), pace=0.08, warmup=0.5)
