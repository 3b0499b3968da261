"""Errors as clients read them: RFC 9457 documents with a stable code, and one place that makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from dubline.domain.errors import (
    Cancelled,
    DublineError,
    EngineError,
    Gone,
    StorageFull,
    Unavailable,
    UserError,
)
from dubline.service import misread

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong and what to do about it."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    hint: str = ""
    trace_id: str = ""
    errors: list[dict[str, object]] | None = None
    current: dict[str, object] | None = None
    """Where somebody else was quicker: what is there now."""


class ServiceError(DublineError):
    """A refusal with its HTTP status. What a client may do about it stands in the hint."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        hint: str = "",
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, object]] | None = None,
        current: dict[str, object] | None = None,
    ) -> None:
        super().__init__(code, message, hint=hint)
        self.status = status
        self.errors = errors
        """Where one request held several things that were refused."""
        self.headers = dict(headers or {})
        self.current = current


def not_found(what: str) -> ServiceError:
    """The same words whether it belongs to somebody else or was never there."""
    return ServiceError(
        404,
        f"{what}_not_found",
        f"There is no such {what}.",
        hint="Check the id: it may be mistyped or deleted, or belong to another organisation.",
    )


STATUSES: Mapping[type[DublineError], int] = {
    Gone: 410,
    UserError: 422,
    Unavailable: 503,
    EngineError: 502,
    StorageFull: 507,
    Cancelled: 409,
}
"""The narrower kinds first."""


CODES = {413: "body_too_large", 422: "request_invalid"}
"""Where Python's phrases change from version to version."""

PLAIN_HINT = "See GET /api/v1/docs for the addresses there are and what each takes."
"""Of errors that the router tells, before any code of ours."""


def install(app: FastAPI) -> None:
    app.add_exception_handler(DublineError, of_ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _bug)


def respond(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    hint: str = "",
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, object]] | None = None,
    current: dict[str, object] | None = None,
) -> JSONResponse:
    request.state.problem = code
    problem = Problem(
        type=f"urn:dubline:problem:{code}",
        title=_phrase(status),
        status=status,
        code=code,
        detail=detail,
        hint=hint,
        trace_id=trace_id(request),
        errors=errors,
        current=current,
    )
    return JSONResponse(
        problem.model_dump(exclude_none=True), status, headers=dict(headers or {}), media_type=MEDIA_TYPE
    )


def _phrase(status: int) -> str:
    """Protocols on top of HTTP have statuses of their own."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Refused"


def trace_id(request: Request) -> str:
    """The same in logs and in the reply; a client may bring its own by W3C `traceparent`."""
    return str(getattr(request.state, "trace_id", ""))


async def of_ours(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DublineError):
        raise TypeError(type(error))
    ours = error if isinstance(error, ServiceError) else None
    return respond(
        request,
        status_of(error),
        error.code,
        error.message,
        hint=error.hint,
        headers=ours.headers if ours else None,
        errors=ours.errors if ours else None,
        current=ours.current if ours else None,
    )


def status_of(error: DublineError) -> int:
    if isinstance(error, ServiceError):
        return error.status
    return next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)


def invalid(found: Sequence[Any], content_type: str = "application/json") -> ServiceError:
    """From what pydantic found wrong."""
    errors = misread.mistakes(found)
    detail = "; ".join(f"{each['field']}: {each['message']}" for each in errors)
    return ServiceError(422, "request_invalid", detail, hint=misread.hint(found, content_type), errors=errors)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise TypeError(type(error))
    return await of_ours(request, invalid(error.errors(), request.headers.get("content-type", "")))


async def _plain(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise TypeError(type(error))
    code = plain_code(error.status_code)
    return respond(
        request, error.status_code, code, str(error.detail), hint=PLAIN_HINT, headers=error.headers
    )


def plain_code(status: int) -> str:
    """Of an error that is not ours."""
    return CODES.get(status) or HTTPStatus(status).phrase.lower().replace(" ", "_").replace("'", "")


def bug() -> ServiceError:
    """The log has the rest; a stranger learns nothing of our insides."""
    return ServiceError(
        500,
        "internal_error",
        "Something went wrong on our side.",
        hint="Try again; if it happens again, report it with the trace_id.",
    )


async def _bug(request: Request, _error: Exception) -> JSONResponse:
    return await of_ours(request, bug())
