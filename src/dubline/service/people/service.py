"""What may be done with people. Who did it stands in the audit log; nobody known means the server's operator."""

from __future__ import annotations

import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.audit.log import Action, record
from dubline.service.ids import new_id
from dubline.service.people import repository
from dubline.service.problem import ServiceError
from dubline.service.settings import Limits
from dubline.storage.tables import Document, Organisation, User


def found_organisation(session: Session, name: str, limits: Document) -> Organisation:
    """Only the server's operator founds organisations. Limits that there are not are refused here."""
    Limits.model_validate(limits)
    made = Organisation(id=new_id("org"), name=name, limits=limits, created_at=time.time())
    session.add(made)
    session.flush()
    record(
        session,
        Action.ORGANISATION_MADE,
        organisation=made.id,
        about=made.id,
        details={"name": name, **limits},
    )
    return made


def add(
    session: Session,
    organisation: str,
    name: str,
    email: str | None,
    role: Role,
    by: Principal | None = None,
    address: str = "",
) -> User:
    _check_address_free(session, organisation, email)
    made = User(
        id=new_id("usr"),
        organisation_id=organisation,
        email=email,
        name=name,
        role=role,
        created_at=time.time(),
    )
    session.add(made)
    session.flush()
    details = {"name": name, "email": email, "role": role}
    record(
        session,
        Action.USER_MADE,
        by,
        organisation=organisation,
        about=made.id,
        address=address,
        details=details,
    )
    return made


def _check_address_free(session: Session, organisation: str, email: str | None) -> None:
    taken = select(User.id).where(User.organisation_id == organisation, User.email == email)
    if email is not None and session.scalars(taken).first():
        raise ServiceError(
            409,
            "email_taken",
            "Somebody in your organisation has this address already.",
            hint="Use another address, or change that person.",
        )


def change(
    session: Session,
    user: User,
    *,
    name: str | None = None,
    role: Role | None = None,
    disabled: bool | None = None,
    by: Principal | None = None,
    address: str = "",
) -> User:
    _keep_an_admin(session, user, role, disabled)
    before = {"name": user.name, "role": user.role, "disabled": user.disabled_at is not None}
    user.name, user.role = name or user.name, role or user.role
    if disabled is not None:
        user.disabled_at = (user.disabled_at or time.time()) if disabled else None
    after = {"name": user.name, "role": user.role, "disabled": user.disabled_at is not None}
    changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if changed:
        record(
            session,
            Action.USER_CHANGED,
            by,
            organisation=user.organisation_id,
            about=user.id,
            address=address,
            details=changed,
        )
    return user


def _keep_an_admin(session: Session, user: User, role: Role | None, disabled: bool | None) -> None:
    """An organisation without an admin could never get one again by itself."""
    is_admin = user.role == Role.ADMIN and user.disabled_at is None
    stays = role in (None, Role.ADMIN) and not disabled
    if is_admin and not stays and not repository.other_admins(session, user):
        raise ServiceError(
            409, "last_admin", "This is the last admin.", hint="Make somebody else an admin first."
        )
