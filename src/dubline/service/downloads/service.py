"""Finding what a client may fetch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from dubline.domain.errors import Gone
from dubline.domain.settings import DubSettings
from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.downloads import kinds
from dubline.service.downloads.kinds import FORMATS, Format, Kind
from dubline.service.downloads.links import File
from dubline.service.jobs import repository
from dubline.service.jobs.states import OPEN, Status
from dubline.service.problem import ServiceError
from dubline.service.uploads import files
from dubline.storage.tables import Job, Output, Upload


@dataclass(frozen=True)
class Wanted:
    """A job with one of its languages, and one of its files where that is there."""

    job: Job
    language: str
    output: Output | None


def wanted(
    context: Context, principal: Principal, job_id: str, language: str | None, row_kind: str
) -> Wanted:
    with context.database.reading() as session:
        job = repository.get(session, principal.organisation, job_id)
        chosen = language_of(job, language)
        output = _output(session, job, chosen, row_kind)
        session.expunge_all()
    return Wanted(job, chosen, output)


def wanted_job(context: Context, principal: Principal, job_id: str) -> Wanted:
    """Where no language matters; the first gives files their names."""
    with context.database.reading() as session:
        job = repository.get(session, principal.organisation, job_id)
        session.expunge_all()
    return Wanted(job, job.targets[0], None)


def language_of(job: Job, language: str | None) -> str:
    if language is None and len(job.targets) == 1:
        return job.targets[0]
    if language is None:
        raise ServiceError(
            422,
            "language_needed",
            "This job has several languages.",
            hint=f"Name one as ?language=: {', '.join(job.targets)}.",
        )
    if language not in job.targets:
        raise ServiceError(
            404,
            "language_not_found",
            "This job has no such language.",
            hint=f"Its languages are: {', '.join(job.targets)}.",
        )
    return language


def required(found: Wanted) -> Output:
    if found.output is not None:
        return found.output
    if found.job.status in OPEN:
        raise ServiceError(
            409,
            "output_not_ready",
            f"The job is {found.job.status}; there is no result yet.",
            hint="Follow it at /api/v1/jobs/{id}/events.",
        )
    if found.job.status in (Status.FAILED, Status.CANCELLED):
        raise ServiceError(
            404,
            "output_not_found",
            f"The job is {found.job.status}, so this file was never made.",
            hint="It may be retried: POST /api/v1/jobs/{id}/retry",
        )
    raise ServiceError(
        404,
        "output_not_found",
        "This job has no such file.",
        hint="See what there is: GET /api/v1/jobs/{id}/outputs",
    )


def check(kind: Kind, form: Format | None) -> None:
    known = FORMATS.get(kind, ())
    if form is not None and form not in known:
        raise ServiceError(
            422,
            "format_unknown",
            f"There is no {form} of {kind}.",
            hint=f"Choose one of: {', '.join(known)}." if known else "Leave out the format.",
        )


def stored(context: Context, found: Wanted, kind: Kind) -> File:
    """A file that came out of the job itself."""
    output = required(found)
    if kind is Kind.VIDEO and not output.media_type.startswith("video/"):
        raise ServiceError(404, "output_not_found", "This job has only sound.", hint="Ask for kind=result.")
    name = kinds.download_name(found.job, found.language, output.path)
    return File(found.job.id, there(context, output), name, output.media_type, output.digest)


def there(context: Context, output: Output) -> Path:
    """Its file. Rows outlive files only where somebody cleared the disk by hand."""
    path = context.settings.data / output.path
    if not path.is_file():
        raise Gone(
            "output_gone",
            "This file is not here any more.",
            hint="Render this language once more, or dub again.",
        )
    return path


def source_of(context: Context, job: Job) -> Path | None:
    """What was uploaded for the job, if it is still there."""
    with context.database.reading() as session:
        upload = session.get(Upload, job.upload_id) if job.upload_id else None
        if upload is None:
            return None
        path = files.named_path(context, upload.id, upload.filename)
    return path if path.is_file() else None


def settings_of(job: Job) -> DubSettings:
    return DubSettings.model_validate(job.settings)


def _output(session: Session, job: Job, language: str, row_kind: str) -> Output | None:
    wanted_row = select(Output).where(
        Output.job_id == job.id, Output.target == language, Output.kind == row_kind
    )
    return session.scalars(wanted_row).one_or_none()
