"""What happened, in order: the truth behind live progress and webhooks."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from dubline.storage.tables.base import Document, Table


class Event(Table):
    """`id` orders all events; `number` counts those of one job from 1."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_job", "job_id", "number", unique=True), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(40), index=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[Document]
    at: Mapped[float]


class Ticket(Table):
    """Lets a browser open one stream of one job, once: it can set no header there, and a key has no place in an
    address. Only the digest is kept; whoever deletes the row has used the ticket."""

    __tablename__ = "stream_tickets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    key_id: Mapped[str | None] = mapped_column(ForeignKey("keys.id", ondelete="CASCADE"))
    expires_at: Mapped[float] = mapped_column(index=True)
