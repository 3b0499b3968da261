"""Keys and people: made, seen, changed, shut out."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from dubline.service.access.roles import Operation, Role
from tests.service.conftest import Person

People = Callable[..., Person]


def bearer(person: Person, secret: str) -> httpx.Client:
    return httpx.Client(base_url=person.client.base_url, headers={"Authorization": f"Bearer {secret}"})


def test_a_key_is_shown_once_works_and_is_revoked(person: People) -> None:
    somebody = person(Role.EDITOR)
    made = somebody.client.post("/keys", json={"name": "nightly", "scopes": ["jobs:read"]})
    assert made.status_code == 201, made.text
    key = made.json()
    assert key["secret"].startswith(key["prefix"])
    assert all("secret" not in each for each in somebody.client.get("/keys").json()["keys"])
    with bearer(somebody, key["secret"]) as program:
        assert program.get("/jobs").status_code == 200
        assert program.post("/keys", json={"name": "more"}).status_code == 403
        assert somebody.client.get(f"/keys/{key['id']}").json()["last_used_at"]
        assert somebody.client.delete(f"/keys/{key['id']}").status_code == 204
        refused = program.get("/jobs")
    assert (refused.status_code, refused.json()["code"]) == (401, "key_invalid")


def test_no_key_can_do_more_than_its_maker(person: People) -> None:
    viewer = person(Role.VIEWER)
    wide = viewer.client.post("/keys", json={"name": "wide", "scopes": ["jobs:write"]})
    assert (wide.status_code, wide.json()["code"]) == (403, "scopes_too_wide")
    narrow = viewer.client.post("/keys", json={"name": "narrow", "scopes": ["keys:own"]}).json()
    with bearer(viewer, narrow["secret"]) as program:
        child = program.post("/keys", json={"name": "child"}).json()
    assert child["scopes"] == [Operation.KEYS_OWN]


def test_an_admin_sees_all_keys_of_the_organisation_and_others_only_theirs(person: People) -> None:
    admin = person()
    editor = person(Role.EDITOR, admin.organisation)
    assert len(admin.client.get("/keys").json()["keys"]) == 2
    [own] = editor.client.get("/keys").json()["keys"]
    [others] = [key for key in admin.client.get("/keys").json()["keys"] if key["id"] != own["id"]]
    assert editor.client.delete(f"/keys/{others['id']}").status_code == 404
    assert admin.client.delete(f"/keys/{own['id']}").status_code == 204
    assert editor.client.get("/keys").status_code == 401


def test_people_come_change_and_are_shut_out(person: People) -> None:
    admin = person()
    made = admin.client.post(
        "/users", json={"name": "Ana", "email": "Ana@Example.org", "role": "editor"}
    ).json()
    assert made["email"] == "ana@example.org"
    again = admin.client.post("/users", json={"name": "Ana", "email": "ana@example.org"})
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")
    changed = admin.client.patch(f"/users/{made['id']}", json={"role": "operator"}).json()
    assert (changed["role"], changed["name"]) == ("operator", "Ana")
    out = admin.client.patch(f"/users/{made['id']}", json={"disabled": True}).json()
    assert out["disabled_at"]


def test_whoever_is_shut_out_has_no_good_keys_left(person: People) -> None:
    admin = person()
    editor = person(Role.EDITOR, admin.organisation)
    assert editor.client.get("/me").json()["user"]["role"] == "editor"
    admin.client.patch(f"/users/{editor.user}", json={"disabled": True})
    assert editor.client.get("/me").status_code == 401


def test_the_last_admin_stays(person: People) -> None:
    admin = person()
    for change in ({"role": "viewer"}, {"disabled": True}):
        refused = admin.client.patch(f"/users/{admin.user}", json=change)
        assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
    person(Role.ADMIN, admin.organisation)
    assert admin.client.patch(f"/users/{admin.user}", json={"role": "viewer"}).status_code == 200


def test_me_tells_what_i_may(person: People) -> None:
    told = person(Role.VIEWER).client.get("/me").json()
    assert told["operations"] == ["jobs:read", "keys:own", "voices:read"]
    assert told["organisation"]["limits"]["max_concurrent_jobs"] == 4
