"""Watching a job by server-sent events, through any number of broken lines: each event once, in order."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import httpx

from dubline.client.connection import Connection, checked, passing, translated
from dubline.client.errors import ConnectionLost, Document, Refused, TookTooLong

SILENCE = 45.0
"""Seconds without a sign of life after which a line is given up; the server gives one each 15."""

NO_CONTENT = 204


@dataclass(frozen=True)
class Event:
    number: int
    """Counts the job's events from 1."""
    kind: str
    """`job.progress`, `job.completed` and so on."""
    status: str
    progress: float
    current_stage: str | None
    at: datetime
    data: Document
    """All that was told."""


def watch(
    connection: Connection, job_id: str, *, after: int = 0, follow: bool = False, timeout: float | None = None
) -> Iterator[Event]:
    """Ends when the job has ended and all was told; with `follow` it goes on with edits, renders and retries."""
    deadline = time.monotonic() + timeout if timeout is not None else None
    patience = connection.patience()
    while True:
        heard = False
        try:
            for event in _stream(connection, job_id, after, follow, deadline):
                heard = True
                patience.renew()
                if event and event.number > after:
                    after = event.number
                    yield event
        except _Over:
            return
        except ConnectionLost as error:
            _check(deadline)
            if not heard:
                patience.wait(error)
        except Refused as error:
            if not passing(error):
                raise
            patience.wait(error, error.retry_after)
        else:
            _check(deadline)
            if not heard:
                patience.wait(ConnectionLost("the stream ends before it begins", sent=True))


class _Over(Exception):
    """The job has ended and we know everything of it."""


def _check(deadline: float | None) -> None:
    if deadline is not None and time.monotonic() >= deadline:
        raise TookTooLong("the job has not ended in the time that was given")


def _stream(
    connection: Connection, job_id: str, after: int, follow: bool, deadline: float | None
) -> Iterator[Event | None]:
    """The events of one connection; None is a sign of life."""
    left = SILENCE if deadline is None else min(SILENCE, max(0.05, deadline - time.monotonic()))
    asked = connection.http.stream(
        "GET",
        f"jobs/{job_id}/events",
        params={"follow": follow},
        headers={"Last-Event-ID": str(after), "Accept": "text/event-stream"},
        timeout=httpx.Timeout(connection.http.timeout.connect, read=left),
    )
    with translated(), asked as reply:
        if checked(reply).status_code == NO_CONTENT:
            raise _Over
        for block in blocks(reply.iter_bytes()):
            _check(deadline)
            if not block[0].startswith("retry:"):
                yield event_of(block)


def blocks(chunks: Iterator[bytes]) -> Iterator[list[str]]:
    """The lines of each message. Not split as httpx splits text: what people say may hold any of Unicode's line
    ends, and only those of the protocol end a line."""
    waiting = b""
    for chunk in chunks:
        *whole, waiting = (waiting + chunk).split(b"\n\n")
        for block in whole:
            yield block.decode().split("\n")


def event_of(block: list[str]) -> Event | None:
    """None for comments, which only say that the line is good."""
    fields = dict(line.split(": ", 1) for line in block if ": " in line and not line.startswith(":"))
    if "id" not in fields:
        return None
    data = json.loads(fields["data"])
    return Event(
        number=int(fields["id"]),
        kind=fields["event"],
        status=data["status"],
        progress=data["progress"],
        current_stage=data.get("current_stage"),
        at=datetime.fromisoformat(data["at"]),
        data=data,
    )
