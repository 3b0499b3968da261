"""Which messages are sent next, and the lease by which a server holds them: several servers may share one database.

Nobody waits for anybody else's receiver. One that fails is tried once at a time, and all of them together have
fewer places than there are; so have those of one organisation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from dubline.service.hooks.states import MessageStatus
from dubline.storage.tables import Document, Hook, Message


@dataclass(frozen=True)
class Bounds:
    """How many messages may be on their way at once."""

    total: int = 64
    """Of one server; the others hold for all servers of a database."""
    organisation: int = 32
    failing: int = 16
    endpoint: int = 4
    failing_endpoint: int = 1
    lease: float = 30.0
    """Seconds after which a server that said nothing is taken for dead; longer than any try."""


@dataclass(frozen=True)
class Parcel:
    """A message as its sender holds it."""

    message: str
    hook: str
    url: str
    secrets: tuple[str, ...]
    body: Document
    tries: int


Endpoint = tuple[str, str]
"""Organisation and address: hooks of many jobs may share a receiver."""


@dataclass
class _Places:
    bounds: Bounds
    failing: frozenset[Endpoint]
    taken: Counter[Endpoint]
    _organisations: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for (organisation, _), count in self.taken.items():
            self._organisations[organisation] += count

    def left(self, endpoint: Endpoint) -> int:
        of_organisation = self.bounds.organisation - self._organisations[endpoint[0]]
        if endpoint not in self.failing:
            return min(of_organisation, self.bounds.endpoint - self.taken[endpoint])
        of_failing = self.bounds.failing - sum(self.taken[each] for each in self.failing)
        return min(of_organisation, of_failing, self.bounds.failing_endpoint - self.taken[endpoint])

    def take(self, endpoint: Endpoint, count: int) -> None:
        self.taken[endpoint] += count
        self._organisations[endpoint[0]] += count


def anything_due(session: Session, now: float) -> bool:
    """Asked often, so without taking the writer's turn."""
    return session.execute(_due_hooks(now).limit(1)).first() is not None


def claim(session: Session, now: float, room: int, bounds: Bounds) -> list[Parcel]:
    """Take what may be sent now, each try counted before it is made."""
    places = _Places(bounds, _failing(session), _in_flight(session, now))
    parcels: list[Parcel] = []
    for hook in session.execute(_due_hooks(now)):
        if len(parcels) >= room:
            break
        endpoint = (hook.organisation_id, hook.url)
        count = min(places.left(endpoint), room - len(parcels))
        if count > 0:
            taken = _take(session, hook.id, now, count, bounds.lease)
            places.take(endpoint, len(taken))
            parcels += taken
    return parcels


def _due_hooks(now: float) -> Select[str, str, str]:
    oldest = func.min(Message.due_at)
    return (
        select(Hook.id, Hook.organisation_id, Hook.url)
        .join(Message, Message.hook_id == Hook.id)
        .where(Message.status == MessageStatus.WAITING, Message.due_at <= now, Message.lease_until <= now)
        .where(Hook.disabled_at.is_(None), Hook.resting_until <= now)
        .group_by(Hook.id, Hook.organisation_id, Hook.url)
        .order_by(oldest)
    )


def _failing(session: Session) -> frozenset[Endpoint]:
    rows = session.execute(
        select(Hook.organisation_id, Hook.url).where(Hook.failing_since.is_not(None)).distinct()
    )
    return frozenset((row.organisation_id, row.url) for row in rows)


def _in_flight(session: Session, now: float) -> Counter[Endpoint]:
    rows: Sequence[Row[str, str, int]] = session.execute(
        select(Hook.organisation_id, Hook.url, func.count())
        .join(Message, Message.hook_id == Hook.id)
        .where(Message.lease_until > now)
        .group_by(Hook.organisation_id, Hook.url)
    ).all()
    return Counter({(organisation, url): count for organisation, url, count in rows})


def _take(session: Session, hook_id: str, now: float, count: int, lease: float) -> list[Parcel]:
    hook = session.get_one(Hook, hook_id)
    messages = session.scalars(
        select(Message)
        .where(Message.hook_id == hook_id, Message.status == MessageStatus.WAITING)
        .where(Message.due_at <= now, Message.lease_until <= now)
        .order_by(Message.due_at, Message.number)
        .limit(count)
    )
    return [_hold(hook, message, now, lease) for message in messages]


def _hold(hook: Hook, message: Message, now: float, lease: float) -> Parcel:
    message.tries += 1
    message.lease_until = now + lease
    return Parcel(message.id, hook.id, hook.url, valid_secrets(hook, now), message.body, message.tries)


def valid_secrets(hook: Hook, now: float) -> tuple[str, ...]:
    if hook.old_secret is None or (hook.old_secret_until or 0.0) <= now:
        return (hook.secret,)
    return (hook.secret, hook.old_secret)
