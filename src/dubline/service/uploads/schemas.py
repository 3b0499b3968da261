"""Uploads as clients read them."""

from __future__ import annotations

from pydantic import BaseModel

from dubline.service.moments import Instant, moment, moment_or_none
from dubline.storage.tables import Upload


class UploadView(BaseModel):
    """`offset` is how many bytes are safe on disk."""

    id: str
    filename: str
    size: int
    offset: int
    complete: bool
    digest: str | None
    """SHA-256, once complete."""
    created_at: Instant
    completed_at: Instant | None
    expires_at: Instant

    @classmethod
    def of(cls, upload: Upload) -> UploadView:
        return cls(
            id=upload.id,
            filename=upload.filename,
            size=upload.size,
            offset=upload.offset,
            complete=upload.completed_at is not None,
            digest=upload.digest,
            created_at=moment(upload.created_at),
            completed_at=moment_or_none(upload.completed_at),
            expires_at=moment(upload.expires_at),
        )
