"""Who speaks when, over all chunks at once, so that a speaker keeps one name to the end."""

from __future__ import annotations

import numpy as np

from dubline.domain.time import Span
from dubline.ports.diarizer import Diarizer, VoicePrints
from dubline.stages.documents import Chunk
from dubline.stages.inputs import series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def run(work: Work, inputs: Inputs) -> Outcome:
    chunks = [work.read(blob, Chunk) for blob in series(inputs, "chunks")]
    speech, windows = (_joined(work, inputs, name, chunks) for name in ("speech", "windows_of_voice"))
    embeddings = [np.load(work.path(blob)) for blob in series(inputs, "embeddings")]
    prints = VoicePrints(tuple(speech), tuple(windows), np.concatenate(embeddings))
    turns = work.engine(Diarizer).assign(prints, work.settings.speakers)
    return {"turns": work.write_list(turns, "turns")}


def _joined(work: Work, inputs: Inputs, name: str, chunks: list[Chunk]) -> list[Span]:
    return [
        span.shifted(chunk.span.start)
        for chunk, blob in zip(chunks, series(inputs, name), strict=True)
        for span in work.read_list(blob, Span)
    ]


DIARIZE = Stage("diarize", "diarization", 1, run, settings=("speakers",), engines=(Diarizer,), pace=0.005)
