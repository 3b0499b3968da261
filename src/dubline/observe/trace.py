"""One request and all that follows from it, under one number: in logs, in replies, in the work of other processes."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

_WRITTEN = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


@dataclass(frozen=True)
class Trace:
    """Where in a trace we are, as W3C Trace Context names it."""

    id: str
    span: str

    @classmethod
    def new(cls) -> Trace:
        return cls(secrets.token_hex(16), secrets.token_hex(8))

    @classmethod
    def read(cls, header: str | None) -> Trace | None:
        """From a `traceparent`; None where it is none."""
        found = _WRITTEN.fullmatch(header or "")
        if found is None or not found[1].strip("0") or not found[2].strip("0"):
            return None
        return cls(found[1], found[2])

    def within(self) -> Trace:
        return Trace(self.id, secrets.token_hex(8))

    def __str__(self) -> str:
        return f"00-{self.id}-{self.span}-01"


current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def written() -> str | None:
    """The trace of what is done just now, for what will be done later on its behalf."""
    trace = current.get()
    return None if trace is None else str(trace)
