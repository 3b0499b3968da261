"""The reference of the API: for whoever may use it, not for passers-by."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse

from dubline.service.access.door import identify
from dubline.service.access.principal import Principal
from dubline.service.problem import MEDIA_TYPE, Problem
from dubline.storage.tables import Document

Anybody = Annotated[Principal, Depends(identify)]


POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data: https://fastapi.tiangolo.com; "
    "style-src https://cdn.jsdelivr.net 'unsafe-inline'; script-src https://cdn.jsdelivr.net 'unsafe-inline'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The page's scripts come from where FastAPI takes them."""

CREDENTIALS = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key: Authorization: Bearer dbl_…"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}

REFUSALS = {"4XX": "Refused: `code` says why, `hint` what to do.", "5XX": "A fault of the server's."}

FOR_ANYBODY = ("/auth/", "/healthz", "/readyz", "/api/v1/files/")
"""Where no key is asked for."""


def install(app: FastAPI, prefix: str) -> None:
    address = f"{prefix}/openapi.json"

    @app.get(address, include_in_schema=False)
    def schema(principal: Anybody) -> JSONResponse:
        return JSONResponse(described(app))

    @app.get(f"{prefix}/docs", include_in_schema=False)
    def page(principal: Anybody) -> HTMLResponse:
        made = get_swagger_ui_html(openapi_url=address, title=app.title)
        made.headers["Content-Security-Policy"] = POLICY
        return made


def described(app: FastAPI) -> Document:
    """As FastAPI sees the routes, with what it cannot see: keys, and errors as they really look."""
    told = app.openapi()
    parts = told.setdefault("components", {})
    parts["securitySchemes"] = CREDENTIALS
    parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    for path, operations in told["paths"].items():
        for operation in operations.values():
            operation["responses"] = _with_problems(operation.get("responses", {}))
            if not path.startswith(FOR_ANYBODY) or path == "/auth/logout":
                operation["security"] = [{name: []} for name in CREDENTIALS]
    return told


def _with_problems(responses: Document) -> Document:
    """Each error that a route tells of is a problem document, and so is every other one."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    kept = {status: reply for status, reply in responses.items() if status[0] in "123"}
    own = {
        status: {"description": reply["description"], "content": content}
        for status, reply in responses.items()
        if status[0] in "45" and status != "422"
    }
    usual = {status: {"description": text, "content": content} for status, text in REFUSALS.items()}
    return {**kept, **own, **usual}
