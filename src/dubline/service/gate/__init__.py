"""What every request passes before any route sees it, and every reply before it leaves."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from dubline.service.access.sessions import CSRF_HEADER
from dubline.service.gate.bodies import Bodies
from dubline.service.gate.headers import Headers
from dubline.service.gate.records import Records
from dubline.service.settings import ServiceSettings
from dubline.service.uploads.tus import headers as tus

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ALLOWED = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Range",
    "X-API-Key",
    *tus.SENT,
    CSRF_HEADER,
)
EXPOSED = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    *tus.EXPOSED,
)


def install(app: FastAPI, settings: ServiceSettings) -> None:
    """The last one added is the first one met."""
    app.add_middleware(Bodies, settings=settings)
    app.add_middleware(Records)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=METHODS,
            allow_headers=ALLOWED,
            expose_headers=EXPOSED,
        )
    app.add_middleware(Headers, encrypted=settings.public_url.startswith("https:"))
