"""What may be done with keys."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy.orm import Session

from dubline.service.access.keys import NewKey, issue
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.audit.log import Action, record
from dubline.service.keys import repository
from dubline.service.problem import ServiceError
from dubline.storage.tables import Key, User


def make(
    session: Session,
    who: Principal,
    name: str,
    scopes: Sequence[Operation] | None,
    expires_at: float | None,
    address: str = "",
) -> NewKey:
    wanted = sorted(who.scopes) if scopes is None else scopes
    _check_scopes(who, scopes or ())
    made = issue(
        session,
        session.get_one(User, who.user),
        name,
        scopes=list(dict.fromkeys(wanted)),
        expires_at=expires_at,
    )
    details = {"name": name, "scopes": wanted, "expires_at": expires_at}
    record(session, Action.KEY_MADE, who, about=made.row.id, address=address, details=details)
    return made


def _check_scopes(who: Principal, wanted: Sequence[Operation]) -> None:
    """Nobody makes a key that can do more than they can themselves: not with their role, not with the key in hand."""
    beyond = [scope for scope in wanted if not who.may(scope)]
    if beyond:
        raise ServiceError(
            403,
            "scopes_too_wide",
            f"You may not do this yourself: {', '.join(beyond)}.",
            hint="Leave these scopes out.",
        )


def revoke(session: Session, who: Principal, key_id: str, address: str = "") -> Key:
    """From now on; open streams end within seconds. Once more changes nothing."""
    key = repository.get(session, who, key_id)
    if key.revoked_at is None:
        key.revoked_at = time.time()
        record(
            session, Action.KEY_REVOKED, who, about=key.id, address=address, details={"owner": key.user_id}
        )
    return key
