"""Kept replies in their table."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from dubline.service.ids import new_id
from dubline.storage.tables import Reply

KEPT = 86_400.0
"""Seconds a reply is kept."""

AT_WORK = 90.0
"""Seconds after which a request without a reply is taken for one whose server died. What it made is found again
by its id, so a second try is safe even if the first one still goes on."""


@dataclass(frozen=True)
class Asked:
    """One request under its key. `fingerprint` tells another one under the same key apart."""

    organisation: str
    key: str
    fingerprint: str


@dataclass(frozen=True)
class Begun:
    """To be carried out now; ids follow from the seed."""

    seed: str


@dataclass(frozen=True)
class Given:
    """What was replied."""

    status: int
    body: object
    headers: dict[str, str] = field(default_factory=dict)


class Conflict(StrEnum):
    AT_WORK = "at work"
    OTHER = "other"
    """The key was used for another request."""


def begin(session: Session, asked: Asked, now: float) -> Begun | Given | Conflict:
    row = session.get(Reply, (asked.organisation, asked.key))
    if row is not None and now - row.at > KEPT:
        session.delete(row)
        session.flush()
        row = None
    if row is None:
        session.add(row := _new(asked, now))
    elif row.request != asked.fingerprint:
        return Conflict.OTHER
    elif row.status is not None and row.body is not None:
        return Given(row.status, json.loads(row.body), row.headers)
    elif now < row.busy_until:
        return Conflict.AT_WORK
    row.busy_until = now + AT_WORK
    return Begun(row.seed)


def _new(asked: Asked, now: float) -> Reply:
    return Reply(
        organisation_id=asked.organisation,
        key=asked.key,
        request=asked.fingerprint,
        seed=new_id("seed"),
        busy_until=now,
        headers={},
        at=now,
    )


def keep(session: Session, asked: Asked, given: Given) -> None:
    if row := _own(session, asked):
        row.status, row.body, row.headers = given.status, json.dumps(given.body), given.headers


def forget(session: Session, asked: Asked) -> None:
    """A refusal made nothing: the key is free again, for a request put right, too."""
    if row := _own(session, asked):
        session.delete(row)


def release(session: Session, asked: Asked) -> None:
    """It broke off, who knows where: whoever asks again goes on with the same ids."""
    if row := _own(session, asked):
        row.busy_until = 0.0


def _own(session: Session, asked: Asked) -> Reply | None:
    row = session.get(Reply, (asked.organisation, asked.key))
    return row if row is not None and row.request == asked.fingerprint and row.status is None else None


def forget_old(session: Session, now: float) -> None:
    session.execute(delete(Reply).where(Reply.at < now - KEPT))


def release_all(session: Session) -> None:
    """For a server that starts alone over its data: nobody is at work on a request."""
    session.execute(update(Reply).where(Reply.status.is_(None)).values(busy_until=0.0))
