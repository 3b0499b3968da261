"""Where in a chunk somebody sings."""

from __future__ import annotations

import numpy as np

from dubline.craft.mix.singing import sung_spans
from dubline.craft.voices.traits import HOP
from dubline.domain.script import Blob
from dubline.sound import files
from dubline.sound.pcm import SPEECH_RATE, Samples
from dubline.sound.room_tone import powers
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

BLOCK_SECONDS = 30.0
STEP = HOP / SPEECH_RATE


def run(work: Work, inputs: Inputs) -> Outcome:
    voices = work.sound(one(inputs, "voices"))
    spans = sung_spans(voices, _powers(work, one(inputs, "background")))
    return {"music": work.write_list(spans, "spans")}


def _powers(work: Work, background: Blob) -> Samples:
    return np.concatenate(
        [powers(block, STEP) for block in files.blocks(work.path(background), BLOCK_SECONDS)]
    )


SINGING = Stage("find singing", "separation", 1, run, pace=0.003)
