"""Starts the server, after a look at whether it may be reached from where it listens."""

from __future__ import annotations

import time

import uvicorn
from sqlalchemy import func, or_, select

from dubline.domain.errors import UserError
from dubline.service.app import create_app, open_context
from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Key

GRACE = 20
"""Seconds that requests under way have to end."""


def serve(settings: ServiceSettings) -> None:
    context = open_context(settings)
    refuse_open_doors(context)
    uvicorn.run(
        create_app(context, supervised=True),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )


def refuse_open_doors(context: Context) -> None:
    """Nobody listens to the world before there is a key that the world must show."""
    if context.settings.on_loopback:
        return
    with context.database.reading() as session:
        good = or_(Key.expires_at.is_(None), Key.expires_at > time.time())
        keys = session.scalar(select(func.count()).where(Key.revoked_at.is_(None), good))
    if not keys:
        raise UserError(
            "credential_missing",
            f"Listening on {context.settings.host} would let anybody in: there is no key yet.",
            hint=f"Make one first: dubline keys create --name me --data {context.settings.data}",
        )
