"""How tasks of one kind begin and end; what lies between is the work itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from dubline.service.context import Context
from dubline.service.jobs.queue import Claim
from dubline.storage.tables import Job
from dubline.worker import endings
from dubline.worker.telling import Teller


class PutBack(Protocol):
    def __call__(
        self, context: Context, claim: Claim, reason: str, *, wait: float = 0.0, uncounted: bool = False
    ) -> None: ...


@dataclass(frozen=True)
class Course:
    begin: Callable[[Session, Claim, float], Job]
    fail: Callable[[Context, Claim, str, str, float], None]
    cancel: Callable[[Context, Claim], None]
    try_again: PutBack
    teller: type[Teller]


WHOLE_JOB = Course(endings.begin, endings.fail, endings.cancel, endings.try_again, Teller)
"""The job stands and falls with the task."""
