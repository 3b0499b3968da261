"""Scripts as people edit them, and every version there has been."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dubline.storage.tables.base import Document, Table


class ScriptRow(Table):
    """The newest version of one job's script in one language. `rendered` is the version the files say."""

    __tablename__ = "scripts"
    __table_args__ = (UniqueConstraint("job_id", "target"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int]
    rendered: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    document: Mapped[Document]
    updated_at: Mapped[float]


class ScriptRevision(Table):
    """One version: what was done to get there, by whom, and the lines it left. Undo goes back along these."""

    __tablename__ = "script_revisions"
    __table_args__ = (UniqueConstraint("script_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    script_id: Mapped[str] = mapped_column(ForeignKey("scripts.id", ondelete="CASCADE"))
    revision: Mapped[int]
    user_id: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[Document]
    at: Mapped[float]
