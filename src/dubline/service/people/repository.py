"""People in their tables."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dubline.service.access.roles import Role
from dubline.service.problem import not_found
from dubline.storage.tables import Organisation, User


def users(session: Session, organisation: str) -> list[User]:
    query = select(User).where(User.organisation_id == organisation)
    return list(session.scalars(query.order_by(User.created_at, User.id)))


def user(session: Session, organisation: str, user_id: str) -> User:
    found = session.get(User, user_id)
    if found is None or found.organisation_id != organisation:
        raise not_found("user")
    return found


def by_address(session: Session, email: str, organisation: str) -> User | None:
    """Somebody with this address: of this organisation if there is one, else who has been here longest."""
    query = select(User).where(User.email == email)
    return session.scalars(
        query.order_by((User.organisation_id == organisation).desc(), User.created_at, User.id).limit(1)
    ).first()


def other_admins(session: Session, user: User) -> int:
    query = select(func.count()).where(
        User.organisation_id == user.organisation_id,
        User.role == Role.ADMIN,
        User.disabled_at.is_(None),
        User.id != user.id,
    )
    return session.scalar(query) or 0


def organisations(session: Session) -> list[Organisation]:
    return list(session.scalars(select(Organisation).order_by(Organisation.created_at, Organisation.id)))
