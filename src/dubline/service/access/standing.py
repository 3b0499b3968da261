"""Whether somebody who was let in would still be let in: asked every few seconds by whatever stays open."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.context import Context
from dubline.storage.tables import Key, User

EVERY = 2.0
"""Seconds between two looks: whoever lost their key is out within five."""


def still_good(context: Context, principal: Principal) -> bool:
    """Two look-ups by primary key. A changed role counts as gone, too: who comes again is judged anew."""
    with context.database.reading() as session:
        return _person_good(session, principal) and _key_good(session, principal)


def _person_good(session: Session, principal: Principal) -> bool:
    user = session.get(User, principal.user)
    if user is None or user.disabled_at is not None or user.role != principal.role:
        return False
    began, ended = principal.session_began, user.signed_out_at
    return began is None or ended is None or began > ended


def _key_good(session: Session, principal: Principal) -> bool:
    if principal.key is None:
        return True
    key = session.get(Key, principal.key)
    if key is None or key.revoked_at is not None:
        return False
    return key.expires_at is None or key.expires_at > time.time()
