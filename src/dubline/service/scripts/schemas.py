"""Scripts as clients write and read them. Moments are seconds from the start of the programme."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dubline.domain.media import MediaFacts
from dubline.domain.script import Degradation, Line, Speaker
from dubline.domain.time import Span
from dubline.service.jobs.targets import TargetView
from dubline.service.moments import Instant, moment
from dubline.service.scripts.steps import Outcome
from dubline.storage.tables import Document, ScriptLine, ScriptRevision, ScriptRow

Text = Annotated[str, Field(max_length=2000)]
Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
MOST_LINES = 10_000


class LineView(Line):
    """One line. `revision` is that of the script which changed it last; writes name it in If-Match."""

    stale: bool = False
    """Changed since the files were rendered."""

    @classmethod
    def of(cls, line: Line, row: ScriptRow) -> Self:
        return cls(**dict(line), stale=line.revision > row.rendered)


def line_document(line: ScriptLine, row: ScriptRow) -> Document:
    """The same without a look at every field: there may be thousands."""
    return {**line.document, "stale": line.revision > row.rendered}


class LinePage(BaseModel):
    language: str
    revision: int
    """Of the script."""
    lines: list[LineView]
    next_cursor: str | None


class ScriptView(TargetView):
    """The whole script as it is now."""

    job_id: str
    source_language: str
    media: MediaFacts
    trim: Span | None
    speakers: list[Speaker]
    music: list[Span]
    degradations: list[Degradation]
    updated_at: Instant
    lines: list[LineView]


SHOWN = ("source_language", "media", "trim", "speakers", "music", "degradations")


def script_document(job_id: str, row: ScriptRow, lines: list[ScriptLine]) -> dict[str, Any]:
    """What `ScriptView` describes."""
    head = {name: row.document[name] for name in SHOWN}
    updated = Head(job_id=job_id, updated_at=moment(row.updated_at), **dict(TargetView.of(row)))
    return {**updated.model_dump(mode="json"), **head, "lines": [line_document(line, row) for line in lines]}


class Head(TargetView):
    job_id: str
    updated_at: Instant


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LinePatch(_Asked):
    """What is to change; what is left out stays. Give `start` and `end` alone or together."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Muy buenos días."}, {"start": 12.4, "end": 15.1}]},
    )

    text: Text | None = None
    source_text: Text | None = None
    start: Seconds | None = None
    end: Seconds | None = None
    speaker: str | None = Field(default=None, max_length=200)
    voice: str | None = Field(default=None, max_length=400)
    """A voice's name, or engine and name: `kokoro:ef_dora`."""
    rate: Annotated[float, Field(allow_inf_nan=False)] | None = None
    """How quickly it is spoken: 1.1 is a tenth faster. Left out, the timing chooses."""
    keep_original: bool | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(value is None for value in self.model_dump().values()):
            raise ValueError("say what is to change: text, source_text, start, end, speaker, voice, rate, …")
        return self


class NewLineAsked(_Asked):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"start": 31.5, "end": 33.0, "speaker": "S1", "text": "¿Y ahora?"}]},
    )

    start: Seconds
    end: Seconds
    speaker: str = Field(max_length=200)
    text: Text
    source_text: Text = ""
    voice: str | None = Field(default=None, max_length=400)


class SplitAsked(_Asked):
    """A moment, a character of the text (counted from 0), or both."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"character": 24}, {"at": 13.2}]}
    )

    at: Seconds | None = None
    character: int | None = Field(default=None, ge=0)


class MergeAsked(_Asked):
    """The line that goes, as it was seen: so nobody's edit of it vanishes in the merge."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"next": "L0008", "revision": 3}]}
    )

    next: str
    revision: int


class RenderAsked(_Asked):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"lines": ["L0007"]}]})

    lines: Annotated[list[str], Field(max_length=MOST_LINES)] = Field(default_factory=list)
    """Lines of which another take is wanted, though nothing about them changed. Empty: what is stale."""


class Edited(BaseModel):
    """What an edit left: the lines it changed as they are now, and those that are gone."""

    language: str
    revision: int
    """Of the script."""
    state: str
    lines: list[LineView]
    removed: list[str]

    @classmethod
    def of(cls, row: ScriptRow, outcome: Outcome) -> Self:
        lines = [LineView.of(line, row) for line in outcome.changed]
        return cls(
            language=row.target,
            revision=row.revision,
            state=row.state,
            lines=lines,
            removed=outcome.removed,
        )


class RenderAccepted(BaseModel):
    language: str
    state: str
    revision: int
    rendered: int
    queued: bool
    """Whether there is anything to render."""
    message: str


class StepView(BaseModel):
    """One step of the history."""

    revision: int
    at: Instant
    user_id: str | None
    action: str
    summary: str
    undone: bool

    @classmethod
    def of(cls, step: ScriptRevision) -> Self:
        return cls(
            revision=step.revision,
            at=moment(step.at),
            user_id=step.user_id,
            action=step.action,
            summary=step.summary,
            undone=step.standing == "undone",
        )


class Versions(BaseModel):
    id: str
    before: Line | None
    after: Line | None


class StepDetail(StepView):
    changes: list[Versions]

    @classmethod
    def of(cls, step: ScriptRevision) -> Self:
        changes = [Versions.model_validate(each) for each in step.changes.get("lines", [])]
        return cls(**dict(StepView.of(step)), changes=changes)


class History(BaseModel):
    """Newest first; `before` of the next page is the last revision of this one."""

    steps: list[StepView]
