"""Subtitles of both languages, as files."""

from __future__ import annotations

from dubline.craft.subtitling.subtitle_files import Form
from dubline.craft.subtitling.subtitles import layout, render
from dubline.domain.script import Script
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

FORMS: tuple[Form, ...] = ("srt", "vtt", "ass")
ENDINGS = (*(f".{form}" for form in FORMS), *(f".source.{form}" for form in FORMS))
"""What each file of the series is called, after the name of the result."""

TARGET_SRT = ENDINGS.index(".srt")
SOURCE_SRT = ENDINGS.index(".source.srt")


def run(work: Work, inputs: Inputs) -> Outcome:
    script = work.read(one(inputs, "fitted"), Script)
    files = []
    for which in ("target", "source"):
        cues = layout(script.lines, which)
        files += [work.store.put_bytes(render(cues, form).encode(), f"text/{form}") for form in FORMS]
    return {"subtitles": tuple(files)}


SUBTITLE = Stage("subtitle", "combination", 1, run, pace=0.0005)
