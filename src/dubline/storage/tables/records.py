"""What is kept about use: the audit log, usage, and replies to requests that may be repeated."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from dubline.storage.tables.base import Document, Table


class AuditEntry(Table):
    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_organisation_at", "organisation_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[str | None] = mapped_column(String(40))
    user_id: Mapped[str | None] = mapped_column(String(40))
    key_id: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(80))
    object: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[Document] = mapped_column(default=dict)
    at: Mapped[float]


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse_change(_mapper: object, _connection: object, entry: AuditEntry) -> None:
    """A log that can be rewritten proves nothing."""
    raise RuntimeError(f"the audit log is only ever added to; entry {entry.id} stays as it is")


class UsageEntry(Table):
    """What a job used up; kept when the job is gone."""

    __tablename__ = "usage"
    __table_args__ = (Index("ix_usage_organisation_at", "organisation_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[str] = mapped_column(String(40))
    job_id: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    media_seconds: Mapped[float]
    work_seconds: Mapped[float]
    bytes_stored: Mapped[int] = mapped_column(BigInteger)
    cost: Mapped[float]
    at: Mapped[float]


class Reply(Table):
    """The reply to a request that carried an Idempotency-Key, for those who ask again."""

    __tablename__ = "replies"

    organisation_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    """Digest of the request, so that another one under the same key is told apart."""
    seed: Mapped[str]
    """The ids of what the request makes follow from it, so that a second try finds what the first one made."""
    busy_until: Mapped[float]
    """Until then the first request is taken to be still at work."""
    status: Mapped[int | None]
    """None as long as there is no reply."""
    body: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[Document] = mapped_column(default=dict)
    at: Mapped[float] = mapped_column(index=True)
