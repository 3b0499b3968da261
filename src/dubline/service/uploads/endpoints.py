"""Uploads over HTTP: the simple door. Large files and shaky lines use tus."""

from __future__ import annotations

import shutil
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import Context, context_of
from dubline.service.jobs.accepting import accept
from dubline.service.jobs.schemas import Accepted, JobRequest
from dubline.service.replies.once import OneTimeKey, once
from dubline.service.uploads import files, service
from dubline.storage.blobs import disk_full_is_plain
from dubline.storage.tables import Upload

router = APIRouter(tags=["uploads"])

Writer = Annotated[Principal, may(Operation.UPLOADS_WRITE)]


@router.post("/upload", status_code=202)
@once
def upload(
    request: Request,
    response: Response,
    principal: Writer,
    file: Annotated[UploadFile, File(description="A video or sound file.")],
    target_language: Annotated[str, Form(description="One language, or several with commas between them.")],
    source_language: Annotated[str, Form()] = "auto",
    key: OneTimeKey = None,
) -> Accepted:
    """Upload a file and start dubbing it, in one call."""
    context = context_of(request)
    received = _receive(context, principal, file)
    targets = [language.strip() for language in target_language.split(",") if language.strip()]
    asked = JobRequest(
        upload_id=received.id, source_language=source_language, target_languages=targets or [""]
    )
    job = accept(context, principal, asked)
    return Accepted(
        job_id=job.id, status=job.status, message="Accepted; dubbing starts as soon as a worker is free."
    )


def _receive(context: Context, principal: Principal, file: UploadFile) -> Upload:
    with context.database.writing() as session:
        row = service.begin(
            session, principal, file.filename or "", file.size or 0, context.settings.upload_hours
        )
        session.flush()
        session.expunge(row)
    place = files.path_of(context, row.id)
    with disk_full_is_plain():
        place.parent.mkdir(parents=True)
        with place.open("wb") as out:
            shutil.copyfileobj(file.file, out, 1 << 20)
    return service.finish(context, row)
