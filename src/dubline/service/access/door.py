"""Every request passes here: who is it, and may they? A route says what it needs: `Annotated[Principal, may(…)]`."""

from __future__ import annotations

import time
from typing import Any

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from dubline.service.access import keys
from dubline.service.access.local import local_principal
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import Context, context_of
from dubline.service.problem import ServiceError

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1", "testserver")
"""What a browser may call this machine. Any other name is a stranger's page that had its name point here."""


def may(operation: Operation) -> Any:  # noqa: ANN401
    """The dependency of a route that needs this operation. FastAPI types it as whatever the route makes of it."""

    async def check(connection: HTTPConnection) -> Principal:
        principal = await identify(connection)
        if not principal.may(operation):
            raise ServiceError(
                403,
                "forbidden",
                f"This needs {operation}, which your role or key does not have.",
                hint="Ask an admin of your organisation.",
            )
        return principal

    check.operation = operation  # type: ignore[attr-defined]  # what the tests of all routes read
    return Depends(check)


async def identify(connection: HTTPConnection) -> Principal:
    context = context_of(connection)
    secret = presented(connection)
    if secret is None:
        return _unproven(connection, context)
    principal = await run_in_threadpool(_recognised, context, secret)
    if principal is None:
        raise _unauthenticated("key_invalid", "This key is not known, or it is revoked or expired.")
    return principal


def presented(connection: HTTPConnection) -> str | None:
    """The key that came along: as a bearer token or in X-API-Key. Never in the address, which ends up in logs."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return connection.headers.get("x-api-key") or None


def _recognised(context: Context, secret: str) -> Principal | None:
    now = time.time()
    with context.database.reading() as session:
        return keys.recognise(session, secret, now)


def _unproven(connection: HTTPConnection, context: Context) -> Principal:
    if not context.settings.open_access:
        raise _unauthenticated("key_missing", "This needs a key.")
    if (connection.url.hostname or "").lower() not in LOOPBACK_NAMES:
        raise _unauthenticated("key_missing", "Without a key this server answers only to its own machine.")
    return local_principal()


def _unauthenticated(code: str, message: str) -> ServiceError:
    return ServiceError(
        401,
        code,
        message,
        hint="Send it as: Authorization: Bearer dbl_… Keys are made with `dubline keys create`.",
        headers={"WWW-Authenticate": "Bearer"},
    )
