"""Everything known so far becomes the script, and every speaker gets a voice."""

from __future__ import annotations

from dubline.craft.casting import cast
from dubline.domain.errors import Unavailable
from dubline.domain.language import language_name
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


def run(work: Work, inputs: Inputs) -> Outcome:
    source = one(inputs, "source")
    speakers = work.read_list(one(inputs, "speakers"), Speaker)
    lines = work.read(one(inputs, "translated"), Lines).lines
    chosen = _voices(work, speakers) if lines else {}
    notes = work.read(one(inputs, "sound_notes"), Notes).degradations
    script = Script(
        source=Source(path="", digest=source.digest),
        media=work.read(one(inputs, "facts"), MediaFacts),
        trim=work.settings.trim,
        source_language=work.read(one(inputs, "language"), Language).tag,
        target_language=work.target,
        state=TargetState.STALE,
        speakers=tuple(speaker.model_copy(update={"voice": chosen.get(speaker.id)}) for speaker in speakers),
        lines=tuple(_spoken(line, chosen) for line in lines),
        degradations=notes if lines else (*notes, NO_SPEECH),
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
