"""What became of a try is written down, and what follows from it."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from dubline.service.hooks import health
from dubline.service.hooks.claiming import Parcel
from dubline.service.hooks.schedule import Spread, next_try
from dubline.service.hooks.sending import Answer
from dubline.service.hooks.states import MessageStatus
from dubline.storage.tables import Hook, Message, Try


def settle(session: Session, parcel: Parcel, answer: Answer, now: float, spread: Spread) -> None:
    """A hook that is gone meanwhile took its messages along. One whose lease ran out may be on its way a second
    time: what the late try brings counts only if it was taken."""
    message = session.get(Message, parcel.message)
    if message is None:
        return
    session.add(_note(parcel, answer, now))
    hook = session.get_one(Hook, parcel.hook)
    if answer.delivered:
        _delivered(session, hook, message, now)
    elif message.tries == parcel.tries and message.status == MessageStatus.WAITING:
        _not_taken(session, hook, message, answer, now, spread)


def put_back(session: Session, parcel: Parcel) -> None:
    """Nothing was tried, because the server is stopping."""
    session.execute(
        update(Message)
        .where(Message.id == parcel.message, Message.tries == parcel.tries)
        .values(tries=parcel.tries - 1, lease_until=0.0)
    )


def _note(parcel: Parcel, answer: Answer, now: float) -> Try:
    return Try(
        message_id=parcel.message,
        at=now,
        seconds=round(answer.seconds, 3),
        status_code=answer.status,
        error=answer.error[:400] if answer.error else None,
        reply=answer.reply,
    )


def _delivered(session: Session, hook: Hook, message: Message, now: float) -> None:
    if message.status != MessageStatus.DELIVERED:
        message.status, message.delivered_at, message.lease_until = MessageStatus.DELIVERED, now, 0.0
    if hook.failing_since is not None:
        health.recovered(session, hook)


def _not_taken(
    session: Session, hook: Hook, message: Message, answer: Answer, now: float, spread: Spread
) -> None:
    message.lease_until = 0.0
    again = next_try(message.tries, now, spread)
    if again is None:
        message.status = MessageStatus.FAILED
    else:
        message.due_at = again
    if answer.rest is not None:
        health.rest(session, hook, now, answer.rest)
    health.failed(session, hook, now, gone=answer.gone)
