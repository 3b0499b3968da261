"""Uploads in their table. Every look-up names the organisation, so that nobody finds what is another's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from dubline.service.problem import not_found
from dubline.storage.tables import Job, Upload


def get(session: Session, organisation: str, upload_id: str) -> Upload:
    found = session.get(Upload, upload_id)
    if found is None or found.organisation_id != organisation:
        raise not_found("upload")
    return found


def claims(session: Session, upload_id: str) -> int | None:
    return session.scalar(select(Upload.claims).where(Upload.id == upload_id))


def note(session: Session, upload_id: str, offset: int, expires_at: float) -> None:
    session.execute(update(Upload).where(Upload.id == upload_id).values(offset=offset, expires_at=expires_at))


def used() -> ColumnElement[bool]:
    """Whether a job was made of the upload."""
    return exists().where(Job.upload_id == Upload.id)


def is_used(session: Session, upload_id: str) -> bool:
    return session.scalar(select(Upload.id).where(Upload.id == upload_id, used())) is not None


def unused_count(session: Session, organisation: str) -> int:
    wanted = select(func.count()).where(Upload.organisation_id == organisation, ~used())
    return session.scalar(wanted) or 0


def unused_older_than(session: Session, moment: float) -> Sequence[Upload]:
    return session.scalars(select(Upload).where(Upload.created_at < moment, ~used())).all()


def known(session: Session, upload_ids: Sequence[str]) -> set[str]:
    return set(session.scalars(select(Upload.id).where(Upload.id.in_(upload_ids))))
