"""Everything known so far becomes the script."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.craft.mix.singing import left_alone
from dubline.domain.language import base
from dubline.domain.media import MediaFacts
from dubline.domain.script import Degradation, Line, Script, Source, Speaker, TargetState, TurnedDown
from dubline.domain.time import Span
from dubline.stages.documents import Chunk, Language, Lines, Notes
from dubline.stages.inputs import one, series
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


def run(work: Work, inputs: Inputs) -> Outcome:
    source = one(inputs, "source")
    music = _sung(work, inputs)
    lines = left_alone(work.read(one(inputs, "translated"), Lines).lines, music)
    speakers = tuple(work.read_list(one(inputs, "company"), Speaker))
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


def _openly(lines: Sequence[Line], spoken: str, target: str) -> tuple[Degradation, ...]:
    """What a person should know before listening."""
    if not lines:
        return (NO_SPEECH,)
    return (SAME_LANGUAGE,) if base(spoken) == base(target) else ()


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


SCRIPT = Stage("write script", "voice_assignment", 1, run, settings=("trim",), pace=0.0005)
