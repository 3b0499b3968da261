"""`Idempotency-Key`: the same request sent again gets the reply of the first one, and makes nothing twice.

The reply is kept once the work is committed. A server that dies in between has made its jobs under ids that follow
from the key, so whoever asks again finds them: no job is lost and none is made twice.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar, cast

from fastapi import Header, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from dubline.service.access.principal import Principal
from dubline.service.context import context_of
from dubline.service.replies.repeating import Repeatable
from dubline.service.replies.repository import Asked, Given

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
        return _Repeated(given).reply(lambda: endpoint(*args, **kwargs))

    replied.__signature__ = signature  # type: ignore[attr-defined]  # the names in it are those of the endpoint's file
    return replied


class _Repeated:
    """One call of an endpoint under its key."""

    def __init__(self, given: Mapping[str, object]) -> None:
        request, response, principal, key = (given[name] for name in NOT_ASKED)
        if not (isinstance(request, Request) and isinstance(response, Response)):
            raise TypeError("a repeatable route takes its request and its response")
        if not (isinstance(principal, Principal) and isinstance(key, str)):
            raise TypeError("a repeatable route takes its principal and the key")
        self._request, self._response = request, response
        asked = Asked(principal.organisation, key, _fingerprint(request, principal, given))
        self._repeatable = Repeatable(context_of(request), asked)

    def reply(self, call: Callable[[], R]) -> R:
        found = self._repeatable.begin()
        if isinstance(found, Given):
            return cast(R, _again(found))
        return self._repeatable.first(found, call, self._given)

    def _given(self, result: object) -> Given:
        route: APIRoute = self._request.scope["route"]
        status = self._response.status_code or route.status_code or 200
        kept = {name: self._response.headers[name] for name in KEPT_HEADERS if name in self._response.headers}
        return Given(status, jsonable_encoder(result), kept)


def _again(given: Given) -> Response:
    """FastAPI sends a response that a route returns as it is."""
    return JSONResponse(given.body, given.status, headers={**given.headers, REPLAYED: "true"})


def _fingerprint(request: Request, principal: Principal, given: Mapping[str, object]) -> str:
    """Of what the route understood, not of the bytes: a multipart body has another boundary each time."""
    parts = {name: jsonable_encoder(value) for name, value in given.items() if name not in NOT_ASKED}
    told = [request.method, request.url.path, request.url.query, principal.user, parts]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
