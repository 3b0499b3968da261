"""Jobs as a program meets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ENDED = frozenset({"completed", "failed", "cancelled"})
"""The others: `uploaded` (accepted, waits for a worker) and `processing`."""


@dataclass(frozen=True)
class Target:
    """How one language of a job stands: pending, current, stale (edited since its files were made) or failed."""

    language: str
    state: str
    revision: int | None = None
    """Of the script: grows with every edit."""
    rendered: int | None = None
    """The revision that the files say."""
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True)
class Policy:
    """What the operator's content policy found."""

    state: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hook:
    """A webhook, with the secret by which its messages are known to be genuine: it is shown this once."""

    id: str
    url: str
    secret: str


@dataclass(frozen=True)
class Job:
    id: str
    name: str
    status: str
    progress: float
    current_stage: str | None
    source_language: str
    target_languages: tuple[str, ...]
    targets: tuple[Target, ...]
    priority: int
    metadata: Mapping[str, str]
    media_seconds: float
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    policy: Policy
    started_at: datetime | None = None
    finished_at: datetime | None = None
    estimated_completion: datetime | None = None
    source_url: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    webhook: Hook | None = None
    """Only in the reply to the request that made the job."""

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    def target(self, language: str) -> Target:
        return next(each for each in self.targets if each.language == language)


@dataclass(frozen=True)
class Stage:
    name: str
    status: str
    progress: float
    detail: str
    seconds: float
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True)
class JobStatus:
    job_id: str
    status: str
    progress: float
    current_stage: str | None
    created_at: datetime
    updated_at: datetime
    stages: tuple[Stage, ...]
    estimated_completion: datetime | None = None
    error_message: str | None = None


@dataclass(frozen=True)
class BatchItem:
    """What became of one job of a batch: it has an id, or a problem with `code`, `detail` and `hint`."""

    index: int
    job_id: str | None
    problem: Mapping[str, object] | None = None
    webhook: Hook | None = None


@dataclass(frozen=True)
class Batch:
    batch_id: str
    accepted: int
    refused: int
    jobs: tuple[BatchItem, ...] = field(default=())
