"""Writing the audit log. There is no way to change or remove what it says."""

from __future__ import annotations

import time
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.storage.tables import AuditEntry

MOST_CHARACTERS = 1000
OBJECT_CHARACTERS = 200


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"


class Action(StrEnum):
    SIGNED_IN = "session.begun"
    SIGNED_OUT = "session.ended"
    REFUSED = "request.refused"
    KEY_MADE = "key.made"
    KEY_REVOKED = "key.revoked"
    USER_MADE = "user.made"
    USER_CHANGED = "user.changed"
    ORGANISATION_MADE = "organisation.made"
    EXPORTED = "job.exported"
    DELETED = "object.deleted"
    CLONING_CONSENT = "cloning.consented"
    POLICY = "policy.found"
    HOOK_MADE = "hook.made"
    HOOK_CHANGED = "hook.changed"
    HOOK_DISABLED = "hook.disabled"


def record(
    session: Session,
    action: Action,
    who: Principal | None = None,
    *,
    organisation: str | None = None,
    about: str = "",
    outcome: Outcome = Outcome.DONE,
    address: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """`about` is what it was done to. Without anybody known, `organisation` says whose log it belongs in."""
    session.add(
        AuditEntry(
            organisation_id=who.organisation if who else organisation,
            user_id=who.user if who else None,
            key_id=who.key if who else None,
            action=str(action),
            object=on_one_line(about)[:OBJECT_CHARACTERS],
            outcome=str(outcome),
            address=on_one_line(address)[:64],
            details={on_one_line(name): _plain(value) for name, value in (details or {}).items()},
            at=time.time(),
        )
    )


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return on_one_line(str(value))[:MOST_CHARACTERS]


def on_one_line(text: str) -> str:
    """A name with a line break in it must not look like two entries to whoever reads the log as text."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
