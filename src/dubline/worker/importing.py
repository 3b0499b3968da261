"""An import, as a task: what the job's URL names becomes its upload; then the dub waits for a worker."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from dubline.domain.errors import Cancelled, DublineError
from dubline.domain.media import MediaFacts, programme_span
from dubline.domain.settings import DubSettings
from dubline.imports.errand import Errand
from dubline.imports.fetch import fetch
from dubline.runs.tracker import PhaseState
from dubline.service.access.limits import limits_of
from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.service.jobs import queue, service
from dubline.service.jobs.accepting import look_at_source
from dubline.service.jobs.queue import Claim
from dubline.service.jobs.states import Status, TaskStatus
from dubline.service.uploads import files
from dubline.service.uploads import service as uploads
from dubline.service.uploads.names import plain_name
from dubline.service.usage import quota
from dubline.storage.tables import Job, Organisation, Stage, Upload

SHARE = 0.1
"""Of a job's progress that an import counts for."""

MIB = 1 << 20


class Fetching:
    """How far an import is, as the teller reads it from its own thread."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._done, self._total = 0, 0
        self._over = False

    def report(self, done: int, total: int | None) -> None:
        with self._lock:
            self._done, self._total = done, total or 0

    def phases(self) -> list[PhaseState]:
        with self._lock:
            seconds = time.monotonic() - self._started
            return [PhaseState(service.IMPORT, self._share(), True, self._detail(), seconds)]

    def fraction(self) -> float:
        with self._lock:
            return SHARE * self._share()

    def eta(self) -> float | None:
        """How long the dub will take is not known before the video is here."""
        return None

    def _share(self) -> float:
        return min(0.99, self._done / self._total) if self._total else 0.0

    def _detail(self) -> str:
        of = f" of {self._total / MIB:.1f}" if self._total else ""
        return f"{self._done / MIB:.1f}{of} MiB"


def bring(
    context: Context, job: Job, upload: Upload, fetching: Fetching, stop: threading.Event
) -> tuple[Upload, MediaFacts]:
    """The finished upload and what is in it. Only a worker that must leave keeps its part for the next one."""
    if upload.completed_at is None:
        try:
            upload = _fetched(context, job, upload, fetching, stop)
        except DublineError as error:
            if not isinstance(error, Cancelled):
                forget(context, upload)
            raise
    facts = look_at_source(
        uploads.source(context, upload), job.targets, DubSettings.model_validate(job.settings)
    )
    return upload, facts


def _fetched(context: Context, job: Job, upload: Upload, fetching: Fetching, stop: threading.Event) -> Upload:
    folder = _folder(context, upload)
    folder.mkdir(parents=True, exist_ok=True)
    found = fetch(_errand(context, job, folder, fetching, stop))
    with context.database.writing() as session:
        row = session.get_one(Upload, upload.id)
        row.filename = plain_name(found.name)
        session.flush()
        session.expunge(row)
    found.path.replace(files.path_of(context, upload.id))
    finished = uploads.finish(context, row)
    forget(context, upload)
    return finished


def forget(context: Context, upload: Upload) -> None:
    """The part that was fetched."""
    shutil.rmtree(_folder(context, upload), ignore_errors=True)


def _folder(context: Context, upload: Upload) -> Path:
    return context.uploads / upload.id / "import"


def _errand(context: Context, job: Job, folder: Path, fetching: Fetching, stop: threading.Event) -> Errand:
    settings = context.settings
    with context.database.reading() as session:
        limits = limits_of(settings, session.get_one(Organisation, job.organisation_id))
    return Errand(
        url=job.source_url or "",
        folder=folder,
        egress=context.egress,
        most_bytes=limits.max_upload_bytes,
        most_seconds=60 * settings.import_minutes,
        least_free=int(settings.least_free_share * shutil.disk_usage(folder).total),
        report=fetching.report,
        stop=stop.is_set,
        height=settings.import_height,
        generic=settings.import_generic,
    )


def hand_over(context: Context, claim: Claim, upload: Upload, facts: MediaFacts, now: float) -> None:
    """The video is here: now its length counts, and the dub may begin."""
    with context.database.writing() as session:
        queue.finish(session, claim, TaskStatus.DONE)
        job = session.get_one(Job, claim.job)
        if job.cancel_requested_at is not None:
            service.end_cancelled(session, job)
            return
        _learn(job, upload, facts)
        organisation = session.get_one(Organisation, job.organisation_id)
        session.flush()
        quota.check(session, organisation.id, limits_of(context.settings, organisation), quota.Need())
        _end_stage(session, job, now)
        service.move(job, Status.UPLOADED)
        service.enqueue(session, job, job.kind)
        record(session, job, Kind.IMPORTED, {"name": job.name, "media_seconds": job.media_seconds})


def _learn(job: Job, upload: Upload, facts: MediaFacts) -> None:
    if job.name == urlsplit(job.source_url or "").hostname:
        job.name = Path(upload.filename).stem
    trim = DubSettings.model_validate(job.settings).trim
    job.media_seconds, job.source_bytes = programme_span(facts, trim).duration, upload.size
    job.progress, job.current_stage = max(job.progress, SHARE), None


def _end_stage(session: Session, job: Job, now: float) -> None:
    stage = session.scalars(select(Stage).where(Stage.job_id == job.id, Stage.name == service.IMPORT)).one()
    stage.status, stage.progress, stage.finished_at = "completed", 1.0, now
