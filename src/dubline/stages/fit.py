"""Every take gets its place in time, all lines together."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.craft.fitting import MANNERS, Placement, Spoken, fit, standing
from dubline.craft.paraphrase import suggestion
from dubline.domain.media import programme_span
from dubline.domain.script import Blob, Line, Script, Take
from dubline.domain.settings import fixed_terms
from dubline.domain.speech import Voice
from dubline.stages.documents import Assignment, Recorded
from dubline.stages.inputs import one, series
from dubline.stages.speak import recordings
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

NOT_SPOKEN = "not_spoken"
"""There is no take of this line; the original voice stays in its place."""

ROUNDS = ("", "more_")


def run(work: Work, inputs: Inputs) -> Outcome:
    script = work.read(one(inputs, "script"), Script)
    takes: dict[str, list[tuple[Recorded, Blob]]] = {}
    rounds = []
    for name in ROUNDS:
        lines = work.read(one(inputs, f"{name}assignment"), Assignment).lines
        recorded = [work.read(blob, Recorded) for blob in series(inputs, f"{name}recordings")]
        rounds.append((lines, recorded))
        for line, take, sound in zip(lines, recorded, series(inputs, f"{name}takes"), strict=True):
            if not take.failure:
                takes.setdefault(line, []).append((take, sound))
    weighed = recordings(script, rounds)
    spoken = [Spoken(line, tuple(weighed.get(line.id, ()))) for line in script.lines]
    spoken += [Spoken(line) for line in standing(script.wordless)]
    duration = programme_span(script.media, script.trim).length
    placed = {each.line: each for each in fit(spoken, duration, MANNERS[work.settings.isochrony])}
    protected = fixed_terms(work.settings)
    done = tuple(_line(line, placed.get(line.id), takes.get(line.id, []), protected) for line in script.lines)
    return {"fitted": work.write(script.model_copy(update={"lines": done}), "script")}


def _line(
    line: Line, placement: Placement | None, takes: list[tuple[Recorded, Blob]], protected: Sequence[str]
) -> Line:
    if placement is None:
        rendering = () if line.keep_original else (NOT_SPOKEN,)
        return line.model_copy(update={"rendering": rendering})
    recorded, sound = takes[placement.take]
    if placement.fit is None:
        return line.model_copy(
            update={
                "max_characters": placement.max_characters,
                "shorter": _shorter(recorded.text, recorded.order.voice, placement, protected),
                "rendering": placement.flags,
            }
        )
    take = Take(
        text=recorded.text,
        voice=recorded.order.voice,
        rate=recorded.rate,
        sound=sound,
        length=recorded.length,
        loudness=recorded.loudness,
        heard=recorded.heard,
    )
    changes = {
        "text": recorded.text,
        "rate": recorded.order.rate,
        "take": take,
        "fit": placement.fit,
        "max_characters": placement.max_characters,
        "shorter": _shorter(take.text, take.voice, placement, protected),
        "rendering": placement.flags,
    }
    return line.model_copy(update=changes)


def _shorter(text: str, voice: Voice, placement: Placement, protected: Sequence[str]) -> str:
    """A wording that would fit, where the one that is spoken does not; else one that comes near."""
    if placement.max_characters is None or len(text) <= placement.max_characters:
        return ""
    return suggestion(text, voice.language, placement.max_characters, protected)


FIT = Stage("fit", "assembly", 6, run, settings=("isochrony", "glossary", "do_not_translate"), pace=0.001)
