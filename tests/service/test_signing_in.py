"""Signing in with a browser, against a real provider on loopback."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from joserfc.jwk import ECKey
from pydantic import SecretStr
from sqlalchemy import select

from dubline.service.access import sessions
from dubline.service.access.local import ORGANISATION
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.access.standing import still_good
from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.people import service
from dubline.service.people.repository import by_address
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import AuditEntry, User
from tests.service.conftest import served
from tests.service.provider import CLIENT, SECRET, Provider, provided


@dataclass
class Place:
    provider: Provider
    context: Context
    browser: httpx.Client

    def sign_in(self, next_page: str = "/studio") -> httpx.Response:
        """As a browser does it: to the provider and back."""
        leaving = self.browser.get("/auth/login", params={"next": next_page})
        assert leaving.status_code == 303, leaving.text
        back = httpx.get(leaving.headers["location"]).headers["location"]
        return self.browser.get(back)


@pytest.fixture
def place(settings: ServiceSettings) -> Iterator[Place]:
    with provided() as provider:
        chosen = settings.model_copy(
            update={
                "require_key": True,
                "oidc_issuer": provider.issuer,
                "oidc_client_id": CLIENT,
                "oidc_client_secret": SecretStr(SECRET),
                "oidc_organisation": ORGANISATION,
                "oidc_role": "editor",
            }
        )
        context = open_context(chosen)
        with served(context) as url, httpx.Client(base_url=url, timeout=10) as browser:
            yield Place(provider, context, browser)


def test_whoever_the_provider_vouches_for_is_let_in(place: Place) -> None:
    arrived = place.sign_in()
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/studio")
    cookie = next(each for each in arrived.headers.get_list("set-cookie") if sessions.COOKIE in each).lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    me = place.browser.get("/api/v1/me").json()
    assert (me["user"]["email"], me["user"]["role"]) == ("ana@radio.example", "editor")
    place.sign_in()
    with place.context.database.reading() as session:
        assert len(list(session.scalars(select(User).where(User.email == "ana@radio.example")))) == 1
        begun = session.scalars(select(AuditEntry).where(AuditEntry.action == "session.begun"))
        assert len(list(begun)) == 2


def test_who_is_known_keeps_their_role(place: Place) -> None:
    with place.context.database.writing() as session:
        service.add(session, ORGANISATION, "Ana", "ana@radio.example", Role.OPERATOR)
    place.sign_in()
    assert place.browser.get("/api/v1/me").json()["user"]["role"] == "operator"


def test_changes_need_proof_that_our_page_asks(place: Place) -> None:
    place.sign_in()
    refused = place.browser.post("/api/v1/keys", json={"name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_missing")
    token = place.browser.get("/api/v1/me").json()["csrf_token"]
    wrong = place.browser.post(
        "/api/v1/keys", json={"name": "x"}, headers={sessions.CSRF_HEADER: token[::-1]}
    )
    assert wrong.status_code == 403
    right = place.browser.post("/api/v1/keys", json={"name": "x"}, headers={sessions.CSRF_HEADER: token})
    assert right.status_code == 201


def test_signing_out_ends_copies_of_the_cookie_too(place: Place) -> None:
    place.sign_in()
    copied = place.browser.cookies[sessions.COOKIE]
    token = place.browser.get("/api/v1/me").json()["csrf_token"]
    assert place.browser.post("/auth/logout", headers={sessions.CSRF_HEADER: token}).status_code == 204
    assert sessions.COOKIE not in place.browser.cookies
    place.browser.cookies.set(sessions.COOKIE, copied)
    assert place.browser.get("/api/v1/me").status_code == 401


def test_a9_who_is_shut_out_is_out_at_once(place: Place) -> None:
    place.sign_in()
    with place.context.database.writing() as session:
        user = by_address(session, "ana@radio.example", ORGANISATION)
        assert user is not None
        who = Principal(user.organisation_id, user.id, Role(user.role), session_began=time.time())
        assert still_good(place.context, who)
        service.change(session, user, disabled=True)
    assert not still_good(place.context, who)
    assert place.browser.get("/api/v1/me").status_code == 401
    assert place.sign_in().json()["code"] == "user_disabled"


@pytest.mark.parametrize(
    "twist",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"nonce": "another"},
        {"exp": 1_000_000_000},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_right_to_the_letter_lets_nobody_in(
    place: Place, twist: dict[str, object]
) -> None:
    place.provider.twist = twist
    refused = place.sign_in()
    assert (refused.status_code, refused.json()["code"]) == (502, "sign_in_failed")
    assert sessions.COOKIE not in place.browser.cookies


def test_a_token_signed_by_somebody_else_lets_nobody_in(place: Place) -> None:
    place.provider.signing = ECKey.generate_key("P-256", {"kid": "one"})
    assert place.sign_in().json()["code"] == "sign_in_failed"


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_nobody_verified_is_worth_nothing(place: Place, verified: object) -> None:
    place.provider.person["email_verified"] = verified
    assert place.sign_in().json()["code"] == "email_unverified"


def test_a_sign_in_that_began_elsewhere_does_not_end_here(place: Place) -> None:
    """Else somebody could have another's browser signed in as themselves and read what is uploaded there."""
    leaving = place.browser.get("/auth/login")
    back = httpx.get(leaving.headers["location"]).headers["location"]
    place.browser.cookies.clear()
    refused = place.browser.get(back)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_broken")
    place.browser.get("/auth/login")
    assert place.browser.get(back).json()["code"] == "sign_in_broken"


@pytest.mark.parametrize("page", ["https://evil.example", "//evil.example", "/\\evil.example", "evil"])
def test_signing_in_leads_to_our_pages_only(place: Place, page: str) -> None:
    assert place.sign_in(page).headers["location"] == "/"


def test_strangers_stay_out_where_nobody_said_where_they_belong(place: Place) -> None:
    closed = Context(
        place.context.settings.model_copy(update={"oidc_organisation": ""}), place.context.database
    )
    with served(closed) as url, httpx.Client(base_url=url) as browser:
        assert Place(place.provider, closed, browser).sign_in().json()["code"] == "not_invited"


def test_without_the_library_the_line_that_installs_it_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "joserfc", None)
    told = place.browser.get("/auth/login")
    assert told.status_code == 503
    assert told.json()["hint"] == "Run: pip install 'dubline[oidc]'"


def test_it_is_off_unless_somebody_turns_it_on(server: str) -> None:
    told = httpx.get(f"{server}/auth/login")
    assert (told.status_code, told.json()["code"]) == (404, "sign_in_off")
