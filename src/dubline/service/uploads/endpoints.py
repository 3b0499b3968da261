"""Uploads over HTTP: the simple door, and a look at any upload. Large files and shaky lines use tus."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.jobs.accepting import accept
from dubline.service.jobs.schemas import Accepted
from dubline.service.replies.once import OneTimeKey, once
from dubline.service.uploads import service
from dubline.service.uploads.request import BODY, job_request
from dubline.service.uploads.schemas import UploadView
from dubline.service.uploads.sending import Sent, receive_form

router = APIRouter(tags=["uploads"])

Writer = Annotated[Principal, may(Operation.UPLOADS_WRITE)]


@router.post("/upload", status_code=202, openapi_extra=BODY, dependencies=[may(Operation.JOBS_WRITE)])
async def upload(request: Request, response: Response, principal: Writer, key: OneTimeKey = None) -> Accepted:
    """Upload a file and start dubbing it, in one call.

    The simplest way: `curl -F file=@talk.mp4 -F target_language=es`. A file that breaks off has to be sent again from
    its start; for large files and shaky lines there are resumable uploads at `/uploads`.
    """
    sent = await receive_form(context_of(request), principal, request)
    return await run_in_threadpool(_accepted, request, response, principal, sent, key)


def _accepted(
    request: Request, response: Response, principal: Principal, sent: Sent, key: str | None
) -> Accepted:
    """Once it is here one can tell whether this file came before. One that no job is made of goes at once: nobody
    was told its id."""
    context, upload = context_of(request), sent.uploads[0]

    @once
    def start(
        request: Request,
        response: Response,
        principal: Principal,
        fields: dict[str, list[str]],
        file: list[str | None],
        key: str | None,
    ) -> Accepted:
        job = accept(context, principal, job_request(upload.id, fields))
        return Accepted(
            job_id=job.id, status=job.status, message="Accepted; dubbing starts as soon as a worker is free."
        )

    try:
        file = [upload.filename, upload.digest]
        return start(request, response, principal, sent.fields, file, key)
    finally:
        service.remove_unused(context, principal.organisation, upload.id)


@router.get("/uploads/{upload_id}")
def one(request: Request, principal: Writer, upload_id: str) -> UploadView:
    """How far an upload is. Unlike a tus client's HEAD, asking does not disturb whoever is sending."""
    return UploadView.of(service.find(context_of(request), principal.organisation, upload_id))
