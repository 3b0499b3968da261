"""Starts the server, after a look at whether it may be reached from where it listens."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import func, or_, select

from dubline.domain.errors import Unavailable, UserError
from dubline.media import sandbox
from dubline.service import folder, listening, presence
from dubline.service.app import create_app, open_context
from dubline.service.context import Context
from dubline.service.events.hub import Hub
from dubline.service.gate.patience import ImpatientProtocol
from dubline.service.observing import keep_logs, spans_of
from dubline.service.replies import repository as replies
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Key

GRACE = 10
"""Seconds that requests under way have to end; the workers have as many after them."""

MOST_MESSAGE_BYTES = 1 << 16
"""Over a WebSocket: clients have little to say there."""


def serve(settings: ServiceSettings) -> None:
    with alone(settings):
        keep_logs(settings, "server")
        listening.refuse_taken(settings.host, settings.port, "--port")
        context = replace(open_context(settings), spans=spans_of(settings, "server"))
        refuse_open_doors(context)
        refuse_without_cage()
        with context.database.writing() as session:
            replies.release_all(session)
        app = create_app(context, supervised=True)
        Server(app, host=settings.host, port=settings.port, timeout_graceful_shutdown=GRACE).run()
        context.spans.close()


@contextmanager
def alone(settings: ServiceSettings) -> Iterator[None]:
    """Two servers over one data folder would each count limits for itself and clear away what the other makes."""
    folder.ensure(settings.data)
    try:
        with presence.present(settings.data, "server"):
            yield
    except BlockingIOError as error:
        raise UserError(
            "data_in_use",
            f"Another server is running over {settings.data}.",
            hint="End it first, or choose another folder with --data.",
        ) from error


class Server(uvicorn.Server):
    """Ends its streams when it is told to go; by themselves they would go on for ever."""

    def __init__(self, app: FastAPI, **options: Any) -> None:  # noqa: ANN401 - uvicorn's own
        # Compressing small frames costs more than it saves, and memory for each socket.
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            http=ImpatientProtocol,
            ws_per_message_deflate=False,
            ws_max_size=MOST_MESSAGE_BYTES,
            **options,
        )
        super().__init__(config)
        self._hub: Hub = app.state.hub
        self._context: Context = app.state.context

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Those who watch see it first, and have time to send requests elsewhere. Told twice, it ends at once."""
        wait = self._context.settings.drain_seconds
        if self._context.draining.is_set() or not wait:
            self._context.draining.set()
            super().handle_exit(sig, frame)
            return
        self._context.draining.set()
        later = threading.Timer(wait, super().handle_exit, (sig, frame))
        later.daemon = True
        later.start()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            listening.tell(self._context.settings, self.servers[0].sockets[0].getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._context.draining.set()
        self._hub.close()
        await super().shutdown(sockets)


def refuse_without_cage() -> None:
    """What strangers send is opened in the cage or not at all; better to learn that now than from the first job."""
    media = sandbox.status()
    if not media.ready:
        raise Unavailable("media_not_ready", media.detail, hint=media.fix)


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
