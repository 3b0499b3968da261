"""Every take gets its place in time, all lines together."""

from __future__ import annotations

from dubline.craft.fitting import Placement, Spoken, fit
from dubline.domain.script import Blob, Line, Script, Take
from dubline.stages.documents import Assignment, Recorded
from dubline.stages.inputs import one, series
from dubline.stages.separate import programme_span
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

NOT_SPOKEN = "not_spoken"
"""There is no take of this line; the original voice stays in its place."""


def run(work: Work, inputs: Inputs) -> Outcome:
    script = work.read(one(inputs, "script"), Script)
    orders = work.read(one(inputs, "assignment"), Assignment).orders
    recorded = [work.read(blob, Recorded) for blob in series(inputs, "recordings")]
    takes = series(inputs, "takes")
    usable = {
        line: [(recorded[place], takes[place]) for place in places if not recorded[place].failure]
        for line, places in orders.items()
    }
    spoken = [
        Spoken(line, tuple(recording for recording, _ in usable.get(line.id, ()))) for line in script.lines
    ]
    placed = {each.line: each for each in fit(spoken, programme_span(script.media, script.trim).length)}
    lines = tuple(_line(line, placed.get(line.id), usable.get(line.id, [])) for line in script.lines)
    return {"fitted": work.write(script.model_copy(update={"lines": lines}), "script")}


def _line(line: Line, placement: Placement | None, takes: list[tuple[Recorded, Blob]]) -> Line:
    if placement is None:
        rendering = () if line.keep_original else (NOT_SPOKEN,)
        return line.model_copy(update={"rendering": rendering})
    recording, sound = takes[placement.take]
    order = recording.order
    take = Take(text=order.text, voice=order.voice, rate=order.rate, sound=sound, length=recording.length)
    changes = {
        "text": order.text,
        "rate": order.rate,
        "take": take,
        "fit": placement.fit,
        "rendering": placement.flags,
    }
    return line.model_copy(update=changes)


FIT = Stage("fit", "assembly", 1, run, pace=0.001)
