"""Health as those who watch over servers read it."""

from __future__ import annotations

from pydantic import BaseModel


class Alive(BaseModel):
    status: str = "alive"


class Check(BaseModel):
    name: str
    ready: bool
    reason: str = ""
    """What is not as it should be, and what to do about it."""


class Ready(BaseModel):
    status: str
    """`ready` or `not_ready`."""
    checks: list[Check] | None = None
    """For those who may read the state of the server (server:read) and for this machine itself."""
