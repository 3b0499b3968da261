"""Who may do what: organisations, their people, the keys people use."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dubline.storage.tables.base import Document, Table


class Organisation(Table):
    """The tenant: everything belongs to one, and none sees another's."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str]
    limits: Mapped[Document] = mapped_column(default=dict)
    """Deviations from the usual limits, by name."""
    created_at: Mapped[float]


class User(Table):
    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[float]
    disabled_at: Mapped[float | None]
    signed_out_at: Mapped[float | None]
    """Sessions in a browser that began before this are over."""


class Key(Table):
    """A secret for programs. Only its digest is kept; `prefix` lets a person tell keys apart."""

    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[float]
    expires_at: Mapped[float | None]
    revoked_at: Mapped[float | None]
    last_used_at: Mapped[float | None]
