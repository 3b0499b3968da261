"""Scripts as people edit them, line by line, and every step that was taken."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
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
    document: Mapped[Document] = mapped_column(deferred=True)
    """All but the lines."""
    error_code: Mapped[str | None] = mapped_column(String(80))
    error_message: Mapped[str | None] = mapped_column(Text)
    """Why the last render failed, until another one is begun."""
    updated_at: Mapped[float]


class ScriptLine(Table):
    """One line as it is now. A row each, so that an edit of one among thousands writes that one. `revision` is that
    of the script which changed the line last: it never comes back, not even by undo."""

    __tablename__ = "script_lines"
    __table_args__ = (Index("ix_script_lines_order", "script_id", "start", "end", "line_id"),)

    script_id: Mapped[str] = mapped_column(ForeignKey("scripts.id", ondelete="CASCADE"), primary_key=True)
    line_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger)
    end: Mapped[int] = mapped_column(BigInteger)
    speaker: Mapped[str]
    flags: Mapped[str] = mapped_column(Text)
    """With a space around each, so that one is found by its name."""
    revision: Mapped[int]
    document: Mapped[Document]


class ScriptRevision(Table):
    """One step: what was done, by whom, and the lines it changed, before and after. Undo goes back along these.

    `standing` tells what undo and redo may do with it: `done`, `undone`, or none where it is out of their reach.
    """

    __tablename__ = "script_revisions"
    __table_args__ = (UniqueConstraint("script_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    script_id: Mapped[str] = mapped_column(ForeignKey("scripts.id", ondelete="CASCADE"))
    revision: Mapped[int]
    user_id: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(Text, default="")
    standing: Mapped[str] = mapped_column(String(10), default="")
    changes: Mapped[Document] = mapped_column(deferred=True)
    at: Mapped[float]
