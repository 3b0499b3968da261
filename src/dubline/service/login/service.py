"""From an e-mail address that somebody vouches for to a person of ours."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.audit.log import Action, record
from dubline.service.login.provider import Identity
from dubline.service.people import repository
from dubline.service.people import service as people
from dubline.service.problem import ServiceError
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Organisation, User


def welcome(session: Session, settings: ServiceSettings, identity: Identity, address: str) -> User:
    user = repository.by_address(session, identity.email, settings.oidc_organisation)
    user = user or _newcomer(session, settings, identity, address)
    if user.disabled_at is not None:
        raise ServiceError(
            403, "user_disabled", "You are shut out.", hint="Ask an admin of your organisation."
        )
    who = Principal(user.organisation_id, user.id, Role(user.role))
    record(session, Action.SIGNED_IN, who, about=user.id, address=address, details={"by": "openid connect"})
    return user


def _newcomer(session: Session, settings: ServiceSettings, identity: Identity, address: str) -> User:
    """Only where the operator said into which organisation."""
    if session.get(Organisation, settings.oidc_organisation) is None:
        raise ServiceError(
            403,
            "not_invited",
            "Nobody here knows you.",
            hint="Ask an admin to add you by your e-mail address.",
        )
    role = Role(settings.oidc_role)
    return people.add(
        session, settings.oidc_organisation, identity.name, identity.email, role, address=address
    )


def sign_out(session: Session, who: Principal, address: str) -> None:
    """Everywhere: a cookie that was copied is worth nothing from now on."""
    session.get_one(User, who.user).signed_out_at = time.time()
    record(session, Action.SIGNED_OUT, who, about=who.user, address=address)
