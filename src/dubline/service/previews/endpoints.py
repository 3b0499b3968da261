"""Previews over HTTP."""

from __future__ import annotations

import hashlib
import os
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.downloads.endpoints import Language, link_to, preparing
from dubline.service.downloads.links import made_version
from dubline.service.downloads.schemas import Link, Preparing
from dubline.service.downloads.sending import known, reply
from dubline.service.previews import peaks, service
from dubline.service.previews.making import COME_BACK, maker_of
from dubline.service.previews.sources import Track
from dubline.service.problem import ServiceError

router = APIRouter(prefix="/jobs/{job_id}", tags=["previews"])

Reader = Annotated[Principal, may(Operation.JOBS_READ)]
Which = Annotated[Track, Query(description="The dub, or the original beside it on the same timeline.")]

LONGEST_CLIP = 60.0
LATEST = 12 * 3600.0

PREPARING: dict[int | str, dict[str, Any]] = {202: {"model": Preparing}}


@router.get("/preview", responses=PREPARING)
async def preview(
    request: Request,
    response: Response,
    principal: Reader,
    job_id: str,
    language: Language = None,
    start_time: Annotated[float, Query(ge=0, le=LATEST, allow_inf_nan=False)] = 0.0,
    duration: Annotated[float, Query(gt=0, le=LONGEST_CLIP, allow_inf_nan=False)] = 15.0,
    track: Which = Track.DUB,
) -> Link | Preparing:
    """A link to a short clip, made when it is first asked for; times in seconds, to the tenth."""
    start, length = round(start_time, 1), max(0.1, round(duration, 1))
    name = f"clip-{start:.1f}-{length:.1f}.mp4"
    found = await run_in_threadpool(
        service.of_dub, context_of(request), principal, job_id, language, track, name
    )
    service.check_start(found, start)
    if not await maker_of(request).made(found.place, found.make_clip(start, length)):
        return preparing(response)
    return link_to(request, principal, found.file(".preview.mp4", "video/mp4"))


@router.get("/proxy", responses=PREPARING)
async def proxy(
    request: Request,
    response: Response,
    principal: Reader,
    job_id: str,
    language: Language = None,
    track: Which = Track.DUB,
) -> Link | Preparing:
    """A link to a small copy of the whole film for editing: 360 lines, H.264 with AAC, in pieces that a player can
    begin with at once. Made once for each version of the dub."""
    found = await run_in_threadpool(
        service.of_dub, context_of(request), principal, job_id, language, track, "proxy.mp4"
    )
    if not await maker_of(request).made(found.place, found.make_proxy):
        return preparing(response)
    return link_to(request, principal, found.file(".proxy.mp4", "video/mp4"))


@router.get(
    "/picture", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}, **PREPARING}
)
async def picture(request: Request, principal: Reader, job_id: str) -> Response:
    """A picture from the film, as JPEG; there as soon as the upload is."""
    found = await run_in_threadpool(service.of_source, context_of(request), principal, job_id, "picture.jpg")
    if not await maker_of(request).made(found.place, found.make_picture):
        return not_yet()
    descriptor = os.open(found.place, os.O_RDONLY)
    return reply(request, descriptor, {"Content-Type": "image/jpeg"}, made_version(found.place))


@router.get(
    "/peaks",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}, "application/json": {}}}, **PREPARING},
)
async def waveform(
    request: Request,
    principal: Reader,
    job_id: str,
    language: Language = None,
    track: Which = Track.DUB,
    zoom: Annotated[int | None, Query(description="Pairs per second: 80, 20, 5 or 1.")] = None,
    format: Literal["dat", "json"] = "dat",
) -> Response:
    """The waveform as pairs of lowest and highest sample, as audiowaveform has it: `dat` (version 2) or `json`.
    Without `zoom` the finest that stays under 2 MB, which three hours do at 80 pairs a second."""
    found = await run_in_threadpool(
        service.of_dub, context_of(request), principal, job_id, language, track, "peaks"
    )
    if not await maker_of(request).made(found.place, found.make_peaks):
        return not_yet()
    etag = '"' + hashlib.sha256(f"{made_version(found.place)} {zoom} {format}".encode()).hexdigest() + '"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if known(request, etag):
        return Response(status_code=304, headers=headers)
    return await run_in_threadpool(_drawn, found, zoom, format, headers)


def _drawn(found: service.Preview, zoom: int | None, form: str, headers: dict[str, str]) -> Response:
    finest = peaks.read(found.place)
    zooms = peaks.fitting(finest, form)
    if zoom is not None and zoom not in zooms:
        listed = ", ".join(map(str, zooms))
        raise ServiceError(
            422, "zoom_unknown", f"There is no zoom of {zoom} here.", hint=f"Choose one of: {listed}."
        )
    chosen = zoom or zooms[0]
    pairs = peaks.coarser(finest, chosen)
    if form == "json":
        return JSONResponse(peaks.document(pairs, chosen), headers=headers)
    return Response(peaks.encoded(pairs, chosen), media_type="application/octet-stream", headers=headers)


def not_yet() -> Response:
    return JSONResponse(Preparing().model_dump(), status_code=202, headers={"Retry-After": str(COME_BACK)})
