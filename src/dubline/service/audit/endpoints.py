"""The audit log over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.audit import repository
from dubline.service.audit.log import Action, Outcome
from dubline.service.audit.repository import Filter
from dubline.service.audit.schemas import AuditPage, AuditView
from dubline.service.context import context_of

router = APIRouter(tags=["audit"])

Auditor = Annotated[Principal, may(Operation.AUDIT_READ)]


@router.get("/audit")
def listed(
    request: Request,
    principal: Auditor,
    action: Action | None = None,
    user_id: Annotated[str | None, Query(max_length=40)] = None,
    outcome: Outcome | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Annotated[int | None, Query(ge=1, lt=1 << 63)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditPage:
    """Who did what in your organisation, newest first."""
    wanted = Filter(
        action, user_id, outcome, since.timestamp() if since else None, until.timestamp() if until else None
    )
    with context_of(request).database.reading() as session:
        found = repository.page(session, principal.organisation, wanted, cursor, limit)
        entries = [AuditView.of(entry) for entry in found]
    return AuditPage(entries=entries, next_cursor=entries[-1].id if len(entries) == limit else None)
