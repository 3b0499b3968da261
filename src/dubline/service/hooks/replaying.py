"""Sending again: one message, or everything of a span of time, also what was never written because the hook was
disabled then. A message keeps its id, so a receiver that had it can tell."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from dubline.service.hooks import outbox, repository
from dubline.service.hooks.schemas import ReplayRequest
from dubline.service.hooks.service import check_enabled
from dubline.service.hooks.states import MessageStatus, wants
from dubline.service.problem import ServiceError
from dubline.storage.tables import Event, Hook, Job, Message

MOST = 5000
"""Messages of one call."""


def replay(session: Session, hook: Hook, asked: ReplayRequest, now: float) -> int:
    check_enabled(hook)
    if asked.message_id is not None:
        _again(repository.message(session, hook, asked.message_id), now)
        return 1
    since = asked.since.timestamp() if asked.since else 0.0
    until = asked.until.timestamp() if isinstance(asked.until, datetime) else now
    known = session.scalars(_known(hook, since, until, asked.only == "all").limit(MOST + 1)).all()
    missed = _missed(session, hook, since, until)
    if len(known) + len(missed) > MOST:
        raise ServiceError(
            422, "replay_too_long", f"These are more than {MOST} messages.", hint="Ask for a shorter span."
        )
    for message in known:
        _again(message, now)
    for event, job in missed:
        session.add(outbox.of_event(hook, job, event, due_at=now))
    return len(known) + len(missed)


def _again(message: Message, now: float) -> None:
    """One that is on its way this moment is sent anyway."""
    if message.lease_until <= now:
        message.status, message.tries, message.due_at = MessageStatus.WAITING, 0, now


def _known(hook: Hook, since: float, until: float, taken_too: bool) -> Select[Message]:
    wanted = [MessageStatus.FAILED, MessageStatus.DELIVERED] if taken_too else [MessageStatus.FAILED]
    return select(Message).where(
        Message.hook_id == hook.id,
        Message.status.in_(wanted),
        Message.created_at >= since,
        Message.created_at <= until,
    )


def _missed(session: Session, hook: Hook, since: float, until: float) -> list[tuple[Event, Job]]:
    written = exists().where(
        Message.hook_id == hook.id, Message.job_id == Event.job_id, Message.number == Event.number
    )
    query = (
        select(Event, Job)
        .join(Job, Job.id == Event.job_id)
        .where(Event.organisation_id == hook.organisation_id, Event.at >= since, Event.at <= until, ~written)
        .where(Event.at >= hook.created_at)
    )
    if hook.job_id:
        query = query.where(Event.job_id == hook.job_id)
    if hook.kinds:
        query = query.where(Event.kind.in_(hook.kinds))
    rows = session.execute(query.order_by(Event.id).limit(MOST + 1)).all()
    return [(event, job) for event, job in rows if wants(hook.kinds, event.kind)]
