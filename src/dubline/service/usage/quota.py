"""Quotas, checked inside the transaction that takes from them: writers come one after another, so a hundred requests
at once cannot together take more than there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dubline.service.jobs.states import OPEN
from dubline.service.problem import ServiceError
from dubline.service.settings import Limits
from dubline.storage.tables import Job, Output, Upload, UsageEntry


@dataclass(frozen=True)
class Need:
    """What something will use, as far as one can tell before."""

    media_seconds: float = 0.0
    size: int = 0

    def __add__(self, other: Need) -> Need:
        return Need(self.media_seconds + other.media_seconds, self.size + other.size)


def need_of(media_seconds: float, source_bytes: int, targets: Sequence[str]) -> Need:
    """Each language is a dub of its own, about as large as the source."""
    return Need(media_seconds * len(targets), source_bytes * len(targets))


def check(session: Session, organisation: str, limits: Limits, need: Need) -> None:
    """Whether there is room for this beside what is stored, what was used, and what open jobs will use."""
    reserved = _reserved(session, organisation)
    _check_minutes(session, organisation, limits, (reserved + need).media_seconds)
    if stored_bytes(session, organisation) + (reserved + need).size > limits.max_storage_bytes:
        raise ServiceError(
            413,
            "storage_quota_exceeded",
            f"Your organisation may store {limits.max_storage_bytes:,} bytes; this would be more.",
            hint="Delete jobs and uploads that are not needed any more, or ask the operator for more.",
        )


def _check_minutes(session: Session, organisation: str, limits: Limits, wanted: float) -> None:
    if limits.minutes_per_month is None:
        return
    now = datetime.now(UTC)
    used = session.scalar(
        select(func.sum(UsageEntry.media_seconds)).where(
            UsageEntry.organisation_id == organisation, UsageEntry.at >= month_start(now)
        )
    )
    if (used or 0.0) + wanted > 60 * limits.minutes_per_month:
        raise ServiceError(
            429,
            "minutes_quota_exceeded",
            f"Your organisation may dub {limits.minutes_per_month:g} minutes a month; this would be more.",
            hint="Wait for the next month, or ask the operator for more.",
            headers={"Retry-After": str(int(next_month(now) - now.timestamp()) + 1)},
        )


def stored_bytes(session: Session, organisation: str) -> int:
    """Uploads count with their full size from the start, so that nobody runs out half-way."""
    uploads = session.scalar(select(func.sum(Upload.size)).where(Upload.organisation_id == organisation))
    outputs = session.scalar(
        select(func.sum(Output.size))
        .join(Job, Job.id == Output.job_id)
        .where(Job.organisation_id == organisation)
    )
    return (uploads or 0) + (outputs or 0)


def _reserved(session: Session, organisation: str) -> Need:
    open_jobs = session.execute(
        select(Job.media_seconds, Job.source_bytes, Job.targets).where(
            Job.organisation_id == organisation, Job.status.in_(OPEN)
        )
    )
    return sum((need_of(seconds, size, targets) for seconds, size, targets in open_jobs), Need())


def month_start(at: datetime) -> float:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def next_month(at: datetime) -> float:
    within_next = datetime.fromtimestamp(month_start(at), UTC) + timedelta(days=32)
    return month_start(within_next)
