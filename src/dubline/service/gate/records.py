"""What the audit log learns by itself: who was refused, what was erased, what was fetched."""

from __future__ import annotations

from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dubline.domain.errors import StorageFull
from dubline.service.access.admission import address_of
from dubline.service.access.principal import Principal
from dubline.service.audit.log import Action, Outcome, record
from dubline.service.context import context_of

STARTS = ("http.response.start", "websocket.http.response.start")
REFUSED = (401, 403)
FETCHING = ("download", "export")
"""Last words of the paths by which results leave the house."""

TOLD_THERE = ("/keys/", "/hooks/")
"""Whose deletions are written down in the same transaction already."""


class Records:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] in STARTS and (action := action_of(scope, message["status"])):
                await run_in_threadpool(note, HTTPConnection(scope), action, message["status"])
            await send(message)

        await self._app(scope, receive, sent if scope["type"] in ("http", "websocket") else send)


def action_of(scope: Scope, status: int) -> Action | None:
    if status in REFUSED:
        return Action.REFUSED
    method, path = scope.get("method"), _path(scope)
    if status < 400 and method == "DELETE" and not path.startswith(TOLD_THERE):  # noqa: PLR2004
        return Action.DELETED
    if status < 400 and method == "GET" and path.rsplit("/", 1)[-1] in FETCHING:  # noqa: PLR2004
        return Action.EXPORTED
    return None


def _path(scope: Scope) -> str:
    """As it was written down in the code: what stands in its places may be a secret."""
    return str(getattr(scope.get("route"), "path", ""))


def note(connection: HTTPConnection, action: Action, status: int) -> None:
    scope = connection.scope
    who = scope.get("state", {}).get("principal")
    ids = {name: value for name, value in scope.get("path_params", {}).items() if name.endswith("_id")}
    details = {"method": scope.get("method", "WS"), "path": _path(scope), "status": status, **ids}
    with suppress(StorageFull), context_of(connection).database.writing() as session:
        record(
            session,
            action,
            who if isinstance(who, Principal) else None,
            about=" ".join(str(value) for value in ids.values()) or _path(scope),
            outcome=Outcome.REFUSED if action is Action.REFUSED else Outcome.DONE,
            address=address_of(connection),
            details={**details, "code": scope.get("state", {}).get("problem")},
        )
