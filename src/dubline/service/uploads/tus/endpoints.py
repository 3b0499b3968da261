"""The tus protocol over HTTP: https://tus.io/protocols/resumable-upload"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import Context, context_of
from dubline.service.problem import ServiceError
from dubline.service.uploads import service
from dubline.service.uploads.holding import held
from dubline.service.uploads.service import NewUpload
from dubline.service.uploads.tus import headers, metadata
from dubline.service.uploads.tus.checksum import checksum
from dubline.service.uploads.tus.writing import append, settled
from dubline.storage.tables import Upload

router = APIRouter(prefix="/uploads", tags=["uploads"])


def versioned(request: Request) -> None:
    headers.check_version(request.headers)


Writer = Annotated[Principal, may(Operation.UPLOADS_WRITE)]
SPEAKS_TUS = [Depends(versioned)]
BYTES: dict[str, Any] = {
    "requestBody": {"content": {headers.CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.options("", status_code=204)
@router.options("/", status_code=204, include_in_schema=False)
@router.options("/{upload_id}", status_code=204)
def capabilities(request: Request, principal: Writer) -> Response:
    """What this server can do, as tus clients ask for it."""
    limits = service.limits(context_of(request), principal.organisation)
    return Response(status_code=204, headers=headers.capabilities(limits.max_upload_bytes))


@router.post("", status_code=201, dependencies=SPEAKS_TUS, openapi_extra=BYTES)
@router.post("/", status_code=201, dependencies=SPEAKS_TUS, include_in_schema=False)
async def create(request: Request, principal: Writer) -> Response:
    """Begin a resumable upload of `Upload-Length` bytes.

    `Upload-Metadata` may name the file (`filename`). The first bytes may come along as
    `application/offset+octet-stream`. The reply's `Location` is where PATCH sends the rest.
    """
    context, new = context_of(request), _new(request)
    checksum(request.headers.get("upload-checksum"))
    upload = await run_in_threadpool(service.create, context, principal, new)
    if headers.has_bytes(request.headers) or upload.size == 0:
        upload = await _first_bytes(context, upload, request)
    place = f"{context.settings.public_url.rstrip('/')}{request.url.path.rstrip('/')}/{upload.id}"
    return Response(status_code=201, headers={"Location": place, **headers.state(upload)})


def _new(request: Request) -> NewUpload:
    if "upload-defer-length" in request.headers:
        raise ServiceError(
            400,
            "length_deferred",
            "Uploads whose length is not known are not taken.",
            hint="Send Upload-Length.",
        )
    size = headers.number(request.headers, "Upload-Length")
    sent = request.headers.get("upload-metadata")
    name = metadata.filename(metadata.parsed(sent))
    return NewUpload(name, size, details={headers.METADATA: sent} if sent else {})


async def _first_bytes(context: Context, upload: Upload, request: Request) -> Upload:
    """If they are refused, the upload goes again: the reply has no room for its address."""
    try:
        return await append(context, upload, request, 0)
    except ServiceError:
        await run_in_threadpool(service.remove, context, upload.organisation_id, upload.id)
        raise


@router.head("/{upload_id}", dependencies=SPEAKS_TUS)
async def offset(request: Request, principal: Writer, upload_id: str) -> Response:
    """How many bytes are safe here: where to go on. A request that still sends to this upload is cut off."""
    context = context_of(request)
    upload = await run_in_threadpool(service.find, context, principal.organisation, upload_id)
    return Response(headers=headers.whole_state(await settled(context, upload)))


@router.patch("/{upload_id}", status_code=204, dependencies=SPEAKS_TUS, openapi_extra=BYTES)
async def write(request: Request, principal: Writer, upload_id: str) -> Response:
    """Send bytes from `Upload-Offset` on. The reply comes when they are safe on disk; the last one when the whole
    file is."""
    context = context_of(request)
    headers.check_content_type(request.headers)
    start = headers.number(request.headers, "Upload-Offset")
    upload = await run_in_threadpool(service.find, context, principal.organisation, upload_id)
    upload = await append(context, upload, request, start)
    return Response(status_code=204, headers=headers.state(upload))


@router.delete("/{upload_id}", status_code=204)
async def terminate(request: Request, principal: Writer, upload_id: str) -> Response:
    """Erase an upload, finished or not. One that a job was made of stays as long as the job."""
    context = context_of(request)
    if "tus-resumable" in request.headers:
        headers.check_version(request.headers)
    async with held(context, principal.organisation, upload_id):
        await run_in_threadpool(service.remove, context, principal.organisation, upload_id)
    return Response(status_code=204)
