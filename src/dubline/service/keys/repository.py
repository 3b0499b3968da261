"""Keys in their table: one's own, or for an admin all of the organisation."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.problem import not_found
from dubline.storage.tables import Key


def visible(session: Session, who: Principal) -> list[Key]:
    return list(session.scalars(_seen_by(who).order_by(Key.created_at, Key.id)))


def get(session: Session, who: Principal, key_id: str) -> Key:
    found = session.scalars(_seen_by(who).where(Key.id == key_id)).first()
    if found is None:
        raise not_found("key")
    return found


def _seen_by(who: Principal) -> Select[Key]:
    query = select(Key).where(Key.organisation_id == who.organisation)
    return query if who.may(Operation.PEOPLE_MANAGE) else query.where(Key.user_id == who.user)
