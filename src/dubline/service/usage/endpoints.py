"""Use and cost over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import AwareDatetime

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.usage import repository
from dubline.service.usage.quota import stored_bytes
from dubline.service.usage.schemas import UsageReport

router = APIRouter(tags=["usage"])

Reader = Annotated[Principal, may(Operation.USAGE_READ)]


@router.get("/usage")
def report(
    request: Request,
    principal: Reader,
    by: Literal["month", "user", "job"] = "month",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> UsageReport:
    """What your organisation used and what it cost, by month, person or job. Deleted jobs stay in the sums."""
    after, before = since.timestamp() if since else None, until.timestamp() if until else None
    with context_of(request).database.reading() as session:
        rows = repository.rows(session, principal.organisation, by, after, before)
        stored = stored_bytes(session, principal.organisation)
    return UsageReport(by=by, rows=rows, total=repository.total(rows), stored_bytes=stored)
