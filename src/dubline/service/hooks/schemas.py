"""Webhooks as clients write and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dubline.service.events.log import Kind
from dubline.service.hooks.states import MessageStatus, OwnKind
from dubline.service.moments import Instant, moment, moment_or_none
from dubline.storage.tables import Document, Hook, Message, Try

Url = Annotated[str, Field(max_length=2000, examples=["https://example.com/dubline"])]
Kinds = Annotated[list[Kind | OwnKind], Field(max_length=50, examples=[["job.completed", "job.failed"]])]
Secret = Annotated[str, Field(max_length=200)]


class HookRequest(BaseModel):
    """Whom to tell of the jobs of your organisation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://example.com/dubline", "kinds": ["job.completed", "job.failed"]}]
        },
    )

    url: Url
    kinds: Kinds = []
    """What to tell of; empty: everything but `job.progress`, which must be asked for."""
    description: str = Field(default="", max_length=400)


class JobHook(BaseModel):
    """Whom to tell of this job."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    kinds: Kinds = []
    secret: Secret | None = None
    """`whsec_` and base64; left out, one is made and given back once."""


class HookChange(BaseModel):
    """What is left out stays as it is. `enabled: true` takes up a hook that was disabled."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"enabled": True}]})

    url: Url | None = None
    kinds: Kinds | None = None
    description: str | None = Field(default=None, max_length=400)
    enabled: bool | None = None


class Rotation(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"drop_old": True}]})

    drop_old: bool = False
    """The old secret ends at once, instead of after 24 hours: for one that leaked."""


class HookView(BaseModel):
    id: str
    job_id: str | None
    url: str
    kinds: list[str]
    description: str
    enabled: bool
    created_at: Instant
    old_secret_until: Instant | None
    failing_since: Instant | None
    disabled_at: Instant | None
    disabled_because: str | None

    @classmethod
    def of(cls, hook: Hook, **more: str) -> Self:
        return cls(
            id=hook.id,
            job_id=hook.job_id,
            url=hook.url,
            kinds=list(hook.kinds),
            description=hook.description,
            enabled=hook.disabled_at is None,
            created_at=moment(hook.created_at),
            old_secret_until=moment_or_none(hook.old_secret_until),
            failing_since=moment_or_none(hook.failing_since),
            disabled_at=moment_or_none(hook.disabled_at),
            disabled_because=hook.disabled_because,
            **more,
        )


class HookMade(HookView):
    secret: str
    """Shown this once. Receivers check signatures with it: see standardwebhooks.com."""


class HookList(BaseModel):
    hooks: list[HookView]


class DeliveryView(BaseModel):
    """One try."""

    id: int
    message_id: str
    kind: str
    at: Instant
    seconds: float
    status_code: int | None
    error: str | None
    reply: str

    @classmethod
    def of(cls, row: Try, message: Message) -> DeliveryView:
        return cls(
            id=row.id,
            message_id=message.id,
            kind=message.kind,
            at=moment(row.at),
            seconds=row.seconds,
            status_code=row.status_code,
            error=row.error,
            reply=row.reply,
        )


class DeliveryPage(BaseModel):
    deliveries: list[DeliveryView]
    next_cursor: str | None


class MessageView(BaseModel):
    """`id` is the webhook-id that the receiver sees, the same at each try."""

    id: str
    kind: str
    job_id: str | None
    number: int
    status: MessageStatus
    tries: int
    next_try_at: Instant | None
    created_at: Instant
    delivered_at: Instant | None

    @classmethod
    def of(cls, message: Message) -> MessageView:
        waiting = message.status == MessageStatus.WAITING
        return cls(
            id=message.id,
            kind=message.kind,
            job_id=message.job_id,
            number=message.number,
            status=MessageStatus(message.status),
            tries=message.tries,
            next_try_at=moment(message.due_at) if waiting else None,
            created_at=moment(message.created_at),
            delivered_at=moment_or_none(message.delivered_at),
        )


class MessageWhole(BaseModel):
    message: MessageView
    body: Document
    deliveries: list[DeliveryView]


class MessagePage(BaseModel):
    messages: list[MessageView]
    next_cursor: str | None


class ReplayRequest(BaseModel):
    """Either one message, or all of a span of time."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"since": "2030-01-31T12:00:00Z"}, {"message_id": "msg_01j9z3k5m7p9r1t3v5x7z9b1d3"}]
        },
    )

    message_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    only: Literal["failed", "all"] = "failed"
    """Of a span: what was not taken, or what was, too."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.message_id is None) == (self.since is None):
            raise ValueError("give either message_id or since")
        for each in (self.since, self.until):
            if each is not None and each.tzinfo is None:
                raise ValueError("a moment needs its offset, as in 2030-01-31T12:00:00Z")
        return self


class Replayed(BaseModel):
    messages: int
    """How many are sent again."""
