"""Cue sheets, half a minute each: which take is heard where, how loud, and where the original voice makes room."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.craft.mixing import AROUND, BED_FADE, dub_gain
from dubline.craft.replacing import replaced_spans
from dubline.domain.script import Blob, Line, Script
from dubline.domain.time import Span, ticks
from dubline.stages.documents import Chunk, CueSheet, Loudnesses, Piece
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
    original = work.read(one(inputs, "loudnesses"), Loudnesses).lines
    pieces = [_piece(script, line, original.get(line.id)) for line in script.lines if line.take and line.fit]
    replaced = replaced_spans(script.lines, speech)
    sheets = [
        _sheet(span, chunk.span, background, pieces, replaced)
        for chunk, background in zip(chunks, series(inputs, "bed"), strict=True)
        for span in _stretches(chunk.span)
    ]
    return {"cues": tuple(work.write(sheet, "cue-sheet") for sheet in sheets)}


def _stretches(chunk: Span) -> list[Span]:
    starts = range(chunk.start, chunk.end, STRETCH)
    return [Span(start=start, end=min(start + STRETCH, chunk.end)) for start in starts]


def _piece(script: Script, line: Line, original: float | None) -> Piece:
    if line.take is None or line.fit is None:
        raise TypeError("only a line with a take has a piece")
    speaker = script.speaker(line.speaker)
    return Piece(
        span=line.fit.span,
        take=line.take.sound,
        gain=dub_gain(line.take.loudness, original, speaker.loudness if speaker else None),
        pan=speaker.pan if speaker else 0.0,
    )


def _sheet(
    span: Span, chunk: Span, background: Blob, pieces: Sequence[Piece], replaced: Sequence[Span]
) -> CueSheet:
    """Only what can be heard in the stretch, so that an edit elsewhere leaves its mix as it is."""
    near = Span(start=max(0, span.start - NEAR), end=span.end + NEAR)
    return CueSheet(
        span=span,
        chunk=chunk,
        background=background,
        pieces=tuple(piece for piece in pieces if piece.span.overlap(near)),
        replaced=tuple(each for each in replaced if each.overlap(near)),
    )


ARRANGE = Stage("arrange", "assembly", 2, run, pace=0.0005)
