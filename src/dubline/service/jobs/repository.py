"""Jobs in their tables. Every look-up names the organisation, so that nobody finds what is another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from dubline.service import cursors
from dubline.service.problem import not_found
from dubline.storage.tables import Job, Output, Stage, Task


@dataclass(frozen=True)
class Filter:
    status: Sequence[str] = ()
    batch_id: str | None = None
    name: str | None = None
    oldest_first: bool = False


@dataclass(frozen=True)
class Page:
    jobs: list[Job]
    next_cursor: str | None


def get(session: Session, organisation: str, job_id: str) -> Job:
    found = session.get(Job, job_id)
    if found is None or found.organisation_id != organisation:
        raise not_found("job")
    return found


def page(session: Session, organisation: str, wanted: Filter, cursor: str | None, size: int) -> Page:
    """By age, a page at a time."""
    place = tuple_(Job.created_at, Job.id)
    query = select(Job).where(Job.organisation_id == organisation)
    if wanted.status:
        query = query.where(Job.status.in_(wanted.status))
    if wanted.batch_id:
        query = query.where(Job.batch_id == wanted.batch_id)
    if wanted.name:
        query = query.where(Job.name.icontains(wanted.name, autoescape=True))
    if cursor:
        last = cursors.read(cursor)
        query = query.where(place > last if wanted.oldest_first else place < last)
    order = (Job.created_at, Job.id) if wanted.oldest_first else (Job.created_at.desc(), Job.id.desc())
    found = list(session.scalars(query.order_by(*order).limit(size + 1)))
    return Page(
        found[:size],
        cursors.written(found[size - 1].created_at, found[size - 1].id) if len(found) > size else None,
    )


def stages(session: Session, job_id: str) -> list[Stage]:
    return list(session.scalars(select(Stage).where(Stage.job_id == job_id).order_by(Stage.position)))


def outputs(session: Session, job_id: str) -> list[Output]:
    return list(
        session.scalars(select(Output).where(Output.job_id == job_id).order_by(Output.target, Output.kind))
    )


def tasks(session: Session, job_id: str) -> list[Task]:
    return list(session.scalars(select(Task).where(Task.job_id == job_id).order_by(Task.created_at)))
