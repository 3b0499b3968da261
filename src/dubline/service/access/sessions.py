"""Browsers that signed in: a signed cookie says who and since when; role and standing are looked up each time."""

from __future__ import annotations

import hmac
import time

from sqlalchemy.orm import Session

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.access.seals import seal, signature, unseal
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import User

COOKIE = "dubline_session"
CSRF_HEADER = "X-CSRF-Token"
PURPOSE, CSRF_PURPOSE = "session", "csrf"


def begin(settings: ServiceSettings, user: str) -> str:
    """The cookie's value."""
    content = {"user": user, "began": time.time()}
    return seal(settings.secret, PURPOSE, content, settings.session_hours * 3600)


def recognise(session: Session, settings: ServiceSettings, cookie: str) -> Principal | None:
    content = unseal(settings.secret, PURPOSE, cookie)
    user = session.get(User, content["user"]) if content else None
    if content is None or user is None or user.disabled_at is not None:
        return None
    began = float(content["began"])
    if user.signed_out_at is not None and began <= user.signed_out_at:
        return None
    return Principal(user.organisation_id, user.id, Role(user.role), session_began=began)


def csrf_token(settings: ServiceSettings, cookie: str) -> str:
    """Our pages can read it and send it along; a stranger's page, for which a browser sends the cookie, cannot."""
    return signature(settings.secret, CSRF_PURPOSE, cookie).hex()


def csrf_good(settings: ServiceSettings, cookie: str, token: str) -> bool:
    return hmac.compare_digest(csrf_token(settings, cookie).encode(), token.encode())
