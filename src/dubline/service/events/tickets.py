"""Tickets for streams: for one job, for a minute, for one use."""

from __future__ import annotations

import hashlib
import secrets
import time

from sqlalchemy import delete
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from dubline.service.access import admission
from dubline.service.access.door import identify
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation, Role
from dubline.service.access.standing import still_good
from dubline.service.context import Context, context_of
from dubline.service.problem import ServiceError
from dubline.storage.tables import Job, Key, Ticket, User

SECONDS = 60.0
BYTES = 24


def issue(session: Session, principal: Principal, job: Job) -> tuple[str, float]:
    """The ticket, and until when it is good."""
    now, secret = time.time(), secrets.token_urlsafe(BYTES)
    session.execute(delete(Ticket).where(Ticket.expires_at <= now))
    session.add(
        Ticket(
            digest=_digest(secret),
            job_id=job.id,
            user_id=principal.user,
            key_id=principal.key,
            expires_at=now + SECONDS,
        )
    )
    return secret, now + SECONDS


async def ticket_or_key(connection: HTTPConnection) -> Principal:
    """How streams learn who listens."""
    secret = connection.query_params.get("ticket")
    if secret is None:
        return await identify(connection)
    principal = await run_in_threadpool(
        _redeemed, context_of(connection), secret, connection.path_params.get("job_id", "")
    )
    if principal is None:
        raise admission.stranger(connection, _invalid())
    connection.state.principal = principal
    return principal


def _redeemed(context: Context, secret: str, job: str) -> Principal | None:
    with context.database.writing() as session:
        ticket = session.get(Ticket, _digest(secret))
        if ticket is None or ticket.job_id != job or ticket.expires_at <= time.time():
            return None
        session.delete(ticket)
        principal = _holder(session, ticket)
    return principal if still_good(context, principal) else None


def _invalid() -> ServiceError:
    return ServiceError(
        401,
        "ticket_invalid",
        "This ticket was used already, is too old, or is for another job.",
        hint="Ask for a new one: POST /api/v1/jobs/{id}/stream-ticket",
    )


def _holder(session: Session, ticket: Ticket) -> Principal:
    user = session.get_one(User, ticket.user_id)
    key = session.get(Key, ticket.key_id) if ticket.key_id else None
    scopes = {str(scope) for scope in Operation} if key is None else set(key.scopes)
    allowed = frozenset(scope for scope in Operation if scope in scopes)
    # Whoever has no key signed in before the ticket was made, and signing out ends what it opened.
    began = None if ticket.key_id else ticket.expires_at - SECONDS
    return Principal(user.organisation_id, user.id, Role(user.role), ticket.key_id, allowed, began)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
