"""From a request to a job: everything that can be refused is refused now, not after an hour in the queue."""

from __future__ import annotations

import shutil
from pathlib import Path

from dubline.api.dub import request_for
from dubline.api.job import look_at
from dubline.domain.media import programme_span
from dubline.domain.settings import DubSettings
from dubline.models.catalogue import local_models
from dubline.ports.registry import Registry
from dubline.service.access.limits import limits_of
from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.hooks.receivers import check_hook
from dubline.service.jobs import service
from dubline.service.jobs.schemas import JobRequest
from dubline.service.jobs.service import NewJob
from dubline.service.problem import ServiceError
from dubline.service.uploads import service as uploads
from dubline.storage.tables import Job, Organisation, Upload

CHOSEN_BY_SERVER = ("out", "force", "cache_cap", "source_language")


def accept(context: Context, principal: Principal, asked: JobRequest, batch_id: str | None = None) -> Job:
    with context.database.reading() as session:
        upload = uploads.get(session, principal.organisation, asked.upload_id)
        organisation = session.get_one(Organisation, principal.organisation)
    _check_disk(context)
    new = _looked_at(context, upload, asked, batch_id)
    limits = limits_of(context.settings, organisation)
    with context.database.writing() as session:
        job = service.create(session, principal, new, limits)
        session.flush()
        session.expunge(job)
    return job


def _looked_at(context: Context, upload: Upload, asked: JobRequest, batch_id: str | None) -> NewJob:
    source = uploads.source(context, upload)
    if asked.webhook:
        check_hook(context, asked.webhook)
    options = {name: value for name, value in asked.settings.items() if name not in CHOSEN_BY_SERVER}
    request = request_for(source, asked.target_languages, source_language=asked.source_language, **options)
    facts = look_at(request, Registry(local_models()))
    return NewJob(
        upload=upload,
        kind=asked.kind,
        name=asked.name or Path(upload.filename).stem,
        targets=request.targets,
        settings=_document(request.settings),
        media_seconds=programme_span(facts, request.settings.trim).duration,
        retention_days=asked.retention_days or context.settings.retention_days,
        priority=asked.priority,
        labels=dict(asked.metadata),
        batch_id=batch_id,
        webhook=asked.webhook,
    )


def _document(settings: DubSettings) -> dict[str, object]:
    return settings.model_dump(mode="json")


def _check_disk(context: Context) -> None:
    usage = shutil.disk_usage(context.settings.data)
    if usage.free < context.settings.least_free_share * usage.total:
        raise ServiceError(
            507,
            "disk_nearly_full",
            "There is too little free space on the server for a new job.",
            hint="Delete old jobs, or ask the operator for more space.",
        )
