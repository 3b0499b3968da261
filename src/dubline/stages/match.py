"""Which voices of the synthesizer come near a speaker's own: from its table, or by a search of its mixtures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dubline.craft.voices.traits import traits
from dubline.craft.voices.voice_matching import Print, nearest
from dubline.domain.choices import VoiceEffort
from dubline.domain.speech import Voice
from dubline.ports.synthesizer import Likenesses, Synthesizer
from dubline.ports.voice_encoder import VoiceEncoder
from dubline.sound.pcm import SPEECH_RATE
from dubline.sound.resample import at_rate
from dubline.stages.documents import Portrait, Sounding, Suited
from dubline.stages.inputs import one
from dubline.stages.portray import print_of
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

MOST_OFFERED = 16
"""Voices a speaker has to choose from: enough that several speakers who sound alike find one each."""

ROUNDS, TRIED_PER_ROUND = 2, 16
"""Mixtures that a long search listens to; each round mixes the best of all that were heard before."""

PARENTS, FINALISTS = 5, 4


def run(work: Work, inputs: Inputs) -> Outcome:
    portrait = work.read(one(inputs, "portraits"), Portrait)
    table = measured(work, portrait.encoder)
    suited = _from_table(portrait, table) if portrait.print and table else []
    if suited and work.settings.voice_effort is VoiceEffort.HIGH:
        suited = _Search(work, portrait).improved(suited)
    return {"suited": work.write(Suited(speaker=portrait.speaker.id, voices=tuple(suited)), "suited")}


class _Search:
    """Listens to mixtures of the voices that are nearest so far.

    One sentence is enough to find the promising ones; they are then measured by the same words as the table was, or
    luck with a sentence would be taken for likeness.
    """

    def __init__(self, work: Work, portrait: Portrait) -> None:
        self._work = work
        self._own = np.array(portrait.print, dtype=np.float32)
        self._engine, self._encoder = work.engine(Synthesizer), work.engine(VoiceEncoder)
        self._sample = self._engine.sample(work.target)
        self._heard = 0

    def improved(self, known: Sequence[Sounding]) -> list[Sounding]:
        sentence = self._sample.partition(". ")[0]
        tried = {each.voice.name: each for each in known}
        if not sentence:
            return list(known)
        for _ in range(ROUNDS):
            parents = [each.voice for each in self._nearest(list(tried.values()))[:PARENTS]]
            fresh = [voice for voice in self._engine.neighbours(parents) if voice.name not in tried]
            tried |= {voice.name: self._listened(voice, sentence) for voice in fresh[:TRIED_PER_ROUND]}
        old = {each.voice.name for each in known}
        new = [each for each in self._nearest(list(tried.values())) if each.voice.name not in old]
        finalists = [self._listened(each.voice, self._sample) for each in new[:FINALISTS]]
        return self._nearest([*known, *finalists])[:MOST_OFFERED]

    def _nearest(self, voices: Sequence[Sounding]) -> list[Sounding]:
        return sorted(voices, key=lambda each: (-self._likeness(each), each.voice.name))

    def _likeness(self, sounding: Sounding) -> float:
        return float(self._own @ np.array(sounding.print, dtype=np.float32))

    def _listened(self, voice: Voice, text: str) -> Sounding:
        self._work.progress(min(1.0, self._heard / (ROUNDS * TRIED_PER_ROUND + FINALISTS)))
        self._heard += 1
        sound = at_rate(self._engine.speak(text, voice), SPEECH_RATE)
        heard = voice.model_copy(update={"swing": traits(sound).swing})
        return Sounding(voice=heard, print=print_of(self._encoder, sound) or (0.0,) * self._own.size)


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
    4,
    run,
    settings=("voice_effort",),
    engines=(Synthesizer, VoiceEncoder),
    pace=0.001,
)
