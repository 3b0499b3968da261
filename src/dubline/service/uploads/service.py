"""What may be done with uploads."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from dubline.domain.errors import Gone
from dubline.service.access.limits import limits_of
from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.ids import new_id
from dubline.service.problem import ServiceError
from dubline.service.settings import Limits
from dubline.service.uploads import files, repository
from dubline.service.uploads.names import plain_name
from dubline.service.usage import quota
from dubline.storage.blobs import file_digest
from dubline.storage.tables import Document, Organisation, Upload

HOUR = 3600.0


@dataclass(frozen=True)
class NewUpload:
    filename: str
    size: int
    """In bytes, or how many are set aside until it is known."""
    details: Document = field(default_factory=dict)
    resumable: bool = True


def create(context: Context, principal: Principal, new: NewUpload) -> Upload:
    """An upload with room set aside for all of it."""
    with context.database.writing() as session:
        limits = limits_of(context.settings, session.get_one(Organisation, principal.organisation))
        check_size(limits, new.size)
        _check_count(session, principal.organisation, limits)
        quota.check(session, principal.organisation, limits, quota.Need(size=new.size))
        upload = begin(session, principal, new.filename, new.size, context.settings.upload_hours)
        upload.details, upload.resumable = new.details, new.resumable
        session.flush()
        session.expunge(upload)
    return upload


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


def grow(context: Context, upload: Upload, more: int) -> None:
    """More room, for a file that nobody said the size of."""
    with context.database.writing() as session:
        limits = limits_of(context.settings, session.get_one(Organisation, upload.organisation_id))
        check_size(limits, upload.size)
        more = min(more, limits.max_upload_bytes - upload.size + 1)
        quota.check(session, upload.organisation_id, limits, quota.Need(size=more))
        row = repository.get(session, upload.organisation_id, upload.id)
        row.size = upload.size = upload.size + more


def limits(context: Context, organisation: str) -> Limits:
    with context.database.reading() as session:
        return limits_of(context.settings, session.get_one(Organisation, organisation))


def check_size(limits: Limits, size: int) -> None:
    if size > limits.max_upload_bytes:
        raise ServiceError(
            413,
            "upload_too_large",
            f"A file may have {limits.max_upload_bytes:,} bytes.",
            hint="Send a shorter or smaller file, or ask the operator for more.",
        )


def _check_count(session: Session, organisation: str, limits: Limits) -> None:
    if repository.unused_count(session, organisation) >= limits.max_unused_uploads:
        raise ServiceError(
            429,
            "too_many_uploads",
            f"{limits.max_unused_uploads} uploads are there that no job uses.",
            hint="Make jobs of them, delete some, or wait until they expire.",
            headers={"Retry-After": "3600"},
        )


def get(session: Session, organisation: str, upload_id: str) -> Upload:
    """One that is there to be used."""
    upload = repository.get(session, organisation, upload_id)
    if upload.completed_at is None and upload.expires_at <= time.time():
        raise ServiceError(
            410, "upload_expired", "This upload was not finished in time.", hint="Begin a new one."
        )
    return upload


def find(context: Context, organisation: str, upload_id: str) -> Upload:
    with context.database.reading() as session:
        upload = get(session, organisation, upload_id)
        session.expunge(upload)
    return upload


def note(context: Context, upload: Upload, offset: int) -> None:
    """So many bytes are safe. Whoever still sends is given more time."""
    upload.offset, upload.expires_at = offset, time.time() + context.settings.upload_hours * HOUR
    with context.database.writing() as session:
        repository.note(session, upload.id, upload.offset, upload.expires_at)


def finish(context: Context, upload: Upload, digest: str | None = None) -> Upload:
    """All bytes are here: give the file its place and note what it is. Large files take a while to read, so no
    transaction is open meanwhile."""
    place = files.complete(context, upload.id, upload.filename)
    size, digest = place.stat().st_size, digest or file_digest(place)
    with context.database.writing() as session:
        row = repository.get(session, upload.organisation_id, upload.id)
        row.size = row.offset = size
        row.digest, row.completed_at = digest, time.time()
        row.expires_at = row.completed_at + context.settings.upload_hours * HOUR
        session.flush()
        session.expunge(row)
    return row


def remove(context: Context, organisation: str, upload_id: str) -> None:
    if not remove_unused(context, organisation, upload_id):
        raise ServiceError(
            409, "upload_in_use", "A job was made of this upload.", hint="Delete the job first."
        )


def remove_unused(context: Context, organisation: str, upload_id: str) -> bool:
    """The row first: a folder without a row is swept, a row without its file would promise what is not there."""
    with context.database.writing() as session:
        upload = repository.get(session, organisation, upload_id)
        if repository.is_used(session, upload_id):
            return False
        session.delete(upload)
    files.remove(context, upload_id)
    return True


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
        raise Gone("upload_gone", "The uploaded file is not here any more.", hint="Upload it again.")
    return path
