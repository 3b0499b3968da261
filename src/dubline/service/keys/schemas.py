"""Keys as clients write and read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from dubline.service.access.roles import Operation
from dubline.service.moments import Instant
from dubline.storage.tables import Key


def _to_come(value: datetime) -> datetime:
    if value <= datetime.now(UTC):
        raise ValueError("this moment has passed")
    return value


class KeyRequest(BaseModel):
    """A key for a program of yours."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "nightly import", "scopes": ["jobs:read", "jobs:write"]}]},
    )

    name: Annotated[str, Field(min_length=1, max_length=200)]
    scopes: Annotated[list[Operation], Field(min_length=1, max_length=len(Operation))] | None = None
    """What it may do; never more than you may. Left out: whatever you may."""
    expires_at: Annotated[AwareDatetime, AfterValidator(_to_come)] | None = None


class KeyView(BaseModel):
    id: str
    name: str
    prefix: str
    """How the key begins, to tell it from others."""
    user_id: str
    scopes: list[str]
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None
    """To the minute."""

    @classmethod
    def of(cls, row: Key) -> KeyView:
        return cls.model_validate(row, from_attributes=True)


class NewKeyView(KeyView):
    secret: str
    """The key itself. It is told this once and kept nowhere."""


class KeyList(BaseModel):
    keys: list[KeyView]
