"""Keys: made once, shown once, kept as a digest. A key has 160 random bits, so a plain digest is safe: there is no
guessing to slow down."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation, Role
from dubline.service.context import Context
from dubline.service.ids import ALPHABET, new_id
from dubline.storage.tables import Key, User

MARK = "dbl"
PREFIX_LENGTH, SECRET_LENGTH = 8, 32
LAST_USED_STEP = 60.0
"""Seconds between two notes of a key's use: one write a request would be one too many."""


@dataclass(frozen=True)
class NewKey:
    row: Key
    secret: str
    """The only time anybody sees it."""


def issue(
    session: Session,
    user: User,
    name: str,
    *,
    scopes: Sequence[Operation] = tuple(Operation),
    expires_at: float | None = None,
) -> NewKey:
    prefix, rest = _letters(PREFIX_LENGTH), _letters(SECRET_LENGTH)
    secret = f"{MARK}_{prefix}_{rest}"
    row = Key(
        id=new_id("key"),
        organisation_id=user.organisation_id,
        user_id=user.id,
        name=name,
        prefix=f"{MARK}_{prefix}",
        digest=digest_of(secret),
        scopes=[str(scope) for scope in scopes],
        created_at=time.time(),
        expires_at=expires_at,
    )
    session.add(row)
    return NewKey(row, secret)


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def recognise(session: Session, secret: str, now: float) -> Principal | None:
    """Whose key this is, if it is good now."""
    digest = digest_of(secret)
    found = session.execute(
        select(Key, User).join(User, Key.user_id == User.id).where(Key.digest == digest)
    ).first()
    if found is None:
        return None
    key, user = found
    good = hmac.compare_digest(key.digest, digest) and key.revoked_at is None and user.disabled_at is None
    if not good or (key.expires_at is not None and key.expires_at <= now):
        return None
    scopes = frozenset(Operation(scope) for scope in key.scopes if scope in set(Operation))
    return Principal(key.organisation_id, user.id, Role(user.role), key.id, scopes)


def recognised(context: Context, secret: str) -> Principal | None:
    with context.database.reading() as session:
        return recognise(session, secret, time.time())


def note_use(context: Context, principal: Principal) -> None:
    if principal.key is not None and context.rates.due(principal.key, LAST_USED_STEP):
        with context.database.writing() as session:
            session.execute(update(Key).where(Key.id == principal.key).values(last_used_at=time.time()))
