"""What may be done with hooks."""

from __future__ import annotations

import time

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.audit import log as audit
from dubline.service.hooks import health, outbox, signing
from dubline.service.hooks.schemas import HookChange, HookRequest, JobHook
from dubline.service.hooks.states import OwnKind
from dubline.service.ids import new_id
from dubline.service.problem import ServiceError
from dubline.storage.tables import Hook, Job, Message

MOST_HOOKS = 100
"""Of an organisation, beside those of single jobs."""

OVERLAP = 24 * 3600.0
"""Seconds for which an old secret stays good."""


def create(session: Session, principal: Principal, asked: HookRequest) -> Hook:
    _check_room(session, principal.organisation)
    hook = _new(principal.organisation, asked.url, list(asked.kinds), signing.new_secret())
    hook.description = asked.description
    session.add(hook)
    audit.record(session, audit.Action.HOOK_MADE, principal, about=hook.id, details={"url": hook.url})
    return hook


def attach(session: Session, job: Job, asked: JobHook) -> Hook:
    """A hook of one job, which lives as long as the job."""
    hook = _new(job.organisation_id, asked.url, list(asked.kinds), asked.secret or signing.new_secret())
    hook.job_id = job.id
    session.add(hook)
    session.flush()
    return hook


def _new(organisation: str, url: str, kinds: list[str], secret: str) -> Hook:
    return Hook(
        id=new_id("hok"),
        organisation_id=organisation,
        url=url,
        kinds=[str(kind) for kind in kinds],
        description="",
        secret=secret,
        created_at=time.time(),
        resting_until=0.0,
    )


def _check_room(session: Session, organisation: str) -> None:
    count = session.scalar(
        select(func.count()).where(Hook.organisation_id == organisation, Hook.job_id.is_(None))
    )
    if (count or 0) >= MOST_HOOKS:
        raise ServiceError(
            409,
            "too_many_hooks",
            f"There are {MOST_HOOKS} hooks already.",
            hint="Delete one that is not needed.",
        )


def change(session: Session, principal: Principal, hook: Hook, asked: HookChange) -> None:
    if asked.url is not None and asked.url != hook.url:
        hook.url, hook.failing_since, hook.resting_until = asked.url, None, 0.0
    if asked.kinds is not None:
        hook.kinds = [str(kind) for kind in asked.kinds]
    if asked.description is not None:
        hook.description = asked.description
    if asked.enabled is True:
        health.enable(hook)
    if asked.enabled is False and hook.disabled_at is None:
        health.disable(session, hook, "Disabled by its owner.", time.time())
    changed = asked.model_dump(mode="json", exclude_none=True)
    audit.record(session, audit.Action.HOOK_CHANGED, principal, about=hook.id, details=changed)


def rotate(session: Session, principal: Principal, hook: Hook, *, drop_old: bool, now: float) -> None:
    """A second rotation would take the day away that the first one promised."""
    if not drop_old and hook.old_secret is not None and (hook.old_secret_until or 0.0) > now:
        raise ServiceError(
            409,
            "rotation_under_way",
            "The secret was changed less than 24 hours ago, and both are still good.",
            hint='Wait, or send {"drop_old": true} to end the old ones at once.',
        )
    old = None if drop_old else hook.secret
    hook.old_secret, hook.old_secret_until = old, now + OVERLAP if old else None
    hook.secret = signing.new_secret()
    audit.record(session, audit.Action.HOOK_CHANGED, principal, about=hook.id, details={"secret": "rotated"})


def remove(session: Session, principal: Principal, hook: Hook) -> None:
    session.execute(delete(Hook).where(Hook.id == hook.id))
    audit.record(session, audit.Action.DELETED, principal, about=hook.id, details={"url": hook.url})


def ping(session: Session, hook: Hook) -> Message:
    check_enabled(hook)
    return outbox.post(session, hook, OwnKind.PING, {"hook_id": hook.id}, time.time())


def check_enabled(hook: Hook) -> None:
    if hook.disabled_at is not None:
        raise ServiceError(
            409,
            "hook_disabled",
            f"The hook is disabled: {hook.disabled_because}",
            hint='Enable it first: PATCH it with {"enabled": true}.',
        )
