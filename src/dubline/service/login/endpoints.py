"""Signing in and out with a browser."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from dubline.service.access import seals, sessions
from dubline.service.access.admission import address_of, slow_down
from dubline.service.access.door import identify
from dubline.service.access.principal import Principal
from dubline.service.context import context_of
from dubline.service.login import service
from dubline.service.login.provider import Attempt, Provider
from dubline.service.problem import ServiceError
from dubline.service.settings import ServiceSettings

router = APIRouter(prefix="/auth", tags=["signing in"])

COOKIE, PURPOSE = "dubline_sign_in", "sign-in"
ATTEMPT_SECONDS = 600.0

Anybody = Annotated[Principal, Depends(identify)]
Text = Annotated[str, Query(max_length=4000)]


@router.get("/login", status_code=303)
def login(request: Request, next: Text = "/") -> RedirectResponse:
    """Send a browser to the sign-in service; it comes back signed in, to the page that is named."""
    slow_down(request)
    settings = context_of(request).settings
    attempt = Attempt(*(secrets.token_urlsafe(48) for _ in range(3)))
    leaving = RedirectResponse(_provider(request, settings).address(attempt), 303)
    content = {**vars(attempt), "next": _own_page(next)}
    sealed = seals.seal(settings.secret, PURPOSE, content, ATTEMPT_SECONDS)
    _set(leaving, request, settings, COOKIE, sealed, ATTEMPT_SECONDS)
    return leaving


@router.get("/callback", status_code=303)
def callback(request: Request, state: Text = "", code: Text = "", error: Text = "") -> RedirectResponse:
    """Where the sign-in service sends a browser back to."""
    slow_down(request)
    context = context_of(request)
    settings = context.settings
    content = seals.unseal(settings.secret, PURPOSE, request.cookies.get(COOKIE, ""))
    if content is None or not secrets.compare_digest(content["state"].encode(), state.encode()):
        raise _broken("This sign-in did not begin here, or too long ago.")
    if error or not code:
        raise _broken("The sign-in service did not let you in.")
    attempt = Attempt(content["state"], content["nonce"], content["verifier"])
    identity = _provider(request, settings).identity(code, attempt)
    with context.database.writing() as session:
        user = service.welcome(session, settings, identity, address_of(request)).id
    arrived = RedirectResponse(content["next"], 303)
    seconds = settings.session_hours * 3600
    _set(arrived, request, settings, sessions.COOKIE, sessions.begin(settings, user), seconds)
    arrived.delete_cookie(COOKIE)
    return arrived


@router.post("/logout", status_code=204)
def logout(request: Request, response: Response, principal: Anybody) -> None:
    """Sign out, in all browsers at once."""
    with context_of(request).database.writing() as session:
        service.sign_out(session, principal, address_of(request))
    response.delete_cookie(sessions.COOKIE)


def _provider(request: Request, settings: ServiceSettings) -> Provider:
    if not settings.oidc_issuer:
        raise ServiceError(
            404,
            "sign_in_off",
            "Nobody signs in here with a browser.",
            hint="An operator turns it on with DUBLINE_OIDC_ISSUER.",
        )
    base = settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return Provider(settings, f"{base}/auth/callback")


def _own_page(wanted: str) -> str:
    """A page of ours: a link to sign in must not lead elsewhere afterwards."""
    plain = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if plain and wanted.isprintable() else "/"


def _set(
    response: Response, request: Request, settings: ServiceSettings, name: str, value: str, seconds: float
) -> None:
    """Lax, because the browser comes back from another site and must bring it."""
    secure = request.url.scheme == "https" or settings.public_url.startswith("https:")
    response.set_cookie(
        name, value, max_age=int(seconds), path="/", secure=secure, httponly=True, samesite="lax"
    )


def _broken(message: str) -> ServiceError:
    return ServiceError(401, "sign_in_broken", message, hint="Begin again at /auth/login.")
