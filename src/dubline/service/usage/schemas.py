"""Use as clients read it."""

from __future__ import annotations

from pydantic import BaseModel


class UsageRow(BaseModel):
    """All that a month, a person or a job used."""

    key: str
    """The month (2025-01), the user's id or the job's, as was asked."""
    runs: int
    """How many times something was made; a job that was made again counts again."""
    minutes: float
    """Of media, times languages."""
    work_seconds: float
    """How long a worker was busy."""
    bytes_stored: int
    cost: float


class UsageReport(BaseModel):
    by: str
    rows: list[UsageRow]
    total: UsageRow
    stored_bytes: int
    """What your organisation stores now."""
