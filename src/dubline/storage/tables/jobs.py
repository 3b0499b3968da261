"""Jobs, the stages people see of them, the tasks that workers take, the files that came out."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dubline.storage.tables.base import Document, Table
from dubline.storage.tables.scripts import ScriptRow


class Job(Table):
    """What somebody asked for and how it stands: uploaded, processing, completed, failed or cancelled."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_organisation_created", "organisation_id", "created_at", "id"),
        Index("ix_jobs_expires", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    upload_id: Mapped[str | None] = mapped_column(ForeignKey("uploads.id"), index=True)
    source_url: Mapped[str | None] = mapped_column(Text)
    batch_id: Mapped[str | None] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(1000))
    targets: Mapped[list[str]]
    settings: Mapped[Document]
    labels: Mapped[Document] = mapped_column(default=dict)
    """What the sender wants to find again; nobody else reads it."""
    policy: Mapped[Document] = mapped_column(default=dict)
    """What the content policy said of it: `state` and `reasons`."""
    priority: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(20), index=True)
    progress: Mapped[float] = mapped_column(default=0.0)
    current_stage: Mapped[str | None] = mapped_column(String(40))
    eta_seconds: Mapped[float | None]
    media_seconds: Mapped[float] = mapped_column(default=0.0)
    source_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    error_code: Mapped[str | None] = mapped_column(String(80))
    error_message: Mapped[str | None] = mapped_column(Text)
    trace: Mapped[str | None] = mapped_column(String(55))
    """Of the request that made it, as W3C `traceparent` writes it; the work belongs to the same trace."""
    events: Mapped[int] = mapped_column(default=0)
    """How many events it has had: the number of the newest."""
    created_at: Mapped[float]
    started_at: Mapped[float | None]
    finished_at: Mapped[float | None]
    updated_at: Mapped[float]
    expires_at: Mapped[float]
    cancel_requested_at: Mapped[float | None]
    scripts: Mapped[list[ScriptRow]] = relationship(
        lazy="selectin", order_by=ScriptRow.target, passive_deletes="all"
    )
    """What people see of a job tells how its scripts stand."""


class Stage(Table):
    """One classic stage of a job as it went."""

    __tablename__ = "processing_stages"
    __table_args__ = (UniqueConstraint("job_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    progress: Mapped[float] = mapped_column(default=0.0)
    detail: Mapped[str] = mapped_column(String(400), default="")
    seconds: Mapped[float] = mapped_column(default=0.0)
    steps: Mapped[int] = mapped_column(default=0)
    reused: Mapped[int] = mapped_column(default=0)
    """How many of its steps were finished before, and not done again."""
    engines: Mapped[list[str]] = mapped_column(default=list)
    started_at: Mapped[float | None]
    finished_at: Mapped[float | None]
    error: Mapped[str | None] = mapped_column(Text)


class Task(Table):
    """A piece of a job's work in the queue. A worker holds it by a lease; `fence` grows with every new holder, and
    whoever comes with an old one is refused. `attempts` counts before the work begins, so that a file which kills
    its worker is not tried for ever."""

    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_queue", "status", "priority", "created_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    priority: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[float | None]
    not_before: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[float]
    finished_at: Mapped[float | None]


class Output(Table):
    """A file that came out of a job: its newest version by kind and target language."""

    __tablename__ = "artefacts"
    __table_args__ = (UniqueConstraint("job_id", "target", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(1000))
    """What it is called when it is fetched."""
    path: Mapped[str] = mapped_column(String(1000))
    """Where it lies, told from the data folder."""
    media_type: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[float]
