"""How a receiver is: well, failing, resting, given up. Hooks of one organisation with the same address share it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dubline.service.audit import log as audit
from dubline.service.hooks.outbox import tell_of_disabled
from dubline.service.hooks.states import MessageStatus
from dubline.storage.tables import Hook, Message

DAY = 86_400.0
PATIENCE = 5 * DAY
"""Failing for this long without a single success disables a hook."""

LONGEST_REST = DAY
"""Whatever a receiver asks for."""


def recovered(session: Session, hook: Hook) -> None:
    for each in _same_receiver(session, hook):
        each.failing_since = None


def rest(session: Session, hook: Hook, now: float, seconds: float) -> None:
    for each in _same_receiver(session, hook):
        each.resting_until = now + min(seconds, LONGEST_REST)


def failed(session: Session, hook: Hook, now: float, *, gone: bool) -> None:
    hook.failing_since = hook.failing_since or now
    if gone:
        reason = "The receiver answered 410 Gone."
    elif now - hook.failing_since >= PATIENCE:
        reason = f"Nothing was taken for {PATIENCE / DAY:g} days."
    else:
        return
    for each in _same_receiver(session, hook):
        disable(session, each, reason, now)
        tell(session, each, now)


def disable(session: Session, hook: Hook, reason: str, now: float) -> None:
    """What was waiting is given up; a replay brings it back once the hook is enabled again."""
    hook.disabled_at, hook.disabled_because = now, reason
    session.execute(
        update(Message)
        .where(Message.hook_id == hook.id, Message.status == MessageStatus.WAITING)
        .values(status=MessageStatus.FAILED, lease_until=0.0)
    )


def enable(hook: Hook) -> None:
    hook.disabled_at = hook.disabled_because = hook.failing_since = None
    hook.resting_until = 0.0


def tell(session: Session, hook: Hook, now: float) -> None:
    """Whoever owns it did not do this and must hear of it."""
    audit.record(
        session,
        audit.Action.HOOK_DISABLED,
        organisation=hook.organisation_id,
        about=hook.id,
        details={"url": hook.url, "because": hook.disabled_because},
    )
    tell_of_disabled(session, hook, now)


def _same_receiver(session: Session, hook: Hook) -> Sequence[Hook]:
    return session.scalars(
        select(Hook).where(
            Hook.organisation_id == hook.organisation_id, Hook.url == hook.url, Hook.disabled_at.is_(None)
        )
    ).all()
