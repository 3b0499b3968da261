"""Headers of every reply: what browsers must not do with it, and how many requests are left."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dubline.service.access.rates import Verdict

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""A route that needs to allow more says so itself: what it sets stays."""

REMEMBER_ENCRYPTION = "max-age=31536000"


class Headers:
    def __init__(self, app: ASGIApp, *, encrypted: bool) -> None:
        self._app = app
        self._fixed = SECURITY | ({"Strict-Transport-Security": REMEMBER_ENCRYPTION} if encrypted else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, sent)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        rate = scope.get("state", {}).get("rate")
        rates = rate.headers() if isinstance(rate, Verdict) else {}
        for name, value in {**self._fixed, **rates}.items():
            headers.setdefault(name, value)
