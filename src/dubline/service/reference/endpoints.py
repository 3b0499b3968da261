"""The reference of the API over HTTP: as OpenAPI, and as a page to read."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse

from dubline.service.access.door import identify
from dubline.service.access.principal import Principal
from dubline.service.reference import webhooks
from dubline.service.reference.description import described

Anybody = Annotated[Principal, Depends(identify)]


POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data: https://fastapi.tiangolo.com; "
    "style-src https://cdn.jsdelivr.net 'unsafe-inline'; script-src https://cdn.jsdelivr.net 'unsafe-inline'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The page's scripts come from where FastAPI takes them."""


def install(app: FastAPI, prefix: str) -> None:
    webhooks.describe(app)
    address, reading = f"{prefix}/openapi.json", f"{prefix}/docs"

    @app.head("/", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    def front() -> dict[str, str]:
        return {"name": app.title, "version": app.version, "docs": reading, "openapi": address}

    @app.get(address, include_in_schema=False)
    def schema(principal: Anybody) -> JSONResponse:
        return JSONResponse(described(app))

    @app.get(reading, include_in_schema=False)
    def page(principal: Anybody) -> HTMLResponse:
        made = get_swagger_ui_html(openapi_url=address, title=app.title)
        made.headers["Content-Security-Policy"] = POLICY
        return made
