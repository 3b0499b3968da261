"""A long programme in pieces, cut where it is quietest, so that memory does not grow with its length."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dubline.craft.lines.windows import chunk_spans, silences
from dubline.domain.time import ticks
from dubline.sound import files
from dubline.sound.pcm import Sound
from dubline.stages.documents import Chunk
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

BLOCK_SECONDS = 0.1


def run(work: Work, inputs: Inputs) -> Outcome:
    path = work.path(one(inputs, "programme"))
    duration = files.frames(path)
    levels = np.array([_level(block) for block in files.blocks(path, BLOCK_SECONDS)])
    silent = silences(levels, ticks(BLOCK_SECONDS), threshold=_quiet(levels))
    spans = chunk_spans(silent, duration, work.settings.chunk_minutes * 60)
    chunks = (Chunk(index=index, span=span) for index, span in enumerate(spans))
    return {"chunks": tuple(work.write(chunk, "chunk") for chunk in chunks)}


def _level(block: Sound) -> float:
    """dB below full scale."""
    return 20 * math.log10(max(1e-6, float(np.sqrt(np.mean(np.square(block.samples))))))


def _quiet(levels: npt.NDArray[np.float64]) -> float:
    """Below this a block counts as a pause: well under the programme's usual level, whatever that is."""
    return max(-60.0, float(np.percentile(levels, 60)) - 20.0)


CHUNK = Stage("chunk", "separation", 1, run, settings=("chunk_minutes",), pace=0.003)
