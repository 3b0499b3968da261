"""Files on their way in."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dubline.storage.tables.base import Document, Table


class Upload(Table):
    """`offset` is how many bytes are safe on disk; complete once it is `size`."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    filename: Mapped[str] = mapped_column(String(1000))
    """As the sender called it; never a path of ours."""
    size: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256, once complete."""
    claims: Mapped[int] = mapped_column(default=0)
    """How often somebody came to write. A writer that sees it grow lets go, on whichever server it runs."""
    resumable: Mapped[bool] = mapped_column(default=True)
    """Whether the sender can go on after a break; what cannot be gone on with is rubbish once it breaks off."""
    details: Mapped[Document] = mapped_column(default=dict)
    created_at: Mapped[float]
    expires_at: Mapped[float] = mapped_column(index=True)
    completed_at: Mapped[float | None]
