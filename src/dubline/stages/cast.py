"""Every speaker gets a voice: a character's own, the one that comes nearest, or the one somebody asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dubline.craft.voices.casting import cast, here, towards
from dubline.craft.voices.voice_matching import Print, Prints, recognised
from dubline.domain.characters import Character, Characters
from dubline.domain.errors import Unavailable
from dubline.domain.language import language_name
from dubline.domain.script import Speaker
from dubline.domain.speech import Voice
from dubline.ports.synthesizer import Synthesizer
from dubline.stages.documents import Portrait, Suited
from dubline.stages.inputs import one, series
from dubline.stages.match import measured
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def run(work: Work, inputs: Inputs) -> Outcome:
    portraits = [work.read(blob, Portrait) for blob in series(inputs, "portraits")]
    if not portraits:
        return {"company": work.write_list([], "speakers")}
    suited = [work.read(blob, Suited) for blob in series(inputs, "suited")]
    prints = _prints(work, portraits, suited)
    library = work.read(one(inputs, "library"), Characters)
    known = _named(work, library, portraits, _known(library, portraits, prints))
    engine = work.engine(Synthesizer)
    theirs = {
        speaker: voice
        for speaker, character in known.items()
        if (voice := engine.voice(character.voice_for(work.target) or "", work.target))
    }
    asked = _asked(work, library)
    wishes = {**{speaker: voice.name for speaker, voice in theirs.items()}, **asked}
    voices = _choir(work, suited, wishes)
    chosen = cast([each.speaker for each in portraits], voices, wishes, prints=prints)
    speakers = [
        _voiced(
            each.speaker,
            chosen[each.speaker.id],
            prints,
            known.get(each.speaker.id),
            as_it_is=each.speaker.id in asked,
        )
        for each in portraits
    ]
    return {"company": work.write_list(speakers, "speakers")}


def _asked(work: Work, library: Characters) -> dict[str, str]:
    """The voices people wish for, a character standing for the one that speaks for them."""
    engine, asked = work.engine(Synthesizer), {}
    for speaker, wish in work.settings.voices.items():
        name = library.voice_for(wish, work.target)
        if not name:
            continue
        voice = engine.voice(name, work.target)
        asked[speaker] = voice.name if voice else name
    return asked


def _named(
    work: Work, library: Characters, portraits: Sequence[Portrait], heard: Mapping[str, Character]
) -> dict[str, Character]:
    """Who is recognised, and whom somebody calls by a name for which nobody speaks this language yet: matching
    finds a voice for them, and whoever sounds like them is somebody else."""
    known = dict(heard)
    for speaker, wish in work.settings.voices.items():
        character = library.named(wish)
        if character and character.voice_for(work.target) is None:
            here(speaker, [each.speaker for each in portraits])
            known = {other: one for other, one in known.items() if one.name != character.name}
            known[speaker] = character
    return known


def _known(library: Characters, portraits: Sequence[Portrait], prints: Prints) -> dict[str, Character]:
    """Speakers who are characters of the voice library."""
    comparable = [one for one in library.characters if portraits and one.encoder == portraits[0].encoder]
    return recognised(prints.speakers, comparable)


def _voiced(
    speaker: Speaker, voice: Voice, prints: Prints, character: Character | None, *, as_it_is: bool
) -> Speaker:
    """A voice somebody asked for is heard as it is. A character keeps one pitch from episode to episode."""
    likeness = prints.likeness(speaker.id, voice)
    model = speaker.model_copy(update={"traits": character.traits}) if character else speaker
    return speaker.model_copy(
        update={
            "voice": voice if as_it_is else towards(model, voice),
            "name": character.name if character else "",
            "likeness": None if likeness is None else round(likeness, 3),
        }
    )


def _choir(work: Work, suited: Sequence[Suited], wishes: Mapping[str, str]) -> tuple[Voice, ...]:
    """The voices people know first, then those that matching found, then mixtures somebody wishes for."""
    engine = work.engine(Synthesizer)
    listed = engine.voices(work.target)
    if not listed:
        raise Unavailable(
            "voice_missing",
            f"There is no voice for {language_name(work.target)}.",
            hint="See what speaks it with: dubline engines.",
        )
    found = [each.voice for one in suited for each in one.voices]
    wished = [engine.voice(name, work.target) for name in wishes.values()]
    return tuple({str(voice): voice for voice in (*listed, *found, *filter(None, wished))}.values())


def _prints(work: Work, portraits: Sequence[Portrait], suited: Sequence[Suited]) -> Prints:
    table = measured(work, portraits[0].encoder) if portraits else None
    own = dict(zip(map(str, table.voices), table.prints, strict=True)) if table else {}
    found = {str(each.voice): _row(each.print) for one in suited for each in one.voices}
    return Prints({each.speaker.id: _row(each.print) for each in portraits if each.print}, {**own, **found})


def _row(print_: Sequence[float]) -> Print:
    return np.array(print_, dtype=np.float32)


CAST = Stage(
    "cast",
    "voice_assignment",
    11,
    run,
    settings=("voices",),
    engines=(Synthesizer,),
    pace=0.0005,
)
