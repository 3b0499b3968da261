"""What we send to other people's addresses, described beside what we take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import FastAPI, Header

from dubline.service.events.log import Kind
from dubline.service.hooks.outbox import Envelope
from dubline.service.hooks.states import OwnKind
from dubline.storage.tables import Document

JOB = {
    "number": 7,
    "name": "talk",
    "metadata": {"project": "spring"},
    "batch_id": None,
    "job_id": "job_01j9z3k5m7p9r1t3v5x7z9b1d3",
    "status": "processing",
    "progress": 0.42,
    "current_stage": "translate",
}

TOLD: Mapping[Kind | OwnKind, tuple[str, Document]] = {
    Kind.CREATED: (
        "A job was accepted.",
        {**JOB, "status": "uploaded", "progress": 0.0, "target_languages": ["es"]},
    ),
    Kind.STARTED: ("A worker took up a job.", {**JOB, "attempt": 1}),
    Kind.IMPORTED: ("The video of a web address is here.", {**JOB, "media_seconds": 63.5}),
    Kind.PROGRESS: (
        "A job went on a little. Sent only to hooks that ask for it.",
        {**JOB, "eta_seconds": 41.0},
    ),
    Kind.COMPLETED: (
        "A job is done; its files can be fetched.",
        {**JOB, "status": "completed", "progress": 1.0, "target_languages": ["es"]},
    ),
    Kind.FAILED: (
        "A job failed.",
        {
            **JOB,
            "status": "failed",
            "error_code": "no_audio",
            "error_message": "This file has no sound track.",
        },
    ),
    Kind.CANCELLED: ("A job was cancelled.", {**JOB, "status": "cancelled"}),
    Kind.RETRIED: ("A job waits again.", {**JOB, "status": "uploaded", "reason": "asked"}),
    Kind.STALE: (
        "A script was edited, its files were not yet.",
        {**JOB, "language": "es", "revision": 5},
    ),
    Kind.RENDERING: ("An edited script is being rendered.", {**JOB, "language": "es", "fraction": 0.3}),
    Kind.RENDERED: (
        "The files say what the script says.",
        {**JOB, "language": "es", "revision": 5, "rendered": 5, "state": "current"},
    ),
    Kind.RENDER_FAILED: (
        "A render failed; the old files stay.",
        {**JOB, "language": "es", "error_code": "engine_failed", "error_message": "The engine failed."},
    ),
    OwnKind.PING: (
        "You asked for a message to try your receiver.",
        {"hook_id": "hok_01j9z3k5m7p9r1t3v5x7z9b1d3"},
    ),
    OwnKind.DISABLED: (
        "Another hook of your organisation was given up.",
        {
            "hook_id": "hok_01j9z3k5m7p9r1t3v5x7z9b1d3",
            "url": "https://example.com/dubline",
            "disabled_because": "It answered 410 Gone.",
        },
    ),
}

REPLIES: dict[int | str, dict[str, Any]] = {
    "2XX": {"description": "Taken. Any body is ignored."},
    410: {"description": "Send no more: the hook is disabled."},
    "default": {"description": "Not taken: it is tried again, later and later, under the same webhook-id."},
}


def describe(app: FastAPI) -> None:
    for kind, (meaning, data) in TOLD.items():
        sample = {"type": str(kind), "timestamp": "2030-01-31T12:00:00.000Z", "data": data}
        app.webhooks.add_api_route(
            str(kind),
            told,
            methods=["POST"],
            summary=meaning,
            responses=REPLIES,
            status_code=204,
            openapi_extra={"requestBody": {"content": {"application/json": {"example": sample}}}},
        )


def told(
    body: Envelope,
    webhook_id: Annotated[str, Header(description="The same each time a message is tried.")],
    webhook_timestamp: Annotated[int, Header(description="Seconds since 1970, when it was sent.")],
    webhook_signature: Annotated[
        str,
        Header(description="`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; several with spaces."),
    ],
) -> None:
    """Check the signature before you believe it, answer within 20 seconds, and expect a message more than once and
    out of order: `data.number` counts the events of a job."""
