"""The audit log in its table."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dubline.storage.tables import AuditEntry


@dataclass(frozen=True)
class Filter:
    action: str | None = None
    user_id: str | None = None
    outcome: str | None = None
    since: float | None = None
    until: float | None = None


def page(
    session: Session, organisation: str, wanted: Filter, before: int | None, size: int
) -> list[AuditEntry]:
    """Newest first. Entries are numbered as they are written, so the last one's number is where to go on."""
    query = select(AuditEntry).where(AuditEntry.organisation_id == organisation)
    equal = (
        (AuditEntry.action, wanted.action),
        (AuditEntry.user_id, wanted.user_id),
        (AuditEntry.outcome, wanted.outcome),
    )
    for column, value in equal:
        query = query if value is None else query.where(column == value)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(size)))
