"""The organisation and the person of the machine itself, for a first try without any account."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.storage.tables import Organisation, User

ORGANISATION, USER = "org_local", "usr_local"


def ensure_local(session: Session) -> None:
    if session.get(Organisation, ORGANISATION) is None:
        now = time.time()
        session.add(Organisation(id=ORGANISATION, name="This machine", limits={}, created_at=now))
        session.flush()
        session.add(
            User(
                id=USER,
                organisation_id=ORGANISATION,
                name="Whoever sits here",
                role=Role.ADMIN,
                created_at=now,
            )
        )


def local_principal() -> Principal:
    return Principal(ORGANISATION, USER, Role.ADMIN)
