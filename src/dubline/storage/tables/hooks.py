"""Webhooks: where to tell, what is still to be told, and what became of each try."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dubline.storage.tables.base import Document, Table


class Hook(Table):
    """`old_secret` is valid until `old_secret_until`, so that nobody loses a message over a change of secrets."""

    __tablename__ = "hooks"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    """None: for all jobs of the organisation."""
    url: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[str]]
    secret: Mapped[str]
    old_secret: Mapped[str | None]
    old_secret_until: Mapped[float | None]
    created_at: Mapped[float]
    disabled_at: Mapped[float | None]
    disabled_because: Mapped[str | None] = mapped_column(Text)


class Message(Table):
    """The outbox: written in the same transaction as what it tells of. `id` is the webhook-id of every try."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "status", "due_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    hook_id: Mapped[str] = mapped_column(ForeignKey("hooks.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[str] = mapped_column(String(40), index=True)
    job_id: Mapped[str | None] = mapped_column(String(40), index=True)
    number: Mapped[int] = mapped_column(BigInteger)
    """The event's number within its job: receivers order by it."""
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[Document]
    status: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[float]
    created_at: Mapped[float]
    delivered_at: Mapped[float | None]


class Try(Table):
    """One delivery that was tried."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    at: Mapped[float]
    seconds: Mapped[float]
    status_code: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(400))
