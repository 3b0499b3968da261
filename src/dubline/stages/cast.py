"""Everything known so far becomes the script, and every speaker gets a voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dubline.craft.casting import cast, towards
from dubline.craft.singing import left_alone
from dubline.craft.voice_matching import Print, Prints, recognised
from dubline.domain.characters import Character, Characters
from dubline.domain.errors import Unavailable
from dubline.domain.language import base, language_name
from dubline.domain.media import MediaFacts
from dubline.domain.script import Degradation, Line, Script, Source, Speaker, TargetState, TurnedDown
from dubline.domain.speech import Voice
from dubline.domain.time import Span
from dubline.ports.synthesizer import Synthesizer
from dubline.stages.documents import Chunk, Language, Lines, Notes, Portrait, Suited
from dubline.stages.inputs import one, series
from dubline.stages.match import measured
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

NO_SPEECH = Degradation(
    code="no_speech",
    message="Nobody was heard to speak, so there was nothing to dub; the original sound was kept as it is.",
)


SAME_LANGUAGE = Degradation(
    code="same_language",
    message="This is the language that is spoken already: the same words were given to other voices.",
)


STAYED = "voice_in_background"
"""In places the voice could not be taken out of the background."""

MOST_PLACES = 5


def _openly(lines: Sequence[Line], spoken: str, target: str) -> tuple[Degradation, ...]:
    """What a person should know before listening."""
    if not lines:
        return (NO_SPEECH,)
    return (SAME_LANGUAGE,) if base(spoken) == base(target) else ()


def run(work: Work, inputs: Inputs) -> Outcome:
    source = one(inputs, "source")
    music = _sung(work, inputs)
    lines = left_alone(work.read(one(inputs, "translated"), Lines).lines, music)
    speakers = _cast(work, inputs) if lines else ()
    voices = {speaker.id: speaker.voice for speaker in speakers}
    notes = work.read(one(inputs, "sound_notes"), Notes).degradations
    spoken = work.read(one(inputs, "language"), Language).tag
    script = Script(
        source=Source(path="", digest=source.digest),
        media=work.read(one(inputs, "facts"), MediaFacts),
        trim=work.settings.trim,
        source_language=spoken,
        target_language=work.target,
        state=TargetState.STALE,
        speakers=speakers,
        lines=tuple(line.model_copy(update={"voice": voices.get(line.speaker)}) for line in lines),
        music=music,
        degradations=(*notes, *_openly(lines, spoken, work.target), *_stayed(work, inputs, lines)),
    )
    return {"script": work.write(script, "script")}


def _sung(work: Work, inputs: Inputs) -> tuple[Span, ...]:
    return tuple(
        span.shifted(chunk.start)
        for chunk, blob in zip(_chunks(work, inputs), series(inputs, "music"), strict=True)
        for span in work.read_list(blob, Span)
    )


def _stayed(work: Work, inputs: Inputs, lines: Sequence[Line]) -> tuple[Degradation, ...]:
    """Where somebody is dubbed over a background that his voice could not be taken out of."""
    dubbed = [line.span for line in lines if not line.keep_original]
    places = [
        place.span.shifted(chunk.start)
        for chunk, blob in zip(_chunks(work, inputs), series(inputs, "unsure"), strict=True)
        for place in work.read_list(blob, TurnedDown)
    ]
    heard = [place for place in places if any(place.overlap(span) for span in dubbed)]
    if not heard:
        return ()
    named = ", ".join(str(place) for place in heard[:MOST_PLACES])
    more = f" and {len(heard) - MOST_PLACES} more places" if len(heard) > MOST_PLACES else ""
    message = (
        f"The original voice could not be taken out of the background at {named}{more}; "
        "the background was turned down there under the dub."
    )
    return (Degradation(code=STAYED, message=message),)


def _chunks(work: Work, inputs: Inputs) -> list[Span]:
    return [work.read(blob, Chunk).span for blob in series(inputs, "chunks")]


def _cast(work: Work, inputs: Inputs) -> tuple[Speaker, ...]:
    portraits = [work.read(blob, Portrait) for blob in series(inputs, "portraits")]
    suited = [work.read(blob, Suited) for blob in series(inputs, "suited")]
    prints = _prints(work, portraits, suited)
    known = _known(work, inputs, portraits, prints)
    engine = work.engine(Synthesizer)
    theirs = {
        speaker: voice
        for speaker, character in known.items()
        if (voice := engine.voice(character.voice_for(work.target) or "", work.target))
    }
    wishes = {**{speaker: voice.name for speaker, voice in theirs.items()}, **work.settings.voices}
    voices = _choir(work, suited, wishes)
    chosen = cast([each.speaker for each in portraits], voices, wishes, prints=prints)
    return tuple(
        _voiced(work, each.speaker, chosen[each.speaker.id], prints, known.get(each.speaker.id))
        for each in portraits
    )


def _known(work: Work, inputs: Inputs, portraits: Sequence[Portrait], prints: Prints) -> dict[str, Character]:
    """Speakers who are characters of the voice library."""
    library = work.read(one(inputs, "library"), Characters).characters
    comparable = [one for one in library if portraits and one.encoder == portraits[0].encoder]
    return recognised(prints.speakers, comparable)


def _voiced(
    work: Work, speaker: Speaker, voice: Voice, prints: Prints, character: Character | None
) -> Speaker:
    """A voice somebody asked for is heard as it is. A character keeps one pitch from episode to episode."""
    likeness = prints.likeness(speaker.id, voice)
    model = speaker.model_copy(update={"traits": character.traits}) if character else speaker
    return speaker.model_copy(
        update={
            "voice": voice if speaker.id in work.settings.voices else towards(model, voice),
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
    5,
    run,
    settings=("trim", "voices"),
    engines=(Synthesizer,),
    pace=0.0005,
)
