"""Batches over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.batches import repository, service
from dubline.service.batches.schemas import BatchMade, BatchRequest, BatchView
from dubline.service.context import context_of
from dubline.service.replies.once import OneTimeKey, once

router = APIRouter(prefix="/batches", tags=["batches"])

Reader = Annotated[Principal, may(Operation.JOBS_READ)]
Writer = Annotated[Principal, may(Operation.JOBS_WRITE)]


@router.post("", status_code=201)
@once
def create(
    request: Request, response: Response, principal: Writer, asked: BatchRequest, key: OneTimeKey = None
) -> BatchMade:
    """Ask for many jobs in one call: a list of jobs as `POST /jobs` takes them, with `defaults` for what they share.

    All are looked at before any is accepted. If some are refused, none is accepted, and the problem's `errors` tell
    which and why; with `partial: true` the others are accepted and the reply tells the same. A job's `priority`
    (from -10, whenever nothing else waits, to 10, before everything else of yours) orders the jobs of one person;
    among people and organisations places are shared evenly, however many jobs each of them brings.
    """
    made = service.submit(context_of(request), principal, asked)
    response.headers["Location"] = f"/api/v1/batches/{made.batch_id}"
    return made


@router.get("/{batch_id}")
def one(request: Request, principal: Reader, batch_id: str) -> BatchView:
    """How a batch stands as a whole."""
    with context_of(request).database.reading() as session:
        return repository.view(session, principal.organisation, batch_id)


@router.post("/{batch_id}/cancel")
def cancel(request: Request, principal: Writer, batch_id: str) -> BatchView:
    """Cancel all jobs of a batch that have not ended."""
    with context_of(request).database.writing() as session:
        repository.view(session, principal.organisation, batch_id)
        service.cancel(session, principal.organisation, batch_id)
        session.flush()
        return repository.view(session, principal.organisation, batch_id)
