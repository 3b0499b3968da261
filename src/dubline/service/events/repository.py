"""Events in their table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dubline.service.events.told import Told
from dubline.service.jobs.states import ENDED
from dubline.storage.tables import Event, Job

PAGE = 1000


def newest(session: Session) -> int:
    return session.scalar(select(func.max(Event.id))) or 0


def since(session: Session, last: int) -> list[Told]:
    """Of everybody, behind one that is known, in order."""
    return _told(session, _columns().where(Event.id > last).order_by(Event.id))


def of_job(session: Session, job: str, number: int, until: int) -> list[Told]:
    """A page of a job's events behind one that is known, in order; none that came after the event `until`."""
    wanted = _columns().where(Event.job_id == job, Event.number > number, Event.id <= until)
    return _told(session, wanted.order_by(Event.number))


def of_organisation(session: Session, organisation: str, last: int, until: int) -> list[Told]:
    wanted = _columns().where(Event.organisation_id == organisation, Event.id > last, Event.id <= until)
    return _told(session, wanted.order_by(Event.id))


def is_last(session: Session, job: str, number: int) -> bool:
    """Whether a job has ended and this was its last event, or it is gone."""
    row = session.execute(select(Job.status, Job.events).where(Job.id == job)).one_or_none()
    return row is None or (row.status in ENDED and row.events <= number)


def _columns() -> Any:  # noqa: ANN401 - typed differently by each version of SQLAlchemy
    """Columns and not objects: thousands are read at a time. In the order in which an event is told."""
    return select(
        Event.id, Event.organisation_id, Event.job_id, Event.number, Event.kind, Event.data, Event.at
    )


def _told(session: Session, wanted: Any) -> list[Told]:  # noqa: ANN401
    return [Told(*row) for row in session.execute(wanted.limit(PAGE))]
