"""Jobs over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.hooks.repository import listed as hooks_of
from dubline.service.hooks.schemas import HookMade
from dubline.service.jobs import erasing, repository, service
from dubline.service.jobs.accepting import accept
from dubline.service.jobs.profile import JobProfile
from dubline.service.jobs.repository import Filter
from dubline.service.jobs.schemas import JobMade, JobPage, JobRequest, JobStatus, JobView
from dubline.service.jobs.states import Status
from dubline.service.replies.once import OneTimeKey, once

router = APIRouter(prefix="/jobs", tags=["jobs"])

Reader = Annotated[Principal, may(Operation.JOBS_READ)]
Writer = Annotated[Principal, may(Operation.JOBS_WRITE)]
Deleter = Annotated[Principal, may(Operation.JOBS_DELETE)]


@router.post("", status_code=201)
@once
def create(
    request: Request, response: Response, principal: Writer, asked: JobRequest, key: OneTimeKey = None
) -> JobMade:
    """Ask for a dub of an upload into one language or several. Where a webhook is asked for, the reply shows its
    secret this once."""
    context = context_of(request)
    job = accept(context, principal, asked)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    with context.database.reading() as session:
        hooks = hooks_of(session, principal.organisation, job.id)
        return JobMade.of(job, webhook=HookMade.of(hooks[0], secret=hooks[0].secret) if hooks else None)


@router.get("")
def listed(
    request: Request,
    principal: Reader,
    status: Annotated[list[Status] | None, Query()] = None,
    batch_id: str | None = None,
    name: str | None = None,
    order: Annotated[str, Query(pattern="^(newest|oldest)$")] = "newest",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobPage:
    """Jobs of your organisation, newest first, a page at a time."""
    wanted = Filter(tuple(status or ()), batch_id, name, order == "oldest")
    with context_of(request).database.reading() as session:
        page = repository.page(session, principal.organisation, wanted, cursor, limit)
        return JobPage(jobs=[JobView.of(job) for job in page.jobs], next_cursor=page.next_cursor)


@router.get("/{job_id}")
def one(request: Request, principal: Reader, job_id: str) -> JobView:
    """A job: what was asked for, and how each of its languages stands."""
    with context_of(request).database.reading() as session:
        return JobView.of(repository.get(session, principal.organisation, job_id))


@router.get("/{job_id}/status")
def status_of(request: Request, principal: Reader, job_id: str) -> JobStatus:
    """How far a job is, stage by stage."""
    with context_of(request).database.reading() as session:
        job = repository.get(session, principal.organisation, job_id)
        return JobStatus.of(job, repository.stages(session, job.id))


@router.get("/{job_id}/profile")
def profile_of(request: Request, principal: Reader, job_id: str) -> JobProfile:
    """Where the time went, stage by stage, what of it was reused, and which engines did it."""
    with context_of(request).database.reading() as session:
        job = repository.get(session, principal.organisation, job_id)
        return JobProfile.of(job, repository.stages(session, job.id))


@router.post("/{job_id}/cancel")
def cancel(request: Request, principal: Writer, job_id: str) -> JobView:
    """Stop a job. One that waits ends at once, one at work within seconds; what was finished is kept for a retry."""
    with context_of(request).database.writing() as session:
        job = repository.get(session, principal.organisation, job_id)
        service.cancel(session, job)
        return JobView.of(job)


@router.post("/{job_id}/retry")
def retry(request: Request, principal: Writer, job_id: str) -> JobView:
    """Go on with a job that failed or was cancelled; what was finished is not done again."""
    with context_of(request).database.writing() as session:
        job = repository.get(session, principal.organisation, job_id)
        service.retry(session, job)
        return JobView.of(job)


@router.delete("/{job_id}", status_code=204)
def delete(request: Request, principal: Deleter, job_id: str) -> None:
    """Erase a job with all that belongs to it: its results, its script, its upload unless another job uses it, and
    what was made on the way. It must have ended."""
    erasing.erase(context_of(request), principal.organisation, job_id)
