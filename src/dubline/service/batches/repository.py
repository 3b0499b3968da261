"""A batch is the jobs that carry its id; there is nothing else to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dubline.service.batches.schemas import BatchView
from dubline.service.jobs.states import ENDED, OPEN, Status
from dubline.service.moments import moment
from dubline.service.problem import not_found
from dubline.storage.tables import Job


def view(session: Session, organisation: str, batch_id: str) -> BatchView:
    rows = session.execute(
        select(Job.status, func.count(), func.sum(Job.progress), func.min(Job.created_at))
        .where(Job.organisation_id == organisation, Job.batch_id == batch_id)
        .group_by(Job.status)
    ).all()
    if not rows:
        raise not_found("batch")
    counts = dict.fromkeys(Status, 0) | {Status(status): count for status, count, _, _ in rows}
    total = sum(counts.values())
    done = sum(count if status in ENDED else progress for status, count, progress, _ in rows)
    return BatchView(
        id=batch_id,
        created_at=moment(min(begun for *_, begun in rows)),
        jobs=total,
        counts=counts,
        progress=round(done / total, 4),
        finished=all(counts[status] == 0 for status in OPEN),
    )


def open_jobs(session: Session, organisation: str, batch_id: str) -> Sequence[Job]:
    return session.scalars(
        select(Job).where(Job.organisation_id == organisation, Job.batch_id == batch_id, Job.status.in_(OPEN))
    ).all()
