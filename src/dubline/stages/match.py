"""Which voices of the synthesizer come near a speaker's own: from its table, or by a search of its mixtures."""

from __future__ import annotations

import numpy as np

from dubline.craft.voice_matching import Print, nearest
from dubline.domain.speech import Voice
from dubline.ports.synthesizer import Likenesses, Synthesizer
from dubline.ports.voice_encoder import VoiceEncoder
from dubline.stages.documents import Portrait, Sounding, Suited
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

MOST_OFFERED = 16
"""Voices a speaker has to choose from: enough that several speakers who sound alike find one each."""


def run(work: Work, inputs: Inputs) -> Outcome:
    portrait = work.read(one(inputs, "portraits"), Portrait)
    table = measured(work, portrait.encoder)
    suited = _from_table(portrait, table) if portrait.print and table else []
    return {"suited": work.write(Suited(speaker=portrait.speaker.id, voices=tuple(suited)), "suited")}


def measured(work: Work, encoder: str) -> Likenesses | None:
    """The synthesizer's own table, where it was made with the encoder in use."""
    table = work.engine(Synthesizer).likenesses(work.target)
    return table if table is not None and table.encoder == encoder else None


def _from_table(portrait: Portrait, table: Likenesses) -> list[Sounding]:
    own = np.array(portrait.print, dtype=np.float32)
    places = nearest(portrait.speaker, own, table.voices, table.prints, MOST_OFFERED)
    return [sounding(table.voices[place], table.prints[place]) for place in places]


def sounding(voice: Voice, print_: Print) -> Sounding:
    return Sounding(voice=voice, print=tuple(round(float(value), 5) for value in print_))


MATCH = Stage(
    "match voices",
    "voice_assignment",
    1,
    run,
    settings=("voice_effort",),
    engines=(Synthesizer, VoiceEncoder),
    pace=0.001,
)
