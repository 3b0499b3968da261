"""Webhooks: where to tell, what is still to be told, and what became of each try."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dubline.storage.tables.base import Document, Table


class Hook(Table):
    """`old_secret` is valid until `old_secret_until`, so that nobody loses a message over a change of secrets."""

    __tablename__ = "hooks"
    __table_args__ = (
        Index("ix_hooks_endpoint", "organisation_id", "url"),
        Index("ix_hooks_wanting", "organisation_id", "job_id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    """None: for all jobs of the organisation."""
    url: Mapped[str] = mapped_column(String(2000))
    kinds: Mapped[list[str]]
    """Empty: everything but what must be asked for."""
    description: Mapped[str] = mapped_column(String(400), default="")
    secret: Mapped[str]
    old_secret: Mapped[str | None]
    old_secret_until: Mapped[float | None]
    created_at: Mapped[float]
    failing_since: Mapped[float | None] = mapped_column(index=True)
    """When the first try failed after the last one that did not."""
    resting_until: Mapped[float] = mapped_column(default=0.0)
    """The receiver asked to be left alone until then."""
    disabled_at: Mapped[float | None]
    disabled_because: Mapped[str | None] = mapped_column(Text)


class Message(Table):
    """The outbox: written in the same transaction as what it tells of. `id` is the webhook-id of every try. A server
    that is sending holds the message by a lease; `tries` counts before each, so a late one is told apart."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("hook_id", "job_id", "number"),
        Index("ix_outbox_due", "status", "due_at"),
        Index("ix_outbox_hook_due", "hook_id", "status", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    hook_id: Mapped[str] = mapped_column(ForeignKey("hooks.id", ondelete="CASCADE"))
    organisation_id: Mapped[str] = mapped_column(String(40), index=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(BigInteger)
    """The event's number within its job: receivers order by it."""
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[Document]
    status: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[float]
    lease_until: Mapped[float] = mapped_column(default=0.0, index=True)
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
    reply: Mapped[str] = mapped_column(String(1000), default="")
    """How the receiver's reply began."""
