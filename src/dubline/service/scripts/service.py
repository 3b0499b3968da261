"""What people do to scripts over the network: the edits of `craft.editing`, each one transaction and one step of the
history, refused where somebody else was quicker."""

from __future__ import annotations

from sqlalchemy.orm import Session

from dubline.api.edits import find_voice
from dubline.craft import editing
from dubline.craft.editing import Change, NewLine
from dubline.domain.script import Script
from dubline.domain.speech import Voice
from dubline.domain.time import Span, seconds
from dubline.models.catalogue import local_models
from dubline.ports.registry import Registry
from dubline.service.access.principal import Principal
from dubline.service.ids import new_id
from dubline.service.problem import ServiceError
from dubline.service.scripts import preconditions, repository, steps
from dubline.service.scripts.repository import Found
from dubline.service.scripts.schemas import (
    LinePatch,
    MergeAsked,
    NewLineAsked,
    SplitAsked,
    line_document,
)
from dubline.service.scripts.steps import Outcome, Step
from dubline.storage.tables import ScriptLine, ScriptRow


def voice_named(name: str | None, target: str) -> Voice | None:
    """Looked up before anything is locked: engines may have to read their files."""
    return None if name is None else find_voice(target, name, Registry(local_models()))


def seen_line(session: Session, found: Found, line_id: str, revision: int) -> ScriptLine:
    """The line, if nobody changed it since."""
    row, line = found.row, repository.line(session, found.row, line_id)
    tag = preconditions.etag(row, line.revision)
    preconditions.check(revision, line.revision, f"line {line_id}", line_document(line, row), tag)
    return line


def seen_script(row: ScriptRow, revision: int) -> None:
    now: dict[str, object] = {"revision": row.revision, "rendered": row.rendered, "state": row.state}
    preconditions.check(revision, row.revision, "script", now, preconditions.etag(row))


def patch(
    session: Session, found: Found, who: Principal, line: ScriptLine, asked: LinePatch, voice: Voice | None
) -> Outcome:
    span = _span(line, asked)
    wanted = Change(
        text=asked.text,
        source_text=asked.source_text,
        span=span,
        speaker=asked.speaker,
        voice=voice,
        rate=asked.rate,
        keep_original=asked.keep_original,
    )
    near = repository.at(session, found.row, span or Span(start=line.start, end=line.end))
    step = Step("edit", f"{line.line_id}: {', '.join(sorted(asked.model_fields_set))}")

    def doing(script: Script) -> Script:
        return editing.change(script, line.line_id, wanted)

    return steps.edit(session, found, who, [*near, line], doing, step)


def _span(line: ScriptLine, asked: LinePatch) -> Span | None:
    if asked.start is None and asked.end is None:
        return None
    now = Span(start=line.start, end=line.end)
    return _in_order(
        seconds(now.start) if asked.start is None else asked.start,
        seconds(now.end) if asked.end is None else asked.end,
    )


def _in_order(start: float, end: float) -> Span:
    if end < start:
        raise ServiceError(
            422,
            "span_reversed",
            f"A line cannot end ({end:g}) before it starts ({start:g}).",
            hint="Give the start and the end in seconds from the start of the programme.",
        )
    return Span.of_seconds(start, end)


def split(session: Session, found: Found, who: Principal, line: ScriptLine, asked: SplitAsked) -> Outcome:
    new, at = new_id("lin"), None if asked.at is None else Span.of_seconds(0, asked.at).end
    step = Step("split", f"{line.line_id} and {new}")

    def doing(script: Script) -> Script:
        return editing.split(script, line.line_id, new, at=at, character=asked.character)

    return steps.edit(session, found, who, [line], doing, step)


def merge(session: Session, found: Found, who: Principal, line: ScriptLine, asked: MergeAsked) -> Outcome:
    other = seen_line(session, found, asked.next, asked.revision)
    following = repository.following(session, found.row, line)
    if following is None or following.line_id != other.line_id:
        raise ServiceError(
            409,
            "lines_apart",
            f"Line {asked.next} does not follow {line.line_id}.",
            hint="Only a line and the next one of the same speaker can be merged.",
        )
    step = Step("merge", f"{line.line_id} and {other.line_id}")

    def doing(script: Script) -> Script:
        return editing.merge(script, line.line_id)

    return steps.edit(session, found, who, [line, other], doing, step)


def insert(
    session: Session, found: Found, who: Principal, asked: NewLineAsked, voice: Voice | None
) -> Outcome:
    new = NewLine(_in_order(asked.start, asked.end), asked.speaker, asked.text, asked.source_text, voice)
    new_line = new_id("lin")

    def doing(script: Script) -> Script:
        return editing.insert(script, new_line, new)

    near = repository.at(session, found.row, new.span)
    return steps.edit(session, found, who, near, doing, Step("insert", f"{new_line} at {new.span}"))


def remove(session: Session, found: Found, who: Principal, line: ScriptLine) -> Outcome:
    def doing(script: Script) -> Script:
        return editing.remove(script, line.line_id)

    return steps.edit(session, found, who, [line], doing, Step("delete", line.line_id))


def another_take(session: Session, found: Found, who: Principal, ids: list[str]) -> Outcome:
    rows = repository.lines(session, found.row, ids)

    def doing(script: Script) -> Script:
        return editing.another_take(script, ids)

    return steps.edit(session, found, who, rows, doing, Step("another take", ", ".join(ids)))
