"""Everything known so far becomes the script, and every speaker gets a voice."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.craft.casting import cast
from dubline.domain.errors import Unavailable
from dubline.domain.language import base, language_name
from dubline.domain.media import MediaFacts
from dubline.domain.script import Degradation, Line, Script, Source, Speaker, TargetState
from dubline.domain.speech import Voice
from dubline.ports.synthesizer import Synthesizer
from dubline.stages.documents import Language, Lines, Notes
from dubline.stages.inputs import one
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


def _openly(lines: Sequence[Line], spoken: str, target: str) -> tuple[Degradation, ...]:
    """What a person should know before listening."""
    if not lines:
        return (NO_SPEECH,)
    return (SAME_LANGUAGE,) if base(spoken) == base(target) else ()


def run(work: Work, inputs: Inputs) -> Outcome:
    source = one(inputs, "source")
    speakers = work.read_list(one(inputs, "speakers"), Speaker)
    lines = work.read(one(inputs, "translated"), Lines).lines
    chosen = _voices(work, speakers) if lines else {}
    notes = work.read(one(inputs, "sound_notes"), Notes).degradations
    spoken = work.read(one(inputs, "language"), Language).tag
    script = Script(
        source=Source(path="", digest=source.digest),
        media=work.read(one(inputs, "facts"), MediaFacts),
        trim=work.settings.trim,
        source_language=spoken,
        target_language=work.target,
        state=TargetState.STALE,
        speakers=tuple(speaker.model_copy(update={"voice": chosen.get(speaker.id)}) for speaker in speakers),
        lines=tuple(_spoken(line, chosen) for line in lines),
        degradations=(*notes, *_openly(lines, spoken, work.target)),
    )
    return {"script": work.write(script, "script")}


def _voices(work: Work, speakers: list[Speaker]) -> dict[str, Voice]:
    voices = work.engine(Synthesizer).voices(work.target)
    if not voices:
        raise Unavailable(
            "voice_missing",
            f"There is no voice for {language_name(work.target)}.",
            hint="See what speaks it with: dubline engines.",
        )
    return cast(speakers, voices, work.settings.voices)


def _spoken(line: Line, voices: dict[str, Voice]) -> Line:
    return line.model_copy(update={"voice": voices.get(line.speaker)})


CAST = Stage(
    "cast",
    "voice_assignment",
    1,
    run,
    settings=("trim", "voices"),
    engines=(Synthesizer,),
    pace=0.0005,
)
