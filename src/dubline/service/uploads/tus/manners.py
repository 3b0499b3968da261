"""What the protocol asks of every message: a client that can only GET and POST names its method in a header; every
reply, refusals too, names the version."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dubline.service.uploads.tus.headers import VERSION

OVERRIDE = "x-http-method-override"
METHODS = frozenset({"HEAD", "PATCH", "POST", "DELETE", "OPTIONS", "GET"})


class TusManners:
    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._concerns(scope["path"]):
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get(OVERRIDE, "").upper()
        method = asked if asked in METHODS else scope["method"]
        # In place: who stands outside reads the route from this very scope.
        scope["method"] = method

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and method != "OPTIONS":
                MutableHeaders(scope=message)["Tus-Resumable"] = VERSION
            await send(message)

        await self._app(scope, receive, named)

    def _concerns(self, path: str) -> bool:
        return path == self._path or path.startswith(f"{self._path}/")
