"""A dub, as a task: the same few calls as the command line makes."""

from __future__ import annotations

from dubline.api.delivery import Delivered
from dubline.api.dub import Watch, carry_out
from dubline.api.job import Request, prepare
from dubline.api.workshop import Workshop
from dubline.domain.settings import DubSettings
from dubline.service.context import Context
from dubline.service.uploads import files, service
from dubline.storage.tables import Job, Upload


def dub(context: Context, shop: Workshop, job: Job, upload: Upload, watch: Watch) -> list[Delivered]:
    out = files.results_of(context, job.id)
    out.mkdir(parents=True, exist_ok=True)
    request = Request(
        source=service.source(context, upload),
        targets=tuple(job.targets),
        settings=DubSettings.model_validate(job.settings),
        out=out,
        force=True,
    )
    return carry_out(prepare(request, shop), watch)
