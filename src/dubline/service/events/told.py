"""An event as it goes to clients: written out once, however many listen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from dubline.service.moments import moment
from dubline.storage.tables import Document


@dataclass(frozen=True)
class Told:
    id: int
    """Its place among all events."""
    organisation: str
    job: str
    number: int
    """Its place among those of its job."""
    kind: str
    data: Document
    at: float

    @property
    def time(self) -> str:
        return moment(self.at).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @cached_property
    def frame(self) -> str:
        """For WebSockets."""
        return _text({"id": self.number, "kind": self.kind, "data": self.data, "at": self.time})

    @cached_property
    def of_job(self) -> bytes:
        """For the stream of one job, in the form of server-sent events."""
        return _sent(self.number, self.kind, {**self.data, "at": self.time})

    @cached_property
    def of_all(self) -> bytes:
        """For the stream of all jobs."""
        return _sent(self.id, self.kind, {**self.data, "number": self.number, "at": self.time})


def _sent(name: int, kind: str, data: Document) -> bytes:
    return f"id: {name}\nevent: {kind}\ndata: {_text(data)}\n\n".encode()


def _text(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
