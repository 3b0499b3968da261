"""Pages of strangers: a browser sends its cookies, and reaches this machine, for whatever page asks it to."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from dubline.service.settings import ServiceSettings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def changes_something(connection: HTTPConnection) -> bool:
    """A WebSocket counts: the rule that keeps pages from reading each other's answers does not hold for it."""
    return connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE


def from_foreign_page(connection: HTTPConnection, settings: ServiceSettings) -> bool:
    """Whether a page that is neither ours nor allowed made this request. Programs name no origin."""
    origin = connection.headers.get("origin")
    if origin is None:
        return False
    ours = {connection.headers.get("host", "").lower(), urlsplit(settings.public_url).netloc.lower()}
    return origin not in settings.cors_origins and urlsplit(origin).netloc.lower() not in ours - {""}
