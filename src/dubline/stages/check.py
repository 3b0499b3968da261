"""The finished dub is measured: what was heard of each line, when it starts, how fast it goes, how loud it all is."""

from __future__ import annotations

import numpy as np

from dubline.craft.scoring import score_line
from dubline.domain.script import Line, Script, TargetState
from dubline.domain.time import seconds
from dubline.media.probe import probe
from dubline.sound import files
from dubline.sound.loudness import integrated
from dubline.stages.documents import Finished, MixLevels, Notes
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def run(work: Work, inputs: Inputs) -> Outcome:
    script = work.read(one(inputs, "fitted"), Script)
    lines = tuple(_checked(line, script.target_language) for line in script.lines)
    levels = [work.read(blob, MixLevels) for blob in series(inputs, "levels")]
    notes = work.read(one(inputs, "mux_notes"), Notes).degradations
    frames = files.frames(work.path(one(inputs, "dub")))
    checked = script.model_copy(
        update={
            "lines": lines,
            "degradations": (*script.degradations, *notes),
            "state": TargetState.CURRENT,
        }
    )
    finished = Finished(
        script=checked,
        programme_seconds=seconds(frames),
        result_seconds=seconds(probe(work.path(one(inputs, "result")), work.cancelled).duration),
        loudness_original=integrated(np.concatenate([level.original for level in levels])),
        loudness_dub=integrated(np.concatenate([level.dub for level in levels])),
        peak_dub=max(level.peak for level in levels),
    )
    return {"final": work.write(finished, "finished")}


def _checked(line: Line, language: str) -> Line:
    if line.take is None or line.fit is None:
        return line
    check, flags = score_line(line, language)
    return line.model_copy(update={"check": check, "rendering": (*line.rendering, *flags)})


CHECK = Stage("check", "combination", 2, run, pace=0.001)
