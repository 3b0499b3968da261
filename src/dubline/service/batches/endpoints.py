"""Batches over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import Scope

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.batches import form, repository, service
from dubline.service.batches.schemas import BatchMade, BatchRequest, BatchView
from dubline.service.context import context_of
from dubline.service.gate.bodies import is_stream
from dubline.service.replies.once import OneTimeKey, once
from dubline.service.uploads import service as uploads
from dubline.service.uploads.sending import Sent, receive_form

router = APIRouter(prefix="/batches", tags=["batches"])

Reader = Annotated[Principal, may(Operation.JOBS_READ)]
Writer = Annotated[Principal, may(Operation.JOBS_WRITE)]


class FormRoute(APIRoute):
    """Takes what the gate lets through unread, which is whatever is no JSON."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        wanted = scope["type"] == "http" and is_stream(scope)
        return super().matches(scope) if wanted else (Match.NONE, {})


async def create_of_files(
    request: Request, response: Response, principal: Writer, key: OneTimeKey = None
) -> BatchMade:
    """The files and their jobs in one call."""
    sent = await receive_form(context_of(request), principal, request, form.MOST_FILES)
    return await run_in_threadpool(_made_of_files, request, response, principal, sent, key)


def _made_of_files(
    request: Request, response: Response, principal: Principal, sent: Sent, key: str | None
) -> BatchMade:
    """Files that no job is made of go at once: nobody was told their ids."""

    @once
    def start(
        request: Request,
        response: Response,
        principal: Principal,
        fields: dict[str, list[str]],
        files: list[list[str | None]],
        key: str | None,
    ) -> BatchMade:
        return _submitted(request, response, principal, form.batch_request(sent.uploads, fields))

    try:
        files = [[each.filename, each.digest] for each in sent.uploads]
        return start(request, response, principal, sent.fields, files, key)
    finally:
        for each in sent.uploads:
            uploads.remove_unused(context_of(request), principal.organisation, each.id)


router.add_api_route(
    "",
    create_of_files,
    methods=["POST"],
    status_code=201,
    dependencies=[may(Operation.UPLOADS_WRITE)],
    include_in_schema=False,
    route_class_override=FormRoute,
)


def _submitted(request: Request, response: Response, principal: Principal, asked: BatchRequest) -> BatchMade:
    made = service.submit(context_of(request), principal, asked)
    response.headers["Location"] = f"/api/v1/batches/{made.batch_id}"
    return made


@router.post("", status_code=201, openapi_extra=form.BODY)
@once
def create(
    request: Request, response: Response, principal: Writer, asked: BatchRequest, key: OneTimeKey = None
) -> BatchMade:
    """Ask for many jobs in one call: a list of jobs as `POST /jobs` takes them, with `defaults` for what they share.

    All are looked at before any is accepted. If some are refused, none is accepted, and the problem's `errors` tell
    which and why; with `partial: true` the others are accepted and the reply tells the same. A job's `priority`
    (from -10, whenever nothing else waits, to 10, before everything else of yours) orders the jobs of one person;
    among people and organisations places are shared evenly, however many jobs each of them brings.

    As `multipart/form-data` it takes the files along, up to a hundred: `curl -F file=@a.mp4 -F file=@b.mp4
    -F target_language=es`. The fields hold for all of them; or a `manifest` names each by its `file`. What breaks off
    has to be sent again from its start: large files are better uploaded by tus first.
    """
    return _submitted(request, response, principal, asked)


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
