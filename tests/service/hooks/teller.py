"""python -m tests.service.hooks.teller SETTINGS: the part of a server that changes jobs and tells of it, to be
killed. Without HTTP and models it starts quickly. Each line on its input is a job to cancel; it answers when that
is kept."""

from __future__ import annotations

import asyncio
import sys

from dubline.egress import Egress
from dubline.service.context import Context
from dubline.service.events.log import Kind, record
from dubline.service.hooks.claiming import Bounds
from dubline.service.hooks.deliverer import Deliverer
from dubline.service.hooks.sending import policy_for_hooks
from dubline.service.settings import ServiceSettings
from dubline.storage.database import Database
from dubline.storage.tables import Job

LEASE = 1.0
"""Seconds; in earnest it is longer than any try may last."""


async def tell(settings: ServiceSettings) -> None:
    context = Context(settings, Database(settings.tables))
    egress = Egress(policy_for_hooks(context.egress.policy))
    Deliverer(context.database, egress, bounds=Bounds(lease=LEASE)).start()
    while job := (await asyncio.to_thread(sys.stdin.readline)).strip():
        with context.database.writing() as session:
            row = session.get_one(Job, job)
            row.status = "cancelled"
            record(session, row, Kind.CANCELLED)
        sys.stdout.write("kept\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(tell(ServiceSettings.model_validate_json(sys.argv[1])))
