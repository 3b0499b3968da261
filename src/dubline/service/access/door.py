"""Every request passes here: who is it, and may they? A route says what it needs: `Annotated[Principal, may(…)]`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from dubline.domain.errors import StorageFull
from dubline.service.access import admission, keys, sessions
from dubline.service.access.local import local_principal
from dubline.service.access.origins import changes_something, from_foreign_page
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import Context, context_of
from dubline.service.problem import ServiceError

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1", "testserver")
"""What a browser may call this machine. Any other name is a stranger's page that had its name point here."""


Proof = Callable[[HTTPConnection], Awaitable[Principal]]


def may(operation: Operation, by: Proof | None = None) -> Any:  # noqa: ANN401
    """The dependency of a route that needs this operation. FastAPI types it as whatever the route makes of it.
    `by` is another way than a key to prove who one is."""

    async def check(connection: HTTPConnection) -> Principal:
        return await allowed(connection, operation, by)

    check.operation = operation  # type: ignore[attr-defined]  # what the tests of all routes read
    return Depends(check)


async def allowed(connection: HTTPConnection, operation: Operation, by: Proof | None = None) -> Principal:
    """Who is asking, if they may do this."""
    principal = await (by or identify)(connection)
    if not principal.may(operation):
        raise ServiceError(
            403,
            "forbidden",
            f"This needs {operation}, which your role or key does not have.",
            hint="Ask an admin of your organisation.",
        )
    return principal


async def identify(connection: HTTPConnection) -> Principal:
    """Asked once a request, whoever asks first: a request takes one token, not two."""
    known = getattr(connection.state, "principal", None)
    if isinstance(known, Principal):
        return known
    try:
        principal = await run_in_threadpool(_proven, connection)
    except ServiceError as refusal:
        raise admission.stranger(connection, refusal) from None
    connection.state.principal = principal
    return principal


def _proven(connection: HTTPConnection) -> Principal:
    context = context_of(connection)
    secret, cookie = presented(connection), connection.cookies.get(sessions.COOKIE)
    if secret is not None:
        principal = _by_key(context, secret)
    elif cookie is not None:
        principal = _by_session(connection, context, cookie)
    else:
        return _unproven(connection, context)
    connection.state.rate = admission.admit(context, principal)
    return principal


def presented(connection: HTTPConnection) -> str | None:
    """The key that came along: as a bearer token or in X-API-Key. Never in the address, which ends up in logs."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return connection.headers.get("x-api-key") or None


def _by_key(context: Context, secret: str) -> Principal:
    principal = keys.recognised(context, secret)
    if principal is None:
        raise _unauthenticated("key_invalid", "This key is not known, or it is revoked or expired.")
    with suppress(StorageFull):
        # A full disk must not keep anybody from deleting things.
        keys.note_use(context, principal)
    return principal


def _by_session(connection: HTTPConnection, context: Context, cookie: str) -> Principal:
    with context.database.reading() as session:
        principal = sessions.recognise(session, context.settings, cookie)
    if principal is None:
        raise _unauthenticated("session_over", "You are not signed in any more.")
    if changes_something(connection) and not _meant(connection, context, cookie):
        raise ServiceError(
            403,
            "csrf_missing",
            "This request does not prove that a page of ours made it.",
            hint=f"Send the csrf_token of GET /api/v1/me in {sessions.CSRF_HEADER}.",
        )
    return principal


def _meant(connection: HTTPConnection, context: Context, cookie: str) -> bool:
    if connection.scope["type"] == "websocket":
        return not from_foreign_page(connection, context.settings)
    token = connection.headers.get(sessions.CSRF_HEADER, "")
    return sessions.csrf_good(context.settings, cookie, token)


def _unproven(connection: HTTPConnection, context: Context) -> Principal:
    if not context.settings.open_access:
        raise _unauthenticated("key_missing", "This needs a key.")
    if (connection.url.hostname or "").lower() not in LOOPBACK_NAMES:
        raise _unauthenticated("key_missing", "Without a key this server answers only to its own machine.")
    if changes_something(connection) and from_foreign_page(connection, context.settings):
        raise ServiceError(
            403,
            "origin_refused",
            "A page from elsewhere may not change anything here.",
            hint="Name its origin in DUBLINE_CORS_ORIGINS if it is yours.",
        )
    return local_principal()


def _unauthenticated(code: str, message: str) -> ServiceError:
    return ServiceError(
        401,
        code,
        message,
        hint=(
            "Send it as: Authorization: Bearer dbl_… "
            "Keys are made with `dubline keys create`, with the same --data folder as the server's."
        ),
        headers={"WWW-Authenticate": "Bearer"},
    )
