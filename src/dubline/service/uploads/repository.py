"""Uploads in their table. Every look-up names the organisation, so that nobody finds what is another's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
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


def unused_past(session: Session, now: float, form_before: float) -> Sequence[Upload]:
    """Past their time, or forms from long ago: of those nobody knows the id."""
    past = or_(Upload.expires_at <= now, and_(~Upload.resumable, Upload.created_at < form_before))
    return session.scalars(select(Upload).where(past, ~used())).all()


def delete_unclaimed(session: Session, upload_id: str, claims: int) -> bool:
    """Unless somebody came to write to it meanwhile, or to make a job of it."""
    row = session.get(Upload, upload_id)
    if row is None or row.claims != claims or is_used(session, upload_id):
        return False
    session.delete(row)
    return True


def known(session: Session, upload_ids: Sequence[str]) -> set[str]:
    return set(session.scalars(select(Upload.id).where(Upload.id.in_(upload_ids))))
