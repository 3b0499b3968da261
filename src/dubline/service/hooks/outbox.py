"""Messages are written in the transaction of what they tell of: neither is ever without the other."""

from __future__ import annotations

from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dubline.service.hooks.states import MessageStatus, OwnKind, wants
from dubline.service.ids import new_id
from dubline.service.moments import Instant, moment
from dubline.storage.tables import Document, Event, Hook, Job, Message


class Envelope(BaseModel):
    """What a receiver gets. `data.number` counts a job's events from 1: order by it, and leave out what is older
    than what you know. The header webhook-id is the same each time a message is tried."""

    type: str
    timestamp: Instant
    data: dict[str, object]


def enqueue(session: Session, job: Job, event: Event) -> None:
    """For every hook that wants to hear of it."""
    hooks = session.scalars(
        select(Hook).where(
            Hook.organisation_id == job.organisation_id,
            or_(Hook.job_id.is_(None), Hook.job_id == job.id),
            Hook.disabled_at.is_(None),
        )
    )
    for hook in hooks:
        if wants(hook.kinds, event.kind):
            session.add(of_event(hook, job, event))


def of_event(hook: Hook, job: Job, event: Event, due_at: float | None = None) -> Message:
    about = {"name": job.name, "metadata": job.labels, "batch_id": job.batch_id}
    body = Envelope(
        type=event.kind, timestamp=moment(event.at), data={"number": event.number, **about, **event.data}
    )
    message = _message(hook, body, event.at if due_at is None else due_at)
    message.job_id, message.number, message.created_at = job.id, event.number, event.at
    return message


def post(session: Session, hook: Hook, kind: OwnKind, data: Document, now: float) -> Message:
    """Something that is no job's."""
    message = _message(hook, Envelope(type=str(kind), timestamp=moment(now), data=data), now)
    session.add(message)
    return message


def tell_of_disabled(session: Session, disabled: Hook, now: float) -> None:
    others = session.scalars(
        select(Hook).where(
            Hook.organisation_id == disabled.organisation_id,
            Hook.job_id.is_(None),
            Hook.disabled_at.is_(None),
            Hook.id != disabled.id,
        )
    )
    data = {"hook_id": disabled.id, "url": disabled.url, "disabled_because": disabled.disabled_because}
    for hook in others:
        if wants(hook.kinds, OwnKind.DISABLED):
            post(session, hook, OwnKind.DISABLED, data, now)


def _message(hook: Hook, body: Envelope, now: float) -> Message:
    return Message(
        id=new_id("msg"),
        hook_id=hook.id,
        organisation_id=hook.organisation_id,
        number=0,
        kind=body.type,
        body=body.model_dump(mode="json"),
        status=MessageStatus.WAITING,
        tries=0,
        due_at=now,
        lease_until=0.0,
        created_at=now,
    )
