"""Waveforms of original and dub, line by line, small enough for a page."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from dubline.domain.script import Line, Script
from dubline.domain.time import Span
from dubline.report.waveform import LineWave, line_wave, window
from dubline.sound import files
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


class Wave(BaseModel):
    model_config = ConfigDict(frozen=True)

    line: str
    window: Span
    original: tuple[int, ...]
    dub: tuple[int, ...]


class Waves(BaseModel):
    model_config = ConfigDict(frozen=True)

    waves: tuple[Wave, ...]

    def by_line(self) -> dict[str, LineWave]:
        return {wave.line: LineWave(wave.window, wave.original, wave.dub) for wave in self.waves}


def run(work: Work, inputs: Inputs) -> Outcome:
    script = work.read(one(inputs, "fitted"), Script)
    programme, dub = work.path(one(inputs, "programme")), work.path(one(inputs, "dub"))
    end = files.frames(programme)

    def wave(line: Line) -> Wave:
        shown = window(line, end)
        drawn = line_wave(shown, files.read(programme, shown), files.read(dub, shown))
        return Wave(line=line.id, window=shown, original=drawn.original, dub=drawn.dub)

    return {"waves": work.write(Waves(waves=tuple(wave(line) for line in script.lines)), "waves")}


WAVEFORM = Stage("draw waveforms", "combination", 1, run, pace=0.002)
