"""Hooks, messages and tries in their tables. Every look-up names the organisation."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from dubline.service import cursors
from dubline.service.problem import not_found
from dubline.storage.tables import Hook, Message, Try

Tried = tuple[Try, Message]


def get(session: Session, organisation: str, hook_id: str) -> Hook:
    found = session.get(Hook, hook_id)
    if found is None or found.organisation_id != organisation:
        raise not_found("hook")
    return found


def listed(session: Session, organisation: str, job_id: str | None) -> Sequence[Hook]:
    """Those of the organisation, or those of one of its jobs."""
    query = select(Hook).where(Hook.organisation_id == organisation, Hook.job_id == job_id)
    return session.scalars(query.order_by(Hook.created_at, Hook.id)).all()


def message(session: Session, hook: Hook, message_id: str) -> Message:
    found = session.get(Message, message_id)
    if found is None or found.hook_id != hook.id:
        raise not_found("message")
    return found


def messages(
    session: Session, hook: Hook, status: str | None, cursor: str | None, size: int
) -> tuple[Sequence[Message], str | None]:
    """Newest first."""
    query = select(Message).where(Message.hook_id == hook.id)
    if status:
        query = query.where(Message.status == status)
    if cursor:
        query = query.where(tuple_(Message.created_at, Message.id) < cursors.read(cursor))
    found = session.scalars(
        query.order_by(Message.created_at.desc(), Message.id.desc()).limit(size + 1)
    ).all()
    if len(found) <= size:
        return found, None
    return found[:size], cursors.written(found[size - 1].created_at, found[size - 1].id)


def tries(session: Session, hook: Hook, cursor: str | None, size: int) -> tuple[list[Tried], str | None]:
    """Newest first."""
    query = select(Try, Message).join(Message, Message.id == Try.message_id).where(Message.hook_id == hook.id)
    if cursor:
        query = query.where(tuple_(Try.at, Try.id) < cursors.read_numbered(cursor))
    rows = session.execute(query.order_by(Try.at.desc(), Try.id.desc()).limit(size + 1)).all()
    found = [(row[0], row[1]) for row in rows]
    if len(found) <= size:
        return found, None
    last = found[size - 1][0]
    return found[:size], cursors.written(last.at, last.id)


def tries_of(session: Session, message: Message) -> Sequence[Try]:
    return session.scalars(select(Try).where(Try.message_id == message.id).order_by(Try.id)).all()
