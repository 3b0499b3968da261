"""Is this a file we can dub, and what is in it?"""

from __future__ import annotations

from dubline.domain.errors import UserError
from dubline.domain.media import MediaFacts
from dubline.domain.time import Span, clock
from dubline.media.probe import pick_audio, probe, require_sound
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def run(work: Work, inputs: Inputs) -> Outcome:
    facts = probe(work.path(one(inputs, "source")), cancelled=work.cancelled)
    require_sound(facts)
    pick_audio(facts, work.settings.audio_track)
    check_trim(facts, work.settings.trim)
    return {"facts": work.write(facts, "facts")}


def check_trim(facts: MediaFacts, trim: Span | None) -> None:
    if trim is not None and trim.start >= facts.duration:
        raise UserError(
            "trim_outside",
            f"--start {clock(trim.start)} lies behind the end of the file ({clock(facts.duration)}).",
            hint="Choose an earlier start.",
        )


VALIDATE = Stage("validate", "validation", 1, run, settings=("audio_track", "trim"), pace=0.001, warmup=0.2)
