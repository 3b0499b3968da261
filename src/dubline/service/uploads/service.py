"""What may be done with uploads."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy.orm import Session

from dubline.domain.errors import UserError
from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.problem import ServiceError, not_found
from dubline.service.uploads import files
from dubline.service.uploads.names import plain_name
from dubline.storage.blobs import file_digest
from dubline.storage.tables import Upload

HOUR = 3600.0


def begin(session: Session, principal: Principal, filename: str, size: int, hours: float) -> Upload:
    upload = new_upload(principal, filename, size, hours)
    session.add(upload)
    return upload


def new_upload(principal: Principal, filename: str, size: int, hours: float) -> Upload:
    """In no table yet."""
    now = time.time()
    return Upload(
        id=new_id("upl"),
        organisation_id=principal.organisation,
        user_id=principal.user,
        filename=plain_name(filename),
        size=size,
        offset=0,
        details={},
        created_at=now,
        expires_at=now + hours * HOUR,
    )


def get(session: Session, organisation: str, upload_id: str) -> Upload:
    found = session.get(Upload, upload_id)
    if found is None or found.organisation_id != organisation:
        raise not_found("upload")
    return found


def finish(context: Context, upload: Upload) -> Upload:
    """All bytes are here: give the file its place and note what it is. Large files take a while to read, so no
    transaction is open meanwhile."""
    place = files.complete(context, upload.id, upload.filename)
    size, digest = place.stat().st_size, file_digest(place)
    with context.database.writing() as session:
        row = session.get_one(Upload, upload.id)
        row.size = row.offset = size
        row.digest, row.completed_at = digest, time.time()
        session.flush()
        session.expunge(row)
    return row


def source(context: Context, upload: Upload) -> Path:
    """The finished file."""
    if upload.completed_at is None:
        raise ServiceError(
            409,
            "upload_incomplete",
            f"Only {upload.offset} of {upload.size} bytes of this upload are here.",
            hint="Finish the upload first.",
        )
    path = files.named_path(context, upload.id, upload.filename)
    if not path.is_file():
        raise UserError("upload_gone", "The uploaded file is not here any more.", hint="Upload it again.")
    return path
