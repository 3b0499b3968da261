"""The cue sheet of every chunk: which take is heard where, how loud, and where the original voice makes room."""

from __future__ import annotations

from dubline.craft.mixing import dub_gain
from dubline.craft.replacing import replaced_spans
from dubline.domain.script import Line, Script
from dubline.domain.time import Span
from dubline.stages.documents import Chunk, CueSheet, Loudnesses, Piece, Recorded
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def run(work: Work, inputs: Inputs) -> Outcome:
    script = work.read(one(inputs, "fitted"), Script)
    chunks = [work.read(blob, Chunk) for blob in series(inputs, "chunks")]
    speech = [
        span.shifted(chunk.span.start)
        for chunk, blob in zip(chunks, series(inputs, "speech"), strict=True)
        for span in work.read_list(blob, Span)
    ]
    takes = _take_loudness(work, inputs)
    original = work.read(one(inputs, "loudnesses"), Loudnesses).lines
    pieces = [
        _piece(script, line, takes[line.take.sound.digest], original.get(line.id))
        for line in script.lines
        if line.take and line.fit
    ]
    replaced = replaced_spans(script.lines, speech)
    return {"cues": tuple(work.write(_sheet(chunk.span, pieces, replaced), "cue-sheet") for chunk in chunks)}


def _take_loudness(work: Work, inputs: Inputs) -> dict[str, float]:
    """LUFS of each take by its digest."""
    recorded = (work.read(blob, Recorded) for blob in series(inputs, "recordings"))
    return {
        take.digest: recording.loudness
        for recording, take in zip(recorded, series(inputs, "takes"), strict=True)
    }


def _piece(script: Script, line: Line, take: float, original: float | None) -> Piece:
    if line.take is None or line.fit is None:
        raise TypeError("only a line with a take has a piece")
    speaker = script.speaker(line.speaker)
    return Piece(
        span=line.fit.span,
        take=line.take.sound,
        gain=dub_gain(take, original, speaker.loudness if speaker else None),
        pan=speaker.pan if speaker else 0.0,
    )


def _sheet(chunk: Span, pieces: list[Piece], replaced: list[Span]) -> CueSheet:
    """Only what touches the chunk, so that an edit elsewhere leaves this chunk's mix as it is."""
    return CueSheet(
        span=chunk,
        pieces=tuple(piece for piece in pieces if piece.span.overlap(chunk)),
        replaced=tuple(span for span in replaced if span.overlap(chunk)),
    )


ARRANGE = Stage("arrange", "assembly", 1, run, pace=0.0005)
