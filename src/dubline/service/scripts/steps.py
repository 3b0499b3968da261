"""One step of a script's history: the lines that changed, written where they stand and where undo finds them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from dubline.craft.editing import unrendered
from dubline.domain.script import Line, Script, TargetState
from dubline.service.access.principal import Principal
from dubline.service.events.log import Kind, record
from dubline.service.problem import ServiceError
from dubline.service.scripts import repository
from dubline.service.scripts.repository import Found
from dubline.service.scripts.rows import line_row
from dubline.storage.tables import Document, ScriptLine, ScriptRevision

MOST_SUMMARY = 200


class Standing(StrEnum):
    """What undo and redo may do with a step."""

    DONE = "done"
    UNDONE = "undone"
    SETTLED = ""


@dataclass(frozen=True)
class Step:
    """What the history says of it."""

    action: str
    summary: str
    standing: Standing = Standing.DONE


@dataclass
class Outcome:
    """What a step left: the lines as they are now, in order, and the ids that are gone."""

    changed: list[Line] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


Versions = Mapping[str, tuple[Line | None, Line | None]]
"""By id: the line before and after."""


def edit(
    session: Session,
    found: Found,
    who: Principal,
    rows: Sequence[ScriptLine],
    doing: Callable[[Script], Script],
    step: Step,
) -> Outcome:
    """Do something to the part of a script that these rows are."""
    before = repository.part(found.row, rows)
    after = doing(before)
    session.execute(
        update(ScriptRevision)
        .where(ScriptRevision.script_id == found.row.id, ScriptRevision.standing == Standing.UNDONE)
        .values(standing=Standing.SETTLED)
    )
    return take(session, found, who, _versions(before, after), step)


def undo(session: Session, found: Found, who: Principal) -> Outcome:
    """The last step that stands is taken back, as a new step."""
    last = repository.newest(session, found.row, Standing.DONE)
    if last is None:
        raise ServiceError(
            409,
            "nothing_to_undo",
            "There is no edit left to undo.",
            hint="The script is as the dub left it; GET …/history shows its steps.",
        )
    last.standing = Standing.UNDONE
    back = {line_id: (after, before) for line_id, (before, after) in _recorded(last).items()}
    return take(session, found, who, back, _again("undo", last))


def redo(session: Session, found: Found, who: Principal) -> Outcome:
    first = repository.oldest(session, found.row, Standing.UNDONE)
    if first is None:
        raise ServiceError(
            409,
            "nothing_to_redo",
            "Nothing was undone since the last edit.",
            hint="Only what was undone can be done again, and only until the next edit.",
        )
    first.standing = Standing.DONE
    return take(session, found, who, _recorded(first), _again("redo", first))


def _again(action: str, of: ScriptRevision) -> Step:
    return Step(action, f"{of.revision}: {of.summary}", Standing.SETTLED)


def take(session: Session, found: Found, who: Principal, versions: Versions, step: Step) -> Outcome:
    """Write the step down. The lines get the script's new revision, which none of them ever had."""
    row, now = found.row, time.time()
    row.revision += 1
    outcome, changes = Outcome(), list[Document]()
    for line_id, (_, after) in versions.items():
        there = session.get(ScriptLine, (row.id, line_id))
        changed = after and unrendered(after).model_copy(update={"revision": row.revision})
        changes.append({"id": line_id, "before": there and there.document, "after": _document(changed)})
        _write(session, row.id, there, changed)
        outcome.changed += [changed] if changed else []
        outcome.removed += [] if changed else [line_id]
    session.add(
        ScriptRevision(
            script_id=row.id,
            revision=row.revision,
            user_id=who.user,
            action=step.action,
            summary=step.summary[:MOST_SUMMARY],
            standing=step.standing,
            changes={"lines": changes},
            at=now,
        )
    )
    row.updated_at = now
    _turn_stale(session, found)
    outcome.changed.sort(key=lambda line: (line.span.start, line.span.end, line.id))
    return outcome


def _turn_stale(session: Session, found: Found) -> None:
    row = found.row
    if row.state != TargetState.STALE:
        row.state = TargetState.STALE
        record(session, found.job, Kind.STALE, {"language": row.target, "revision": row.revision})


def _write(session: Session, script_id: str, there: ScriptLine | None, line: Line | None) -> None:
    if line is None:
        if there is not None:
            session.delete(there)
    else:
        session.merge(line_row(script_id, line))


def _versions(before: Script, after: Script) -> Versions:
    old, new = ({line.id: line for line in script.lines} for script in (before, after))
    return {
        line_id: (old.get(line_id), new.get(line_id))
        for line_id in dict.fromkeys((*old, *new))
        if old.get(line_id) != new.get(line_id)
    }


def _recorded(step: ScriptRevision) -> Versions:
    return {
        each["id"]: (_line(each["before"]), _line(each["after"])) for each in step.changes.get("lines", [])
    }


def _line(document: Document | None) -> Line | None:
    return None if document is None else Line.model_validate(document)


def _document(line: Line | None) -> Document | None:
    return None if line is None else line.model_dump(mode="json")
