"""Cue sheets, half a minute each: which take is heard where, how loud, and where the original voice makes room."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dubline.craft.mix import contour
from dubline.craft.mix.colour import towards
from dubline.craft.mix.ducking import Level, ducked
from dubline.craft.mix.mixing import AROUND, BED_FADE, dub_gain
from dubline.craft.mix.replacing import replaced_spans
from dubline.craft.mix.room import heard
from dubline.domain.script import Blob, Line, Script, TurnedDown
from dubline.domain.time import Span, ticks
from dubline.stages.documents import BedLevels, Chunk, CueSheet, Loudnesses, Piece
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

STRETCH = ticks(30.0)
NEAR = AROUND + BED_FADE
"""Ticks beyond a stretch from which a piece still reaches into its mix: by the limiter and by fades."""


def run(work: Work, inputs: Inputs) -> Outcome:
    script = work.read(one(inputs, "fitted"), Script)
    chunks = [work.read(blob, Chunk) for blob in series(inputs, "chunks")]
    speech = [
        span.shifted(chunk.span.start)
        for chunk, blob in zip(chunks, series(inputs, "speech"), strict=True)
        for span in work.read_list(blob, Span)
    ]
    original = work.read(one(inputs, "loudnesses"), Loudnesses)
    pieces = [_piece(work, script, line, original) for line in script.lines if line.take and line.fit]
    replaced = replaced_spans(script.lines, speech)
    played = _played(script, pieces)
    softer = [
        place
        for chunk, blob in zip(chunks, series(inputs, "bed_levels"), strict=True)
        for place in _ducked(chunk.span, replaced, played, work.read(blob, BedLevels).powers)
    ]
    sheets = [
        _sheet(span, chunk.span, background, pieces, replaced, softer)
        for chunk, background in zip(chunks, series(inputs, "bed"), strict=True)
        for span in _stretches(chunk.span)
    ]
    return {"cues": tuple(work.write(sheet, "cue-sheet") for sheet in sheets)}


def _stretches(chunk: Span) -> list[Span]:
    starts = range(chunk.start, chunk.end, STRETCH)
    return [Span(start=start, end=min(start + STRETCH, chunk.end)) for start in starts]


def _piece(work: Work, script: Script, line: Line, original: Loudnesses) -> Piece:
    if line.take is None or line.fit is None:
        raise TypeError("only a line with a take has a piece")
    speaker = script.speaker(line.speaker)
    return Piece(
        span=line.fit.span,
        take=line.take.sound,
        gain=dub_gain(line.take.loudness, original.lines.get(line.id), speaker.loudness if speaker else None),
        pan=speaker.pan if speaker else 0.0,
        colour=towards(speaker.colour) if speaker else (),
        room=speaker.room if speaker else 0.0,
        swell=contour.towards(original.contours.get(line.id, ()), work.sound(line.take.sound)),
    )


def _played(script: Script, pieces: Sequence[Piece]) -> list[Level]:
    """How loud each take is played."""
    loudness = {line.take.sound.digest: line.take.loudness for line in script.lines if line.take}
    return [Level(piece.span, loudness[piece.take.digest] + 20 * math.log10(piece.gain)) for piece in pieces]


def _ducked(
    chunk: Span, replaced: Sequence[Span], played: Sequence[Level], levels: Sequence[float]
) -> list[TurnedDown]:
    """Where one chunk's background makes room for the dub, in time of the programme."""
    inside = [
        Span(start=max(span.start, chunk.start), end=min(span.end, chunk.end)).shifted(-chunk.start)
        for span in replaced
        if span.overlap(chunk)
    ]
    takes = [
        Level(
            Span(start=max(0, take.span.start - chunk.start), end=take.span.end - chunk.start), take.loudness
        )
        for take in played
        if take.span.overlap(chunk)
    ]
    places = ducked(inside, takes, np.array(levels)) if levels else []
    return [place.model_copy(update={"span": place.span.shifted(chunk.start)}) for place in places]


def _sheet(
    span: Span,
    chunk: Span,
    background: Blob,
    pieces: Sequence[Piece],
    replaced: Sequence[Span],
    softer: Sequence[TurnedDown],
) -> CueSheet:
    """Only what can be heard in the stretch, so that an edit elsewhere leaves its mix as it is."""
    near = Span(start=max(0, span.start - NEAR), end=span.end + NEAR)
    return CueSheet(
        span=span,
        chunk=chunk,
        background=background,
        pieces=tuple(piece for piece in pieces if heard(piece.span, piece.room).overlap(near)),
        replaced=tuple(each for each in replaced if each.overlap(near)),
        ducked=tuple(each for each in softer if each.span.overlap(near)),
    )


ARRANGE = Stage("arrange", "assembly", 7, run, pace=0.0005)
