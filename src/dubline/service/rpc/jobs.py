"""Jobs over gRPC."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from dubline.service.access.roles import Operation
from dubline.service.events import watching
from dubline.service.events.endpoints import hub_of
from dubline.service.events.listener import Listener, Reason
from dubline.service.events.sending import carry
from dubline.service.hooks.repository import listed as hooks_of
from dubline.service.hooks.schemas import HookMade
from dubline.service.jobs import repository, service
from dubline.service.jobs.accepting import accept
from dubline.service.jobs.repository import Filter
from dubline.service.jobs.schemas import JobRequest, JobView
from dubline.service.jobs.states import Status
from dubline.service.problem import ServiceError, not_found
from dubline.service.replies.repeating import Repeatable
from dubline.service.replies.repository import Asked, Given
from dubline.service.rpc import messages
from dubline.service.rpc.calls import Call, Method, often, once
from dubline.v1 import jobs_pb2 as v1


class Listing(BaseModel):
    status: list[Status] = []
    batch_id: str | None = None
    name: str | None = None
    order: Literal["newest", "oldest"] = "newest"
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Watching(BaseModel):
    job_id: str = ""
    after: Annotated[int, Field(ge=0)] = 0
    follow: bool = False


@once(Operation.JOBS_WRITE, v1.SubmitRequest)
def submit(call: Call, asked: v1.SubmitRequest) -> v1.SubmitReply:
    request = messages.asked(JobRequest, asked, without="idempotency_key")
    if not asked.idempotency_key:
        return _accepted(call, request)
    told = f"{call.connection.scope['path']} {call.principal.user} {request.model_dump_json()}"
    fingerprint = hashlib.sha256(told.encode()).hexdigest()
    repeatable = Repeatable(
        call.context, Asked(call.principal.organisation, asked.idempotency_key, fingerprint)
    )
    found = repeatable.begin()
    if isinstance(found, Given):
        return messages.document_told(found.body, v1.SubmitReply())
    return repeatable.first(found, lambda: _accepted(call, request), _given)


def _accepted(call: Call, request: JobRequest) -> v1.SubmitReply:
    job = accept(call.context, call.principal, request)
    reply = v1.SubmitReply(job=messages.told(JobView.of(job), v1.Job()))
    with call.context.database.reading() as session:
        for hook in hooks_of(session, call.principal.organisation, job.id)[:1]:
            messages.told(HookMade.of(hook, secret=hook.secret), reply.webhook)
    return reply


def _given(reply: v1.SubmitReply) -> Given:
    return Given(0, messages.document_of(reply))


@once(Operation.JOBS_READ, v1.GetRequest)
def get(call: Call, asked: v1.GetRequest) -> v1.Job:
    with call.context.database.reading() as session:
        job = repository.get(session, call.principal.organisation, asked.job_id)
        return messages.told(JobView.of(job), v1.Job())


@once(Operation.JOBS_READ, v1.ListRequest)
def listed(call: Call, asked: v1.ListRequest) -> v1.ListReply:
    query = messages.asked(Listing, asked)
    wanted = Filter(tuple(query.status), query.batch_id, query.name, query.order == "oldest")
    with call.context.database.reading() as session:
        page = repository.page(session, call.principal.organisation, wanted, query.cursor, query.limit)
        jobs = [messages.told(JobView.of(job), v1.Job()) for job in page.jobs]
        return v1.ListReply(jobs=jobs, next_cursor=page.next_cursor or "")


@once(Operation.JOBS_WRITE, v1.CancelRequest)
def cancel(call: Call, asked: v1.CancelRequest) -> v1.Job:
    with call.context.database.writing() as session:
        job = repository.get(session, call.principal.organisation, asked.job_id)
        service.cancel(session, job)
        return messages.told(JobView.of(job), v1.Job())


@often(Operation.JOBS_READ, v1.WatchRequest)
async def watch(call: Call, asked: v1.WatchRequest) -> None:
    query = messages.asked(Watching, asked)
    place = await watching.position(call.context, call.principal, query.job_id, query.after)
    if place.over and not query.follow:
        return
    hub = hub_of(call.connection)
    listener = await hub.join(call.principal, query.job_id)
    found = watching.of_job(call.context, listener, query.job_id, place.after, query.follow)
    try:
        # Whoever goes has the call cancelled, so nobody needs to look out for it.
        await carry(_tell(call, found), asyncio.get_running_loop().create_future(), listener)
    finally:
        hub.leave(listener)
    _say_why(listener)


async def _tell(call: Call, found: watching.Events) -> None:
    async for some in found:
        for told in some:
            event = {"id": told.number, "kind": told.kind, "data": told.data, "at": told.time}
            await call.send(messages.document_told(event, v1.Event()))


ENDED: Mapping[Reason, ServiceError] = {
    Reason.SLOW: ServiceError(
        429, "stream_slow", "You read too slowly.", hint="Watch again from the last id you saw."
    ),
    Reason.REVOKED: ServiceError(
        401,
        "access_lost",
        "You may not watch this any more.",
        hint="Your key was revoked or your role changed: ask an admin of your organisation.",
    ),
    Reason.DELETED: not_found("job"),
    Reason.CLOSING: ServiceError(
        503, "server_closing", "The server is about to end.", hint="Watch again from the last id you saw."
    ),
}


def _say_why(listener: Listener) -> None:
    if listener.reason:
        raise ENDED[listener.reason]


METHODS: Mapping[str, Method[Any]] = {
    "Submit": submit,
    "Get": get,
    "List": listed,
    "Watch": watch,
    "Cancel": cancel,
}
