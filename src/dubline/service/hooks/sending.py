"""One try: the message is posted, and whatever comes back is an answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dubline import __version__
from dubline.domain.errors import Cancelled, DublineError
from dubline.egress import Caps, Egress, Failed, Policy, Reply
from dubline.service.hooks import signing
from dubline.service.hooks.claiming import Parcel

CUT = 20.0
"""Seconds a receiver has to answer."""

MOST_READ = 64 << 10
EXCERPT = 1000
"""Characters of a reply that the delivery log keeps."""

GONE = 410
MAY_ASK_FOR_REST = (429, 503)


@dataclass(frozen=True)
class Answer:
    seconds: float
    status: int | None = None
    error: str | None = None
    reply: str = ""
    rest: float | None = None
    """Seconds the receiver wants to be left alone."""

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004

    @property
    def gone(self) -> bool:
        return self.status == GONE


def policy_for_hooks(policy: Policy) -> Policy:
    """The owner reads in the delivery log why a try failed, and a try that failed makes room at once."""
    return replace(policy, hops=0, answer_seconds=CUT, even_failures=False)


def send(egress: Egress, parcel: Parcel, now: float, stop: Callable[[], bool]) -> Answer:
    content = signing.written(parcel.body)
    headers = {
        "content-type": "application/json",
        "user-agent": f"dubline/{__version__} (webhooks)",
        **signing.headers(parcel.message, content, parcel.secrets, now),
    }
    started = time.monotonic()
    caps = Caps(most_bytes=MOST_READ, most_seconds=CUT, read_seconds=CUT)
    try:
        with egress.request(
            parcel.url, method="POST", headers=headers, content=content.encode(), caps=caps, hops=0, stop=stop
        ) as reply:
            rest = _rest(reply, now)
            return Answer(
                time.monotonic() - started, reply.status, _complaint(reply.status), _began(reply), rest
            )
    except Cancelled:
        raise
    except DublineError as error:
        return Answer(time.monotonic() - started, error=_plain(error, time.monotonic() - started))


def _plain(error: DublineError, seconds: float) -> str:
    if not isinstance(error, Failed):
        return error.message
    slow = isinstance(error.__cause__, TimeoutError) or seconds >= CUT
    return f"No answer within {CUT:g} seconds." if slow else "No answer: the connection failed."


def _complaint(status: int) -> str | None:
    if 200 <= status < 300:  # noqa: PLR2004
        return None
    if 300 <= status < 400:  # noqa: PLR2004
        return f"Answered {status}; redirects are not followed."
    return f"Answered {status}."


def _began(reply: Reply) -> str:
    """The status has said all that counts, so trouble with the body is none."""
    kept = b""
    with suppress(DublineError):
        for chunk in reply.chunks:
            kept += chunk
            if len(kept) >= EXCERPT:
                break
    return kept[:EXCERPT].decode(errors="replace").replace("\x00", "")


def _rest(reply: Reply, now: float) -> float | None:
    """Retry-After, in seconds or as a date."""
    written = reply.headers.get("retry-after", "").strip()
    if reply.status not in MAY_ASK_FOR_REST or not written:
        return None
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        until = parsedate_to_datetime(written)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.fromtimestamp(now, UTC)).total_seconds())
