"""From a request to a job: everything that can be refused is refused now, not after an hour in the queue."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from dubline.api.dub import request_for
from dubline.api.job import Request, check_engines, look_at
from dubline.domain.media import MediaFacts, programme_span
from dubline.domain.settings import DubSettings
from dubline.domain.time import Span, ticks
from dubline.models.catalogue import local_models
from dubline.ports.registry import Registry
from dubline.service import resources
from dubline.service.access.limits import limits_of
from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.hooks.receivers import check_hook
from dubline.service.jobs import service
from dubline.service.jobs.schemas import JobRequest
from dubline.service.jobs.service import NewJob
from dubline.service.policy import consent
from dubline.service.policy.judging import State, judge, note_verdict, of_request, refusal
from dubline.service.problem import ServiceError
from dubline.service.uploads import service as uploads
from dubline.storage.tables import Job, Organisation, Upload

LOOK_UP_SECONDS = 5.0
"""How long a client waits at most until its address is judged; it is judged again when it is fetched."""

NOT_HERE_YET = "import"
"""The name of an upload until its source tells a better one."""

FOREVER = 1e6
"""Seconds; longer than anything we take."""

CHOSEN_BY_SERVER = ("out", "force", "cache_cap", "source_language")


def accept(context: Context, principal: Principal, asked: JobRequest) -> Job:
    new = considered(context, principal, asked)
    with context.database.writing() as session:
        job = keep(context, session, principal, new)
        session.flush()
        session.expunge(job)
    return job


def considered(context: Context, principal: Principal, asked: JobRequest) -> NewJob:
    """Everything that takes a while, before any transaction."""
    with context.database.reading() as session:
        upload = uploads.get(session, principal.organisation, asked.upload_id) if asked.upload_id else None
    _check_disk(context)
    if asked.webhook:
        check_hook(context, asked.webhook)
    new = _looked_at(context, upload, asked) if upload else _ordered(context, principal, asked)
    if new.policy.state is State.REFUSED:
        with context.database.writing() as session:
            note_verdict(session, principal, new.policy, new.name)
        raise refusal(new.policy)
    return new


def keep(context: Context, session: Session, principal: Principal, new: NewJob) -> Job:
    """If there is still room for it, and what it is of was not deleted meanwhile."""
    organisation = session.get_one(Organisation, principal.organisation)
    if not new.source_url:
        uploads.get(session, principal.organisation, new.upload.id)
    return service.create(session, principal, new, limits_of(context.settings, organisation))


def _looked_at(context: Context, upload: Upload, asked: JobRequest) -> NewJob:
    request = _request(uploads.source(context, upload), asked)
    facts = look_at(request, Registry(local_models()))
    seconds = programme_span(facts, request.settings.trim).duration
    return _new(context, asked, request, upload, Path(upload.filename).stem, seconds)


def _ordered(context: Context, principal: Principal, asked: JobRequest) -> NewJob:
    """All that can be said of a video that must be fetched first; the rest is looked at when it is here."""
    place = context.egress.route(asked.source_url or "", time.monotonic() + LOOK_UP_SECONDS).place
    request = _request(Path(NOT_HERE_YET), asked)
    check_engines(request, Registry(local_models()))
    upload = uploads.new_upload(principal, NOT_HERE_YET, 0, context.settings.upload_hours)
    return _new(context, asked, request, upload, place.host, 0.0)


def _new(
    context: Context, asked: JobRequest, request: Request, upload: Upload, name: str, seconds: float
) -> NewJob:
    cloning = consent.asks_for_cloning(request, Registry(local_models()))
    called = asked.name or name
    return NewJob(
        upload=upload,
        source_url=asked.source_url,
        kind=asked.kind,
        name=called,
        targets=request.targets,
        settings=_document(request.settings),
        media_seconds=seconds,
        retention_days=asked.retention_days or context.settings.retention_days,
        priority=asked.priority,
        labels=dict(asked.metadata),
        webhook=asked.webhook,
        policy=judge(context.settings, of_request(called, asked.metadata, asked.source_url)),
        consent_by=consent.require(asked.consent, asked.consent_by) if cloning else None,
    )


def _request(source: Path, asked: JobRequest) -> Request:
    options = {name: value for name, value in asked.settings.items() if name not in CHOSEN_BY_SERVER}
    if asked.start is not None or asked.end is not None:
        options["trim"] = Span(start=ticks(asked.start or 0.0), end=ticks(asked.end or FOREVER))
    return request_for(source, asked.target_languages, source_language=asked.source_language, **options)


def look_at_source(source: Path, targets: Sequence[str], settings: DubSettings) -> MediaFacts:
    """What would have been refused at once, had the video been here already."""
    return look_at(Request(source, tuple(targets), settings), Registry(local_models()))


def _document(settings: DubSettings) -> dict[str, object]:
    return settings.model_dump(mode="json")


def _check_disk(context: Context) -> None:
    if resources.disk_nearly_full(context.settings):
        raise ServiceError(
            507,
            "disk_nearly_full",
            "There is too little free space on the server for a new job.",
            hint="Delete old jobs, or ask the operator for more space.",
        )
