"""The audit log as admins read it."""

from __future__ import annotations

from pydantic import BaseModel

from dubline.service.moments import Instant
from dubline.storage.tables import AuditEntry, Document


class AuditView(BaseModel):
    id: int
    at: Instant
    action: str
    outcome: str
    user_id: str | None
    key_id: str | None
    object: str
    address: str
    details: Document

    @classmethod
    def of(cls, row: AuditEntry) -> AuditView:
        return cls.model_validate(row, from_attributes=True)


class AuditPage(BaseModel):
    entries: list[AuditView]
    next_cursor: int | None
