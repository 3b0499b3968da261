"""A worker process: one workshop for its whole life, so that models stay loaded from job to job."""

from __future__ import annotations

import os
import signal
from types import FrameType

from dubline.api.workshop import workshop
from dubline.service.app import open_context
from dubline.service.settings import ServiceSettings
from dubline.worker.loop import Worker

NICENESS = 10
"""The API answers first; a worker takes what is left."""


def work(settings: ServiceSettings) -> None:
    os.nice(NICENESS)
    context = open_context(settings)
    with workshop(context.work) as shop:
        worker = Worker(context, shop)

        def leave(_number: int, _frame: FrameType | None) -> None:
            worker.leave()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, leave)
        worker.run()
    context.database.close()
