"""The one who says who somebody is: authorization code with PKCE, and an ID token that is checked to the letter."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import structlog

from dubline.domain.errors import Unavailable, UserError
from dubline.service.problem import ServiceError
from dubline.service.settings import ServiceSettings

SCOPE = "openid email profile"
SIGNATURES = ["RS256", "PS256", "ES256", "EdDSA"]
"""None of them a shared secret: whoever can check a token must not be able to make one."""

SECONDS = 10.0
LEEWAY = 60
"""Seconds by which clocks may differ."""

INSTALL = "pip install 'dubline[oidc]'"

log = structlog.get_logger()


@dataclass(frozen=True)
class Attempt:
    """What we remember of somebody on their way to the provider and back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    email: str
    name: str


class Provider:
    def __init__(self, settings: ServiceSettings, redirect_uri: str) -> None:
        _require_library()
        check_encrypted(settings.oidc_issuer)
        self._settings = settings
        self._redirect_uri = redirect_uri

    def address(self, attempt: Attempt) -> str:
        """Where to send the browser."""
        with _failures_are_plain(), _client() as client:
            there = self._told(client)["authorization_endpoint"]
        query = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._redirect_uri,
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": _challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        return f"{there}{'&' if '?' in there else '?'}{urlencode(query)}"

    def identity(self, code: str, attempt: Attempt) -> Identity:
        """Who came back with this code."""
        with _failures_are_plain(), _client() as client:
            told = self._told(client)
            token = self._token(client, told["token_endpoint"], code, attempt.verifier)
            keys = _json(client.get(told["jwks_uri"]))
            claims = self._claims(str(token["id_token"]), keys, attempt.nonce)
            if "email" not in claims and "userinfo_endpoint" in told:
                bearer = {"Authorization": f"Bearer {token['access_token']}"}
                more = _json(client.get(told["userinfo_endpoint"], headers=bearer))
                claims |= more if more.get("sub") == claims["sub"] else {}
        return _identity(claims)

    def _told(self, client: httpx.Client) -> Mapping[str, str]:
        """What the provider tells of itself; it must be the one that was asked."""
        issuer = self._settings.oidc_issuer
        told = _json(client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
        if told["issuer"] != issuer:
            raise ValueError("the provider calls itself something else")
        for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            check_encrypted(told[endpoint])
        return told

    def _token(self, client: httpx.Client, there: str, code: str, verifier: str) -> Mapping[str, Any]:
        settings = self._settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        secret = settings.oidc_client_secret.get_secret_value()
        if not secret:
            return _json(client.post(there, data={**form, "client_id": settings.oidc_client_id}))
        proof = httpx.BasicAuth(quote(settings.oidc_client_id, safe=""), quote(secret, safe=""))
        return _json(client.post(there, data=form, auth=proof))

    def _claims(self, token: str, keys: Any, nonce: str) -> dict[str, Any]:  # noqa: ANN401 - as it was sent
        from joserfc import jwt
        from joserfc.jwk import KeySet

        settings = self._settings
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=SIGNATURES).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": settings.oidc_issuer},
            aud={"essential": True, "value": settings.oidc_client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        if isinstance(claims["aud"], list) and claims["aud"] != [settings.oidc_client_id]:
            raise ValueError("the token is for others, too")
        return claims


def _client() -> httpx.Client:
    return httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False)


def _json(reply: httpx.Response) -> dict[str, Any]:
    content: dict[str, Any] = reply.raise_for_status().json()
    return content


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _require_library() -> None:
    try:
        import joserfc  # noqa: F401
    except ImportError as error:
        raise Unavailable(
            "oidc_missing", "Signing in needs a library that is not here.", hint=f"Run: {INSTALL}"
        ) from error


@contextmanager
def _failures_are_plain() -> Iterator[None]:
    """Whatever goes wrong with a provider: the person hears that it did, the cause stays with us."""
    from joserfc.errors import JoseError

    try:
        yield
    except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
        log.warning("sign-in failed", cause=f"{type(error).__name__}: {error}")
        raise ServiceError(
            502,
            "sign_in_failed",
            "The sign-in service did not confirm who you are.",
            hint="Try again. If it happens again, tell the operator of this server.",
        ) from error


def _identity(claims: Mapping[str, Any]) -> Identity:
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        raise ServiceError(
            403,
            "email_unverified",
            "The sign-in service does not vouch for your e-mail address.",
            hint="Verify it there, then sign in again.",
        )
    name = claims.get("name")
    return Identity(email.strip().lower(), name[:200] if isinstance(name, str) and name else email)


def check_encrypted(address: str) -> None:
    """Tokens and codes travel there: encrypted, or not beyond this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise UserError(
            "oidc_not_encrypted",
            "The sign-in service must be reached by https.",
            hint="Set DUBLINE_OIDC_ISSUER to its address that begins with https://.",
        )
