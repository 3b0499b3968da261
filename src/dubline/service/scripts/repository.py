"""Scripts in their tables. A script is found through its job, and a job through its organisation."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session, undefer

from dubline.domain.script import Line, Script
from dubline.domain.time import Span
from dubline.service.jobs import repository as jobs
from dubline.service.jobs.states import OPEN
from dubline.service.problem import ServiceError, not_found
from dubline.service.scripts.rows import line_of
from dubline.storage.tables import Job, ScriptLine, ScriptRevision, ScriptRow

PLACE = (ScriptLine.start, ScriptLine.end, ScriptLine.line_id)


@dataclass(frozen=True)
class Found:
    job: Job
    row: ScriptRow


@dataclass(frozen=True)
class Filter:
    speaker: str | None = None
    flag: str | None = None
    stale: bool | None = None
    after: float | None = None
    before: float | None = None


@dataclass(frozen=True)
class Page:
    lines: list[ScriptLine]
    next_cursor: str | None


def get(session: Session, organisation: str, job_id: str, target: str, *, to_write: bool = False) -> Found:
    job = jobs.get(session, organisation, job_id)
    row = of_job(session, job.id, target, to_write=to_write)
    if row is None:
        raise _none(job, target)
    return Found(job, row)


def _none(job: Job, target: str) -> ServiceError:
    """Why there is no script in this language: not yet, not any more, or never."""
    if target in job.targets and job.status in OPEN:
        return ServiceError(
            409,
            "script_not_ready",
            f"The job is still {job.status}; there is no script yet.",
            hint="Ask again when it is completed; follow it at /api/v1/jobs/{id}/events.",
        )
    if target in job.targets:
        return ServiceError(
            404,
            "script_not_found",
            f"The job is {job.status}; it has no script in {target}.",
            hint="A job that failed or was cancelled may be retried: POST /api/v1/jobs/{id}/retry",
        )
    return ServiceError(
        404,
        "script_not_found",
        f"This job has no script in {target}.",
        hint=f"Its languages are: {', '.join(job.targets)}.",
    )


def of_job(session: Session, job_id: str, target: str, *, to_write: bool = False) -> ScriptRow | None:
    """Who writes has it alone, on databases where several could."""
    wanted = select(ScriptRow).where(ScriptRow.job_id == job_id, ScriptRow.target == target)
    wanted = wanted.options(undefer(ScriptRow.document))
    return session.scalars(wanted.with_for_update() if to_write else wanted).first()


def line(session: Session, row: ScriptRow, line_id: str) -> ScriptLine:
    found = session.get(ScriptLine, (row.id, line_id))
    if found is None:
        raise not_found("line")
    return found


def lines(session: Session, row: ScriptRow, ids: Collection[str] | None = None) -> list[ScriptLine]:
    """All lines, or these."""
    wanted = _of(row)
    if ids is not None:
        wanted = wanted.where(ScriptLine.line_id.in_(ids))
    found = list(session.scalars(wanted))
    if ids is not None and len(found) < len(set(ids)):
        raise not_found("line")
    return found


def at(session: Session, row: ScriptRow, span: Span) -> list[ScriptLine]:
    """What is said within a span: all that an edit in there can get in the way of."""
    return list(session.scalars(_of(row).where(ScriptLine.start < span.end, ScriptLine.end > span.start)))


def following(session: Session, row: ScriptRow, one: ScriptLine) -> ScriptLine | None:
    """The next line of the same speaker."""
    later = tuple_(*PLACE) > (one.start, one.end, one.line_id)
    return session.scalars(_of(row).where(ScriptLine.speaker == one.speaker, later).limit(1)).first()


def part(row: ScriptRow, rows: Iterable[ScriptLine]) -> Script:
    """The script as far as it is needed: with these lines and no others."""
    return whole(row, (line_of(each) for each in rows))


def whole(row: ScriptRow, found: Iterable[Line]) -> Script:
    head = Script.model_validate(row.document)
    unique = {each.id: each for each in found}
    return head.model_copy(update={"lines": tuple(unique.values())})


def page(session: Session, row: ScriptRow, wanted: Filter, cursor: str | None, size: int) -> Page:
    query = _of(row).where(*_conditions(row, wanted))
    if cursor:
        query = query.where(tuple_(*PLACE) > _read_cursor(cursor))
    found = list(session.scalars(query.limit(size + 1)))
    return Page(found[:size], _cursor(found[size - 1]) if len(found) > size else None)


def history(session: Session, row: ScriptRow, before: int | None, size: int) -> list[ScriptRevision]:
    """Newest first."""
    wanted = select(ScriptRevision).where(ScriptRevision.script_id == row.id)
    if before is not None:
        wanted = wanted.where(ScriptRevision.revision < before)
    return list(session.scalars(wanted.order_by(ScriptRevision.revision.desc()).limit(size)))


def revision(session: Session, row: ScriptRow, number: int) -> ScriptRevision:
    wanted = select(ScriptRevision).where(
        ScriptRevision.script_id == row.id, ScriptRevision.revision == number
    )
    found = session.scalars(wanted.options(undefer(ScriptRevision.changes))).first()
    if found is None:
        raise not_found("revision")
    return found


def newest(session: Session, row: ScriptRow, standing: str) -> ScriptRevision | None:
    return session.scalars(_standing(row, standing).order_by(ScriptRevision.revision.desc())).first()


def oldest(session: Session, row: ScriptRow, standing: str) -> ScriptRevision | None:
    return session.scalars(_standing(row, standing).order_by(ScriptRevision.revision)).first()


def _standing(row: ScriptRow, standing: str) -> Select[ScriptRevision]:
    wanted = select(ScriptRevision).where(ScriptRevision.script_id == row.id)
    return wanted.where(ScriptRevision.standing == standing).limit(1)


def _of(row: ScriptRow) -> Select[ScriptLine]:
    return select(ScriptLine).where(ScriptLine.script_id == row.id).order_by(*PLACE)


def _conditions(row: ScriptRow, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.speaker is not None:
        found.append(ScriptLine.speaker == wanted.speaker)
    if wanted.flag is not None:
        found.append(ScriptLine.flags.contains(f" {wanted.flag} ", autoescape=True))
    if wanted.stale is not None:
        stale = ScriptLine.revision > row.rendered
        found.append(stale if wanted.stale else ~stale)
    if wanted.after is not None:
        found.append(ScriptLine.end > Span.of_seconds(0, wanted.after).end)
    if wanted.before is not None:
        found.append(ScriptLine.start < Span.of_seconds(0, wanted.before).end)
    return found


def _cursor(row: ScriptLine) -> str:
    place = json.dumps([row.start, row.end, row.line_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, int, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        start, end, line_id = json.loads(base64.urlsafe_b64decode(padded.encode()))
        return int(start), int(end), str(line_id)
    except (ValueError, TypeError, binascii.Error) as error:
        raise ServiceError(
            422, "cursor_invalid", "This cursor was not given by us.", hint="Start without a cursor."
        ) from error
