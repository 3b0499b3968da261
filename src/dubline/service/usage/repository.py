"""Use, summed up by what is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from dubline.service.usage.schemas import UsageRow
from dubline.storage.tables import UsageEntry


def rows(
    session: Session, organisation: str, by: str, since: float | None, until: float | None
) -> list[UsageRow]:
    query = select(UsageEntry).where(UsageEntry.organisation_id == organisation)
    if since is not None:
        query = query.where(UsageEntry.at >= since)
    if until is not None:
        query = query.where(UsageEntry.at < until)
    entries = sorted(session.scalars(query), key=lambda entry: _key(entry, by))
    return [summed(key, group) for key, group in groupby(entries, key=lambda entry: _key(entry, by))]


def _key(entry: UsageEntry, by: str) -> str:
    if by == "month":
        return f"{datetime.fromtimestamp(entry.at, UTC):%Y-%m}"
    return entry.user_id if by == "user" else entry.job_id


def summed(key: str, entries: Iterable[UsageEntry]) -> UsageRow:
    found = list(entries)
    return UsageRow(
        key=key,
        runs=len(found),
        minutes=round(sum(entry.media_seconds for entry in found) / 60, 3),
        work_seconds=round(sum(entry.work_seconds for entry in found), 3),
        bytes_stored=sum(entry.bytes_stored for entry in found),
        cost=round(sum(entry.cost for entry in found), 6),
    )


def total(of: Iterable[UsageRow]) -> UsageRow:
    found = list(of)
    return UsageRow(
        key="total",
        runs=sum(row.runs for row in found),
        minutes=round(sum(row.minutes for row in found), 3),
        work_seconds=round(sum(row.work_seconds for row in found), 3),
        bytes_stored=sum(row.bytes_stored for row in found),
        cost=round(sum(row.cost for row in found), 6),
    )
