"""`Idempotency-Key`: the same request sent again gets the reply of the first one, and makes nothing twice.

The reply is kept once the work is committed. A server that dies in between has made its jobs under ids that follow
from the key, so whoever asks again finds them: no job is lost and none is made twice.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar, cast

from fastapi import Header, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session

from dubline.domain.errors import DublineError
from dubline.service.access.principal import Principal
from dubline.service.context import context_of
from dubline.service.ids import following
from dubline.service.problem import ServiceError
from dubline.service.replies import repository
from dubline.service.replies.repository import Asked, Conflict, Given

MOST_KEY = 255
NOT_ASKED = ("request", "response", "principal", "key")
"""Arguments every repeatable route has; the others are what it is asked for."""

KEPT_HEADERS = ("location",)
REPLAYED = "Idempotent-Replayed"

OneTimeKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A name of yours for this request. Sent again within a day, it gets the same reply.",
    ),
]

P = ParamSpec("P")
R = TypeVar("R")


def once(endpoint: Callable[P, R]) -> Callable[P, R]:
    """For a route with `request`, `response`, `principal` and `key: OneTimeKey`; it is no coroutine."""
    signature = inspect.signature(endpoint, eval_str=True)

    @wraps(endpoint)
    def replied(*args: P.args, **kwargs: P.kwargs) -> R:
        given = signature.bind(*args, **kwargs).arguments
        if given["key"] is None:
            return endpoint(*args, **kwargs)
        return _Repeatable(given).reply(lambda: endpoint(*args, **kwargs))

    replied.__signature__ = signature  # type: ignore[attr-defined]  # the names in it are those of the endpoint's file
    return replied


class _Repeatable:
    """One call of an endpoint under its key."""

    def __init__(self, given: Mapping[str, object]) -> None:
        request, response, principal, key = (given[name] for name in NOT_ASKED)
        if not (isinstance(request, Request) and isinstance(response, Response)):
            raise TypeError("a repeatable route takes its request and its response")
        if not (isinstance(principal, Principal) and isinstance(key, str)):
            raise TypeError("a repeatable route takes its principal and the key")
        self._request, self._response = request, response
        self._context = context_of(request)
        _check(key)
        self._asked = Asked(principal.organisation, key, _fingerprint(self._request, principal, given))

    def reply(self, call: Callable[[], R]) -> R:
        with self._context.database.writing() as session:
            found = repository.begin(session, self._asked, time.time())
        if isinstance(found, Given):
            return cast(R, _again(found))
        if isinstance(found, Conflict):
            raise _refused(found)
        return self._first(call, found.seed)

    def _first(self, call: Callable[[], R], seed: str) -> R:
        try:
            with following(seed):
                result = call()
        except DublineError:
            self._note(repository.forget)
            raise
        except BaseException:
            self._note(repository.release)
            raise
        given = self._given(result)
        with self._context.database.writing() as session:
            repository.keep(session, self._asked, given)
        return result

    def _note(self, change: Callable[[Session, Asked], None]) -> None:
        with self._context.database.writing() as session:
            change(session, self._asked)

    def _given(self, result: object) -> Given:
        route: APIRoute = self._request.scope["route"]
        status = self._response.status_code or route.status_code or 200
        kept = {name: self._response.headers[name] for name in KEPT_HEADERS if name in self._response.headers}
        return Given(status, jsonable_encoder(result), kept)


def _again(given: Given) -> Response:
    """FastAPI sends a response that a route returns as it is."""
    return JSONResponse(given.body, given.status, headers={**given.headers, REPLAYED: "true"})


def _refused(conflict: Conflict) -> ServiceError:
    if conflict is Conflict.OTHER:
        return ServiceError(
            422,
            "idempotency_mismatch",
            "This Idempotency-Key was used for another request.",
            hint="Take a new key for a new request.",
        )
    return ServiceError(
        409,
        "idempotency_in_progress",
        "The first request with this Idempotency-Key is still at work.",
        hint="Ask again in a second.",
        headers={"Retry-After": "1"},
    )


def _check(key: str) -> None:
    if not (0 < len(key) <= MOST_KEY and key.isascii() and key.isprintable()):
        raise ServiceError(
            422,
            "idempotency_key_invalid",
            f"An Idempotency-Key has 1 to {MOST_KEY} printable ASCII characters.",
            hint="A random UUID does well.",
        )


def _fingerprint(request: Request, principal: Principal, given: Mapping[str, object]) -> str:
    """Of what the route understood, not of the bytes: a multipart body has another boundary each time."""
    parts = {name: jsonable_encoder(value) for name, value in given.items() if name not in NOT_ASKED}
    told = [request.method, request.url.path, request.url.query, principal.user, parts]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
