"""Downloads over HTTP."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import Context, context_of
from dubline.service.downloads import kinds, links, listing, on_demand, service
from dubline.service.downloads.kinds import Format, Kind, Text
from dubline.service.downloads.links import File, Granted
from dubline.service.downloads.schemas import Link, OutputList, Preparing
from dubline.service.downloads.sending import reply
from dubline.service.moments import moment
from dubline.service.previews.making import COME_BACK, maker_of
from dubline.service.uploads.names import content_disposition

router = APIRouter(tags=["downloads"])

Reader = Annotated[Principal, may(Operation.JOBS_READ)]
Language = Annotated[str | None, Query(max_length=40, description="Needed where the job has several.")]


@router.get("/jobs/{job_id}/outputs")
def outputs(request: Request, principal: Reader, job_id: str) -> OutputList:
    """What can be downloaded of a job. Files without a size are made when they are asked for.

    Stems are listed while what they are made from is kept: the longest unused makes way for new work. Rendering a
    language again brings them back.
    """
    return OutputList(outputs=listing.listed(context_of(request), principal, job_id))


@router.get("/jobs/{job_id}/download", responses={202: {"model": Preparing}})
async def download(
    request: Request,
    response: Response,
    principal: Reader,
    job_id: str,
    language: Language = None,
    kind: Kind = Kind.RESULT,
    format: Format | None = None,
    text: Text = Text.TARGET,
) -> Link | Preparing:
    """A link to one of a job's files, good for some minutes; it can be followed without a key, in parts, and again.

    `audio` is the dubbed sound alone (`m4a`, `flac`); `stems` are its `voice` and its `background` as FLAC, or both
    in a `zip`; `subtitles` come as `srt`, `vtt` or `ass`, of the `target` text or of the `source`. What must be made
    first and takes long is answered by 202: ask again after `Retry-After` seconds.
    """
    context = context_of(request)
    service.check(kind, format)
    row = on_demand.MADE_FROM.get(kind) or kinds.row_kind(kind, format, text)
    found = await run_in_threadpool(service.wanted, context, principal, job_id, language, row)
    if kind not in on_demand.MADE_FROM:
        return link_to(request, principal, service.stored(context, found, kind))
    place, form = on_demand.place_of(context, found, kind, format)
    if not await maker_of(request).made(place, on_demand.making(context, found, kind, form)):
        return preparing(response)
    return link_to(request, principal, on_demand.file_of(found, place, form))


def preparing(response: Response) -> Preparing:
    response.status_code = 202
    response.headers["Retry-After"] = str(COME_BACK)
    return Preparing()


def link_to(request: Request, principal: Principal, file: File) -> Link:
    context = context_of(request)
    token, until = links.signed(context, principal, file)
    return Link(
        download_url=f"{address_of(request, context)}/api/v1/files/{token}",
        filename=file.filename,
        file_size=file.path.stat().st_size,
        media_type=file.media_type,
        expires_at=moment(until),
    )


def address_of(request: Request, context: Context) -> str:
    return (context.settings.public_url or str(request.base_url)).rstrip("/")


@router.get("/files/{token}", response_class=Response, responses={206: {}, 304: {}, 410: {}, 416: {}})
@router.head("/files/{token}", response_class=Response, include_in_schema=False)
def fetch(request: Request, grant: Granted) -> Response:
    """A file by its link. Ranges (one or several), `If-Range` and `If-None-Match` work as players expect."""
    headers = {
        "Content-Type": grant.media_type,
        "Content-Disposition": content_disposition(grant.filename, inline=grant.inline),
    }
    descriptor = links.opened(context_of(request), grant)
    try:
        return reply(request, descriptor, headers, grant.version)
    except BaseException:
        os.close(descriptor)
        raise
