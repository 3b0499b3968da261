"""Requests and replies. The only place where an exception of httpx becomes one of ours, and where a request is sent
once more."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from dubline.client.errors import ClientError, ConnectionLost, Document, Refused, refusal
from dubline.client.patience import STRANGER, Acquaintance, Patience

IDEMPOTENCY = "Idempotency-Key"
ASKING = frozenset({"GET", "HEAD"})
UNAVAILABLE = 503

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
MISTAKES = (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.TooManyRedirects)
"""Trying again helps nobody."""


class Connection:
    def __init__(self, url: str, key: str | None, patience: float, timeout: float) -> None:
        self._patience = patience
        self._server = Acquaintance()
        waits = httpx.Timeout(timeout, connect=min(timeout, STRANGER))
        headers = {"User-Agent": "dubline-client"}
        own = {**headers, "Authorization": f"Bearer {key}"} if key else headers
        self.http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/",
            headers=own,
            timeout=waits,
            event_hooks={"response": [self._meet]},
        )
        self.plain = httpx.Client(headers=headers, timeout=waits, follow_redirects=True)
        """For signed links, which may lead to another machine: the key stays at home."""

    def close(self) -> None:
        self.http.close()
        self.plain.close()

    def patience(self) -> Patience:
        return Patience(self._patience, self._server)

    def _meet(self, _reply: httpx.Response) -> None:
        self._server.met = True

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> httpx.Response:
        """`repeatable`: doing it twice harms nobody. What may have been done already is not sent again, unless it
        is that, or only asks, or bears a key by which the server knows it again."""
        repeatable = repeatable or method in ASKING or IDEMPOTENCY in (headers or {})
        told = {name: value for name, value in (params or {}).items() if value is not None}
        patience = self.patience()
        while True:
            try:
                with translated():
                    reply = self.http.request(
                        method,
                        path,
                        json=json,
                        params=told,  # type: ignore[arg-type]  # strings, numbers and lists of them
                        headers=headers,
                    )
                return checked(reply)
            except ConnectionLost as error:
                if error.sent and not repeatable:
                    raise
                patience.wait(error)
            except Refused as error:
                if not passing(error):
                    raise
                patience.wait(error, error.retry_after)

    def document(self, method: str, path: str, **more: Any) -> Document:  # noqa: ANN401 - those of ask
        found = self.ask(method, path, **more)
        return dict(found.json()) if found.content else {}


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except MISTAKES as error:
        raise ClientError(str(error)) from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        sent = not isinstance(error, NOT_SENT)
        what = "the line broke" if sent else "nobody was reached"
        said = str(error) or type(error).__name__
        raise ConnectionLost(f"{what}{_place(error)}: {said}", sent=sent) from error


def _place(error: Exception) -> str:
    """Which server it was about. The rest of the address may hold the signature of a link."""
    with suppress(AttributeError, RuntimeError):  # not all errors of httpx know their request
        url = error.request.url  # type: ignore[attr-defined]
        return f" at {url.scheme}://{url.netloc.decode()}"
    return ""


def checked(reply: httpx.Response) -> httpx.Response:
    """The reply, if it is none of refusal."""
    if reply.is_success:
        return reply
    with translated():
        reply.read()
    problem: object = None
    with suppress(ValueError):
        problem = reply.json()
    known = problem if isinstance(problem, dict) else {"title": reply.reason_phrase}
    raise refusal(reply.status_code, known, retry_after(reply))


def retry_after(reply: httpx.Response) -> float | None:
    """Seconds; some send a date."""
    said = reply.headers.get("retry-after", "")
    if said.isdecimal():
        return float(said)
    with suppress(TypeError, ValueError):
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    return None


def passing(error: Refused) -> bool:
    """Whether waiting helps: the server says so by telling how long. One that is starting behind a proxy cannot."""
    return error.retry_after is not None or error.code == f"http_{UNAVAILABLE}"
