"""Writing events: in the same transaction as what they tell of, so that neither is ever without the other."""

from __future__ import annotations

import time
from enum import StrEnum

from sqlalchemy.orm import Session

from dubline.service.hooks import outbox
from dubline.storage.tables import Document, Event, Job


class Kind(StrEnum):
    CREATED = "job.created"
    STARTED = "job.started"
    IMPORTED = "job.imported"
    PROGRESS = "job.progress"
    COMPLETED = "job.completed"
    FAILED = "job.failed"
    CANCELLED = "job.cancelled"
    RETRIED = "job.retried"
    STALE = "job.stale"
    RENDERING = "job.rendering"
    RENDERED = "job.rendered"
    RENDER_FAILED = "job.render_failed"


def record(session: Session, job: Job, kind: Kind, data: Document | None = None) -> Event:
    """One more event of a job. What a client needs to show the job is always in it."""
    job.events += 1
    job.updated_at = now = time.time()
    known = {"job_id": job.id, "status": job.status, "progress": round(job.progress, 4)}
    event = Event(
        organisation_id=job.organisation_id,
        job_id=job.id,
        number=job.events,
        kind=str(kind),
        data={**known, "current_stage": job.current_stage, **(data or {})},
        at=now,
    )
    session.add(event)
    outbox.enqueue(session, job, event)
    return event
