"""The dubbed programme: chunk by chunk from its cue sheet, then as one file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dubline.craft import mixing
from dubline.craft.roomtone import room_tone
from dubline.craft.stretch import time_stretch
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.sound import files
from dubline.sound.loudness import true_peak, weighted_powers
from dubline.sound.pcm import PROGRAMME_RATE, Samples, Sound
from dubline.sound.resample import at_rate
from dubline.stages.documents import CueSheet, MixLevels, Piece
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

BLOCK = 20 * TICKS_PER_SECOND
TONE_SAMPLE = 60 * TICKS_PER_SECOND


def mix(work: Work, inputs: Inputs) -> Outcome:
    sheet = work.read(one(inputs, "cues"), CueSheet)
    chunk = _Chunk(work.path(one(inputs, "programme")), work.path(one(inputs, "background")), sheet)
    out = work.scratch / "mixed.flac"
    original: list[float] = []
    dubbed: list[float] = []
    peak = -120.0
    with files.writer(out, PROGRAMME_RATE, 2) as writer:
        for start in range(sheet.span.start, sheet.span.end, BLOCK):
            block = Span(start=start, end=min(start + BLOCK, sheet.span.end))
            programme, mixed = chunk.mixed(work, block)
            writer.append(mixed.samples)
            original += weighted_powers(programme).tolist()
            dubbed += weighted_powers(mixed).tolist()
            peak = max(peak, true_peak(mixed))
            work.progress((block.end - sheet.span.start) / sheet.span.length)
    levels = MixLevels(original=tuple(original), dub=tuple(dubbed), peak=peak)
    return {"mixed": work.store.put(out, "sound/flac"), "levels": work.write(levels, "levels")}


class _Chunk:
    """What one chunk is mixed from, read block by block."""

    def __init__(self, programme: Path, background: Path, sheet: CueSheet) -> None:
        self._programme = programme
        self._background = background
        self._sheet = sheet
        self._end = files.frames(programme)
        sample = Span(start=sheet.span.start, end=min(sheet.span.end, sheet.span.start + TONE_SAMPLE))
        self._tone = room_tone(files.read(programme, sample), self._kept(sample)) if sheet.replaced else None

    def mixed(self, work: Work, block: Span) -> tuple[Sound, Sound]:
        """The block as it was and as it is dubbed."""
        heard = Span(start=max(0, block.start - mixing.AROUND), end=min(self._end, block.end + mixing.AROUND))
        programme = files.read(self._programme, heard)
        pieces = [_played(work, piece) for piece in self._sheet.pieces if piece.span.overlap(heard)]
        replaced = [span for span in self._sheet.replaced if span.overlap(_wide(heard))]
        bed = mixing.Bed(heard, programme, self._kept(heard), self._tone)
        mixed = mixing.mix(block, bed, pieces, replaced)
        first = block.start - heard.start
        return Sound(programme.samples[first : first + block.length], programme.rate), mixed

    def _kept(self, span: Span) -> Sound:
        """The background; beyond the chunk's own edges, where it is not known, the programme."""
        chunk = self._sheet.span
        inner = Span(start=max(span.start, chunk.start), end=min(span.end, chunk.end))
        before = files.read(self._programme, Span(start=span.start, end=inner.start))
        middle = files.read(self._background, inner.shifted(-chunk.start))
        after = files.read(self._programme, Span(start=inner.end, end=span.end))
        parts: list[Samples] = [before.samples, middle.samples, after.samples]
        return Sound(np.concatenate(parts), PROGRAMME_RATE)


def _wide(span: Span) -> Span:
    return Span(start=max(0, span.start - mixing.BED_FADE), end=span.end + mixing.BED_FADE)


def _played(work: Work, piece: Piece) -> mixing.Piece:
    take = work.sound(piece.take)
    stretched = time_stretch(take, piece.span.length * take.rate / PROGRAMME_RATE / take.frames)
    sound = at_rate(stretched, PROGRAMME_RATE)
    return mixing.Piece(piece.span.start, sound, piece.gain, piece.pan)


def join(work: Work, inputs: Inputs) -> Outcome:
    """All chunks in one file, without a gap."""
    out = work.scratch / "dub.flac"
    chunks = series(inputs, "mixed")
    with files.writer(out, PROGRAMME_RATE, 2) as writer:
        for done, blob in enumerate(chunks):
            for block in files.blocks(work.path(blob), BLOCK / TICKS_PER_SECOND):
                writer.append(block.samples)
            work.progress((done + 1) / len(chunks))
    return {"dub": work.store.put(out, "sound/flac")}


MIX = Stage("mix", "combination", 1, mix, pace=0.03)
JOIN = Stage("join", "combination", 1, join, pace=0.006)
