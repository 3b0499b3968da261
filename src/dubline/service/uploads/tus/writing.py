"""Bytes for an upload, from whichever request."""

from __future__ import annotations

import hashlib

from fastapi import Request

from dubline.service.context import Context
from dubline.service.problem import ServiceError
from dubline.service.uploads.holding import held
from dubline.service.uploads.incoming import Incoming, incoming
from dubline.service.uploads.receiving import Receiver, receive, receiver, too_long
from dubline.service.uploads.tus.checksum import Checksum, checksum
from dubline.storage.tables import Upload


async def settled(context: Context, upload: Upload) -> Upload:
    """The upload with nobody writing to it: the offset it tells holds until somebody does."""
    if upload.completed_at is not None:
        return upload
    async with held(context, upload.organisation_id, upload.id) as hold, receiver(hold) as to:
        return to.upload


async def append(context: Context, upload: Upload, request: Request, offset: int) -> Upload:
    """The request's body behind what is there, if that ends where the sender thinks."""
    asked = checksum(request.headers.get("upload-checksum"))
    async with (
        held(context, upload.organisation_id, upload.id) as hold,
        incoming(request, context.settings.upload_patience_seconds) as body,
    ):
        _check_offset(hold.upload, offset)
        _check_length(hold.upload, request)
        if hold.upload.completed_at is not None:
            return hold.upload
        async with receiver(hold) as to:
            _check_offset(to.upload, offset)
            await (_receive_checked(to, body, asked) if asked else receive(to, body))
        return hold.upload


def _check_offset(upload: Upload, offset: int) -> None:
    if offset != upload.offset:
        raise ServiceError(
            409,
            "offset_conflict",
            f"There are {upload.offset:,} bytes here; the next ones cannot stand at {offset:,}.",
            hint="Ask for the offset with HEAD and go on from there.",
        )


def _check_length(upload: Upload, request: Request) -> None:
    """Better refused at once than after the last byte that fits."""
    if upload.offset + int(request.headers.get("content-length", 0)) > upload.size:
        raise too_long(upload)


async def _receive_checked(to: Receiver, body: Incoming, asked: Checksum) -> None:
    """All of the body or nothing: what was not compared is not kept."""
    start, found = to.offset, hashlib.new(asked.algorithm)
    try:
        while (data := await body.next()) is not None:
            if to.offset + len(data) > to.upload.size:
                raise too_long(to.upload)
            found.update(data)
            await to.take(data)
        asked.check(found.digest())
    except BaseException:
        await to.back_to(start)
        raise
    await to.save()
