"""The film slowed down a little before anything else, where that was asked for: every line gets more time."""

from __future__ import annotations

from dubline.domain.errors import UserError
from dubline.domain.media import MediaFacts
from dubline.media.probe import probe
from dubline.media.slow import slow_down, slowed_suffix
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def run(work: Work, inputs: Inputs) -> Outcome:
    source, facts = one(inputs, "source"), one(inputs, "facts")
    factor = work.settings.stretch_video
    if factor == 1.0:
        return {"media": source, "facts": facts}
    if work.settings.trim is not None:
        raise UserError(
            "slow_with_trim",
            "A part of a film cannot be slowed down by itself.",
            hint="Leave out --stretch-video, or --start and --end.",
        )
    known = work.read(facts, MediaFacts)
    out = work.scratch / f"slow{slowed_suffix(known)}"
    slow_down(work.path(source), known, factor, out, progress=work.progress, cancelled=work.cancelled)
    slowed = probe(out, cancelled=work.cancelled)
    return {"media": work.store.put(out, "media"), "facts": work.write(slowed, "facts")}


SLOW = Stage("slow", "validation", 1, run, settings=("stretch_video", "trim"), pace=0.0001)
