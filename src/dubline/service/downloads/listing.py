"""What can be downloaded of a job right now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.service.downloads import kinds, on_demand
from dubline.service.downloads.kinds import Format, Kind
from dubline.service.downloads.schemas import OutputView
from dubline.service.downloads.service import Wanted
from dubline.service.jobs import repository
from dubline.service.moments import moment
from dubline.storage.tables import Job, Output


def listed(context: Context, principal: Principal, job_id: str) -> list[OutputView]:
    """What the job gave, then what can be made of it; nothing that is not there."""
    with context.database.reading() as session:
        job = repository.get(session, principal.organisation, job_id)
        rows = repository.outputs(session, job.id)
        session.expunge_all()
    here = [row for row in rows if (context.settings.data / row.path).is_file()]
    given = [_view(job, row) for row in here if row.kind != kinds.CUES]
    return [*given, *_on_demand(context, job, here)]


def _on_demand(context: Context, job: Job, rows: Sequence[Output]) -> Iterator[OutputView]:
    for row in rows:
        for kind, needed in on_demand.MADE_FROM.items():
            if row.kind == needed:
                forms = on_demand.at_hand(context, Wanted(job, row.target, row), kind)
                yield from (_made(job, row.target, kind, form) for form in forms)


def _view(job: Job, row: Output) -> OutputView:
    kind, form, text = kinds.of_row(row)
    return OutputView(
        language=row.target,
        kind=kind,
        format=form,
        text=text,
        filename=kinds.download_name(job, row.target, row.path),
        media_type=row.media_type,
        size=row.size,
        digest=row.digest,
        created_at=moment(row.created_at),
    )


def _made(job: Job, language: str, kind: Kind, form: Format) -> OutputView:
    made = kinds.MADE[form]
    return OutputView(
        language=language,
        kind=kind,
        format=form,
        text=None,
        filename=kinds.download_name(job, language, f"x.{language}{made.ending}"),
        media_type=made.media_type,
        size=None,
        digest=None,
        created_at=None,
    )
