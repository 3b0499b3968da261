"""Live progress over HTTP: server-sent events and a WebSocket, with the same events in the same order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.events import tickets, watching
from dubline.service.events.hub import Hub
from dubline.service.events.schemas import StreamTicket
from dubline.service.events.sending import RETRY_MS, EventStream, talk_over
from dubline.service.events.told import Told
from dubline.service.events.watching import Events
from dubline.service.jobs import repository as jobs
from dubline.service.moments import moment

router = APIRouter(tags=["events"])

Reader = Annotated[Principal, may(Operation.JOBS_READ)]
Watcher = Annotated[Principal, may(Operation.JOBS_READ, by=tickets.ticket_or_key)]
After = Annotated[int | None, Query(ge=0, description="Only events behind this one: the last id you know.")]

FIRST_WORD = 1.0
"""Seconds a socket without `after` in its address has to say it."""

MOST_DIGITS = 18


def hub_of(connection: HTTPConnection) -> Hub:
    found = connection.app.state.hub
    if not isinstance(found, Hub):
        raise TypeError("the application was made without a hub")
    return found


@router.post("/jobs/{job_id}/stream-ticket", status_code=201)
def ticket(request: Request, principal: Reader, job_id: str) -> StreamTicket:
    """A ticket for one stream of this job, for browsers, which cannot send a key with it. Good for a minute,
    once: `new EventSource("/api/v1/jobs/…/events?ticket=…")`."""
    with context_of(request).database.writing() as session:
        job = jobs.get(session, principal.organisation, job_id)
        secret, expires_at = tickets.issue(session, principal, job)
    return StreamTicket(ticket=secret, expires_at=moment(expires_at))


STREAMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {}}, "description": "Events as they happen."},
    204: {"description": "The job has ended and you know everything of it."},
}


@router.get("/jobs/{job_id}/events", response_class=Response, responses=STREAMS)
async def events(
    request: Request, principal: Watcher, job_id: str, after: After = None, follow: bool = False
) -> Response:
    """A job's events as server-sent events: first those you do not know, then each as it happens.

    `id` counts the job's events from 1. Come back with the last one you saw in `Last-Event-ID` (browsers do so by
    themselves) or in `after`, and you miss nothing and see nothing twice. The stream ends when the job has ended;
    with `follow=true` it stays for edits and retries.
    """
    context = context_of(request)
    place = await watching.position(context, principal, job_id, _last_event_id(request, after) or 0)
    if place.over and not follow:
        return Response(status_code=204)
    hub = hub_of(request)
    listener = await hub.join(principal, job_id)
    found = watching.of_job(context, listener, job_id, place.after, follow)
    return EventStream(hub, listener, _lines(found, lambda told: told.of_job))


@router.get("/events", response_class=Response, responses=STREAMS)
async def all_events(request: Request, principal: Reader, after: After = None) -> Response:
    """Events of all jobs of your organisation, for dashboards. Here `id` counts the events of the whole server, and
    each tells its `job_id` and its `number` within the job. Without `after` it begins with what happens now."""
    hub = hub_of(request)
    listener = await hub.join(principal, None)
    found = watching.of_all(context_of(request), listener, _last_event_id(request, after))
    return EventStream(hub, listener, _lines(found, lambda told: told.of_all))


@router.websocket("/jobs/{job_id}/progress")
async def progress(
    socket: WebSocket, principal: Watcher, job_id: str, after: After = None, follow: bool = False
) -> None:
    """The same events as frames of JSON: `{"id": 1, "kind": "job.created", "data": {…}, "at": "…"}`.

    Say the last id you know in `after`, or within a second in a first message `{"after": 12}`.
    """
    context = context_of(socket)
    await watching.position(context, principal, job_id, 0)
    await socket.accept()
    known = await _first_word(socket) if after is None else after
    place = await watching.position(context, principal, job_id, known)
    hub = hub_of(socket)
    listener = await hub.join(principal, job_id)
    await talk_over(
        socket, hub, listener, _frames(watching.of_job(context, listener, job_id, place.after, follow))
    )


def _last_event_id(request: Request, after: int | None) -> int | None:
    """What a browser says when it comes back wins over the address it began with. What cannot be one of our ids is
    no id, so everything is told again: better twice than never."""
    said = request.headers.get("last-event-id", "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else after


async def _first_word(socket: WebSocket) -> int:
    try:
        said = json.loads(await asyncio.wait_for(socket.receive_text(), FIRST_WORD))
        return max(0, int(said["after"]))
    except (TimeoutError, ValueError, TypeError, KeyError):
        return 0


async def _lines(found: Events, line: Callable[[Told], bytes]) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    async for some in found:
        yield b"".join(map(line, some)) or b": still here\n\n"


async def _frames(found: Events) -> AsyncIterator[list[str]]:
    async for some in found:
        yield [told.frame for told in some]
