"""A dub, as a task: the same few calls as the command line makes."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from dubline.api.delivery import Delivered
from dubline.api.dub import Watch, carry_out
from dubline.api.job import Request, prepare
from dubline.api.workshop import Workshop
from dubline.domain.settings import DubSettings
from dubline.service.context import Context
from dubline.service.jobs.queue import Claim
from dubline.service.uploads import files, service
from dubline.storage.tables import Job, Upload


def dub(
    context: Context, shop: Workshop, claim: Claim, job: Job, upload: Upload, watch: Watch
) -> list[Delivered]:
    request = Request(
        source=service.source(context, upload),
        targets=tuple(job.targets),
        settings=DubSettings.model_validate(job.settings),
        out=own_folder(context, claim),
        force=True,
    )
    return carry_out(prepare(request, shop), watch)


def own_folder(context: Context, claim: Claim) -> Path:
    """Where this holder of the task puts its files. One that lost the task and does not know it yet writes over
    nobody's; what no row names is swept."""
    folder = _folder(context, claim)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def forget_folder(context: Context, claim: Claim) -> None:
    """What was made in vain. Of a job that was deleted meanwhile nothing is left."""
    folder = _folder(context, claim)
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()


def _folder(context: Context, claim: Claim) -> Path:
    return files.results_of(context, claim.job) / f"{claim.task}.{claim.fence}"
