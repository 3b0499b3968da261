"""Everything known so far becomes the script."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.craft.lines.voicing import wordless
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

WORDLESS = "speech_without_words"
"""A voice is heard where no line stands."""

MOST_PLACES = 5


def run(work: Work, inputs: Inputs) -> Outcome:
    source = one(inputs, "source")
    music = _sung(work, inputs)
    lines = left_alone(work.read(one(inputs, "translated"), Lines).lines, music)
    speakers = tuple(work.read_list(one(inputs, "company"), Speaker))
    voices = {speaker.id: speaker.voice for speaker in speakers}
    notes = work.read(one(inputs, "sound_notes"), Notes).degradations
    spoken = work.read(one(inputs, "language"), Language).tag
    standing = _wordless(work, inputs, lines, music)
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
        wordless=standing,
        degradations=(
            *notes,
            *_openly(lines, spoken, work.target),
            *_stayed(work, inputs, lines),
            *_unsaid(standing),
        ),
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
    message = (
        f"The original voice could not be taken out of the background at {_named(heard)}; "
        "the background was turned down there under the dub."
    )
    return (Degradation(code=STAYED, message=message),)


def _named(places: Sequence[Span]) -> str:
    named = ", ".join(str(place) for place in places[:MOST_PLACES])
    return named + (f" and {len(places) - MOST_PLACES} more places" if len(places) > MOST_PLACES else "")


def _wordless(work: Work, inputs: Inputs, lines: Sequence[Line], music: Sequence[Span]) -> tuple[Span, ...]:
    """Who is heard to sing is left alone anyway. Where there is no line at all, that is said as such."""
    speech = [
        span.shifted(chunk.start)
        for chunk, blob in zip(_chunks(work, inputs), series(inputs, "speech"), strict=True)
        for span in work.read_list(blob, Span)
    ]
    found = wordless(speech, [*(line.span for line in lines), *music]) if lines else []
    return tuple(found)


def _unsaid(places: Sequence[Span]) -> tuple[Degradation, ...]:
    if not places:
        return ()
    length = sum(place.duration for place in places)
    message = (
        f"A voice is heard at {_named(places)}, {length:.1f} s in all, in which no words were found; "
        "the original stays there."
    )
    return (Degradation(code=WORDLESS, message=message),)


def _chunks(work: Work, inputs: Inputs) -> list[Span]:
    return [work.read(blob, Chunk).span for blob in series(inputs, "chunks")]


SCRIPT = Stage("write script", "voice_assignment", 2, run, settings=("trim",), pace=0.0005)
