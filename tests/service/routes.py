"""All ways into the application as the tests of access go through them, and an object for every id they take: routes
over HTTP, streams of events, sockets, uploads by tus, signed links, and methods over gRPC.

A new route is covered by rule. If it takes an id of a new kind, `household` needs one; if it reads a body, `BODIES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import grpc
import httpx
import websockets.sync.client
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import ParseDict
from google.protobuf.message_factory import GetMessageClass
from sqlalchemy import select
from websockets.exceptions import InvalidStatus

from dubline.service.access.door import identify
from dubline.service.access.roles import Operation
from dubline.service.context import Context
from dubline.service.rpc.jobs import METHODS
from dubline.service.rpc.server import JOBS, REFLECTION, SERVICES
from dubline.storage.tables import Message, ScriptLine
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person
from tests.service.rpc.clients import refusal_of

PUBLIC = {
    "/auth/login": "how one becomes known",
    "/auth/callback": "how one becomes known",
    "/api/v1/files/{token}": "the link is the credential: signed, and good for minutes",
    "/": "says where the reference is, which asks who one is",
    "/healthz": "says nothing but that the process lives",
    "/readyz": "says nothing but whether work is taken",
    "/grpc.health.v1.Health/Check": "says what /readyz says",
    "/grpc.health.v1.Health/Watch": "says what /readyz says",
    "/grpc.health.v1.Health/List": "is not served",
}
"""What may be asked by strangers, and why."""

NO_OBJECTS = {"target": "es", "language": "es", "token": "x", "revision": "1"}
"""What stands in paths and names nothing that belongs to anybody."""

PRIVATE = {"key_id"}
"""What belongs to a person and not to the organisation: a colleague does not find it."""

ADMINISTRATIVE = {"user_id"}

NARROWING = {("ListRequest", "batch_id")}
"""What only says which of one's own things are wanted."""

LINES = "/api/v1/jobs/{job_id}/scripts/{target}/lines"

BODIES: dict[tuple[str, str], object] = {
    ("POST", "/api/v1/keys"): {"name": "x"},
    ("POST", "/api/v1/users"): {"name": "x"},
    ("PATCH", "/api/v1/users/{user_id}"): {"name": "x"},
    ("POST", "/api/v1/hooks"): {"url": "https://1.1.1.1/hook"},
    ("PATCH", "/api/v1/hooks/{hook_id}"): {"url": "https://1.1.1.1/other"},
    ("POST", "/api/v1/hooks/{hook_id}/replay"): {"since": "2025-01-01T00:00:00Z"},
    ("PATCH", f"{LINES}/{{line_id}}"): {"text": "x"},
    ("POST", LINES): {"start": 0, "end": 1, "speaker": "S1", "text": "x"},
    ("POST", f"{LINES}/{{line_id}}/merge"): {"next": "L0002", "revision": 1},
    ("RPC", "/dubline.v1.Jobs/Submit/{upload_id}"): {"source_language": "en", "target_languages": ["es"]},
}
"""Good ones, where a route that is asked for an object reads one."""

HEADERS = {
    "/api/v1/uploads": {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Upload-Length": "10"},
    "/api/v1/jobs": {"If-Match": '"1"'},
}
"""By how the path begins."""

KINDS = {("PATCH", "/api/v1/uploads/{upload_id}"): "application/offset+octet-stream"}


STATUSES = {
    grpc.StatusCode.INVALID_ARGUMENT: 422,
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.UNIMPLEMENTED: 501,
}


@dataclass(frozen=True)
class Route:
    method: str
    """WS for a WebSocket, RPC for a method over gRPC."""
    path: str
    operation: Operation | None
    known: bool
    """Somebody must be known to ask it."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def ids(self) -> list[str]:
        return [name for name in re.findall(r"{(\w+)", self.path) if name not in NO_OBJECTS]

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "WS") or (
            self.method == "RPC" and self.operation is Operation.JOBS_READ
        )


def routes(app: FastAPI) -> Iterator[Route]:
    yield from _routes(app)
    yield from _methods()


def _methods() -> Iterator[Route]:
    """Of all services that are served, with the ids that stand in what they are sent."""
    for service in map(descriptor_pool.Default().FindServiceByName, SERVICES):
        for method in service.methods:
            declared = METHODS[method.name].operation if service.full_name == JOBS.full_name else None
            known = declared is not None or service.full_name == REFLECTION
            yield Route(
                "RPC", f"/{service.full_name}/{method.name}{_ids(method.input_type)}", declared, known
            )


def _ids(message: Descriptor) -> str:
    names = [field.name for field in message.fields if field.name.endswith("_id")]
    return "".join(f"/{{{name}}}" for name in names if (message.name, name) not in NARROWING)


def _routes(app: FastAPI) -> Iterator[Route]:
    for route in iter_route_contexts(app.routes):
        calls = list(_calls(route.dependant))
        operations = [call.operation for call in calls if hasattr(call, "operation")]  # type: ignore[attr-defined]
        known = bool(operations) or identify in calls
        for method in sorted(route.methods or {"WS"}):
            yield Route(method, str(route.path), operations[-1] if operations else None, known)


def _calls(dependant: object) -> Iterator[Callable[..., object]]:
    for inner in dependant.dependencies:  # type: ignore[attr-defined]
        yield inner.call
        yield from _calls(inner)


@dataclass(frozen=True)
class Reply:
    status: int
    code: str = ""


@dataclass(frozen=True)
class Doors:
    """Where the application is asked."""

    url: str
    rpc: grpc.Channel


def ask(doors: Doors, route: Route, ids: dict[str, str], secret: str | None, more: object = None) -> Reply:
    """Only the answer's head is read: streams go on for ever."""
    if route.method == "RPC":
        return _ask_method(doors.rpc, route, ids, secret)
    url, path = doors.url, route.path
    for name, value in {**NO_OBJECTS, **ids}.items():
        path = re.sub(rf"{{{name}(:\w+)?}}", value, path)
    credentials = {"Authorization": f"Bearer {secret}"} if secret else {}
    if route.method == "WS":
        return _ask_socket(f"{url.replace('http', 'ws')}{path}", credentials)
    special = next((value for start, value in HEADERS.items() if path.startswith(start)), {})
    kind = KINDS.get((route.method, route.path))
    sent: dict[str, object] = {}
    if kind:
        sent, special = {"content": b"x"}, {**special, "Content-Type": kind}
    elif route.method in ("POST", "PATCH", "PUT"):
        body = more if more is not None else BODIES.get((route.method, route.path), {})
        sent = {"json": body}
    with httpx.stream(
        route.method,
        f"{url}{path}",
        headers={**credentials, **special},
        timeout=30,
        **sent,  # type: ignore[arg-type]
    ) as reply:
        problem = reply.status_code >= 400 and "json" in reply.headers.get("content-type", "")
        code = reply.read() and reply.json()["code"] if problem and route.method != "HEAD" else ""
        return Reply(reply.status_code, code)


def _ask_socket(url: str, headers: dict[str, str]) -> Reply:
    try:
        with websockets.sync.client.connect(url, additional_headers=headers, open_timeout=10):
            return Reply(101)
    except InvalidStatus as refused:
        return Reply(refused.response.status_code, "")


def _ask_method(channel: grpc.Channel, route: Route, ids: dict[str, str], secret: str | None) -> Reply:
    """Every method is a stream on the wire, and those that are none send one message."""
    path = route.path.partition("/{")[0]
    service, _, name = path.strip("/").rpartition("/")
    kind = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name].input_type
    body = BODIES.get((route.method, route.path), {})
    message = ParseDict({**dict(body), **{name: ids[name] for name in route.ids}}, GetMessageClass(kind)())  # type: ignore[call-overload]
    credentials = (("authorization", f"Bearer {secret}"),) if secret else ()
    call = channel.stream_stream(path)(iter([message.SerializeToString()]), timeout=30, metadata=credentials)
    try:
        next(call, None)
    except grpc.RpcError as error:
        told = refusal_of(error)
        return Reply(STATUSES[told.status], told.code)
    finally:
        call.cancel()
    return Reply(200)


def household(owner: Person, context: Context, worker: Worker, upload: str) -> dict[str, str]:
    """One of everything, as its people make it."""
    asked = {"source_language": "en", "target_languages": ["es"], "settings": {"engines": ENGINES}}
    hook = made(owner, "/hooks", {"url": "https://1.1.1.1/hook"})
    batch = made(owner, "/batches", {"jobs": [{**asked, "upload_id": upload}]})
    job = made(owner, "/jobs", {**asked, "upload_id": upload, "priority": 10})
    assert worker.once()
    owner.client.post(f"/hooks/{hook}/ping")
    with context.database.reading() as session:
        line = session.scalars(select(ScriptLine.line_id)).first()
        message = session.scalars(select(Message.id).where(Message.hook_id == hook)).first()
    assert line is not None and message is not None
    return {
        "job_id": job,
        "upload_id": upload,
        "batch_id": batch,
        "hook_id": hook,
        "message_id": message,
        "line_id": line,
        "key_id": made(owner, "/keys", {"name": "x"}),
        "user_id": owner.user,
    }


def made(owner: Person, path: str, asked: object) -> str:
    reply = owner.client.post(path, json=asked)
    assert reply.status_code in (201, 202), reply.text
    told = reply.json()
    return str(told.get("id") or told.get("batch_id"))


def missing(ids: dict[str, str]) -> dict[str, str]:
    """Ids such as ours that nobody has."""
    return {name: f"{value.partition('_')[0]}_{'0' * 26}" for name, value in ids.items()}
