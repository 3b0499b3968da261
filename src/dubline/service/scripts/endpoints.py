"""Scripts over HTTP: read, edit, render.

Every write names in If-Match the revision it was based on: edits of a line that of the line, so that two people can
work on different lines; what concerns the whole (insert, undo, redo) that of the script.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.scripts import preconditions, repository
from dubline.service.scripts.preconditions import Known
from dubline.service.scripts.repository import Filter
from dubline.service.scripts.schemas import (
    History,
    LinePage,
    LineView,
    ScriptView,
    StepDetail,
    StepView,
    line_document,
    script_document,
)

router = APIRouter(prefix="/jobs/{job_id}/scripts/{target}", tags=["scripts"])

Reader = Annotated[Principal, may(Operation.JOBS_READ)]


@router.get("", response_model=ScriptView)
def whole(request: Request, principal: Reader, job_id: str, target: str, known: Known = None) -> Response:
    """The script in one language: who speaks when, what was said and what the dub says, and how it was rendered.

    The ETag is the script's revision and the revision that was rendered; with If-None-Match nothing is sent again.
    """
    with context_of(request).database.reading() as session:
        found = repository.get(session, principal.organisation, job_id, target)
        tag = preconditions.etag(found.row)
        if same := preconditions.unchanged(known, tag):
            return same
        document = script_document(job_id, found.row, repository.lines(session, found.row))
    return JSONResponse(document, headers={"ETag": tag})


@router.get("/lines", response_model=LinePage)
def listed(
    request: Request,
    principal: Reader,
    job_id: str,
    target: str,
    wanted: Annotated[Filter, Depends()],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    known: Known = None,
) -> Response:
    """Lines in order of time, a page at a time: all of them, one speaker's, those with a flag, those edited since
    the last render, or those between two moments."""
    with context_of(request).database.reading() as session:
        row = repository.get(session, principal.organisation, job_id, target).row
        tag = preconditions.etag(row)
        if same := preconditions.unchanged(known, tag):
            return same
        page = repository.page(session, row, wanted, cursor, limit)
        document = {
            "language": row.target,
            "revision": row.revision,
            "lines": [line_document(line, row) for line in page.lines],
            "next_cursor": page.next_cursor,
        }
    return JSONResponse(document, headers={"ETag": tag})


@router.get("/lines/{line_id}", response_model=LineView)
def one(
    request: Request, principal: Reader, job_id: str, target: str, line_id: str, known: Known = None
) -> Response:
    """One line. Its ETag is what a later write names in If-Match."""
    with context_of(request).database.reading() as session:
        row = repository.get(session, principal.organisation, job_id, target).row
        line = repository.line(session, row, line_id)
        tag = preconditions.etag(row, line.revision)
        document = line_document(line, row)
    return preconditions.unchanged(known, tag) or JSONResponse(document, headers={"ETag": tag})


@router.get("/history")
def history(
    request: Request,
    principal: Reader,
    job_id: str,
    target: str,
    before: Annotated[int | None, Query(description="Only steps before this revision.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> History:
    """Who did what and when, newest first."""
    with context_of(request).database.reading() as session:
        row = repository.get(session, principal.organisation, job_id, target).row
        return History(steps=[StepView.of(step) for step in repository.history(session, row, before, limit)])


@router.get("/history/{revision}")
def step(request: Request, principal: Reader, job_id: str, target: str, revision: int) -> StepDetail:
    """One step, with the lines it changed as they were before and after."""
    with context_of(request).database.reading() as session:
        row = repository.get(session, principal.organisation, job_id, target).row
        return StepDetail.of(repository.revision(session, row, revision))
