"""How a job stands and what may become of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    UPLOADED = "uploaded"
    """Accepted and waiting for a worker."""
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = frozenset({Status.UPLOADED, Status.PROCESSING})
ENDED = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED})

NEXT: Mapping[Status, frozenset[Status]] = {
    Status.UPLOADED: frozenset({Status.PROCESSING, Status.CANCELLED, Status.FAILED}),
    Status.PROCESSING: frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.UPLOADED}),
    Status.COMPLETED: frozenset({Status.UPLOADED}),
    Status.FAILED: frozenset({Status.UPLOADED}),
    Status.CANCELLED: frozenset({Status.UPLOADED}),
}
"""A worker that dies puts its job back among the waiting; a retry does the same for one that ended."""


class TaskStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


RENDER = "render"
"""The kind of task that makes new files of an edited script; the job itself is done."""
