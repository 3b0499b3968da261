"""Where somebody speaks in a chunk, and how each stretch of it sounds."""

from __future__ import annotations

import numpy as np

from dubline.domain.time import Span
from dubline.ports.diarizer import Diarizer
from dubline.ports.voice_activity import VoiceActivity
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def find_speech(work: Work, inputs: Inputs) -> Outcome:
    speech = work.engine(VoiceActivity).speech(work.sound(one(inputs, "voices")))
    return {"speech": work.write_list(speech, "spans")}


def print_voices(work: Work, inputs: Inputs) -> Outcome:
    speech = work.read_list(one(inputs, "speech"), Span)
    prints = work.engine(Diarizer).listen(work.sound(one(inputs, "voices")), speech)
    path = work.scratch / "embeddings.npy"
    np.save(path, prints.embeddings)
    return {
        "windows_of_voice": work.write_list(prints.windows, "spans"),
        "embeddings": work.store.put(path, "array/npy"),
    }


SPEECH = Stage("find speech", "diarization", 1, find_speech, engines=(VoiceActivity,), pace=0.006, warmup=0.2)
PRINTS = Stage("print voices", "diarization", 1, print_voices, engines=(Diarizer,), pace=0.04, warmup=0.3)
