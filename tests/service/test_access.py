"""Who gets at what, over every route there is: by table, so that a route without an answer fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import grpc
import httpx
import pytest
from sqlalchemy import update

from dubline.service.access.principal import Principal
from dubline.service.access.roles import MATRIX, Operation, Role
from dubline.service.access.seals import seal, unseal
from dubline.service.access.standing import still_good
from dubline.service.app import create_app
from dubline.service.context import Context
from dubline.service.downloads.links import PURPOSE
from dubline.service.settings import Limits, ServiceSettings
from dubline.storage.tables import Key
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person, served
from tests.service.routes import (
    BODIES,
    PRIVATE,
    PUBLIC,
    Doors,
    Route,
    ask,
    household,
    made,
    missing,
    routes,
)

People = Callable[..., Person]


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    """As it stands on a network: nobody is let in for sitting at the machine."""
    limits = Limits(requests_per_minute=0, requests_per_minute_of_key=0)
    return ServiceSettings(data=tmp_path / "data", workers=0, grpc_port=0, require_key=True, limits=limits)


@pytest.fixture
def serving(context: Context) -> served:
    return served(context)


@pytest.fixture
def server(serving: served) -> Iterator[str]:
    with serving as url:
        yield url


@pytest.fixture
def doors(serving: served, server: str) -> Iterator[Doors]:
    with grpc.insecure_channel(f"127.0.0.1:{serving.app.state.rpc.port}") as channel:
        yield Doors(server, channel)


@dataclass(frozen=True)
class World:
    doors: Doors
    context: Context
    owner: Person
    ids: dict[str, str]
    all: list[Route]


@pytest.fixture
def world(
    context: Context,
    doors: Doors,
    person: People,
    worker: Worker,
    talk: Path,
    uploaded: Callable[..., str],
) -> World:
    owner = person(Role.ADMIN)
    upload = uploaded(talk, Principal(owner.organisation, owner.user, Role.ADMIN))
    return World(
        doors, context, owner, household(owner, context, worker, upload), list(routes(create_app(context)))
    )


def test_a1_every_route_says_who_may_ask_it_or_why_anybody_may(world: World) -> None:
    unguarded = [str(route) for route in world.all if not route.known and route.path not in PUBLIC]
    assert not unguarded, "a route needs `may(…)`, `identify`, or a reason in tests/service/routes.py: PUBLIC"
    unnamed = {name for route in world.all for name in route.ids} - world.ids.keys()
    assert not unnamed, f"tests/service/routes.py: household has nothing for {sorted(unnamed)}"


def test_a1_nobody_finds_what_belongs_to_another_organisation(world: World, person: People) -> None:
    """And hears the same as about what was never there."""
    stranger = person(Role.ADMIN)
    wrong = []
    for route in with_ids(world):
        foreign = ask(world.doors, route, world.ids, stranger.secret)
        nothing = ask(world.doors, route, missing(world.ids), stranger.secret)
        if foreign != nothing or foreign.status != 404:
            wrong.append(f"{route}: foreign {foreign}, missing {nothing}")
    assert not wrong, "\n".join(wrong)


def test_a1_without_a_good_key_nothing_is_told(world: World, person: People) -> None:
    keys = {"none": None, "nonsense": "dbl_nonsense", "revoked": person().secret, "expired": person().secret}
    shut = person()
    with world.context.database.writing() as session:
        for name, column in (("revoked", "revoked_at"), ("expired", "expires_at")):
            prefix = str(keys[name])[:12]
            session.execute(update(Key).where(Key.prefix == prefix).values({column: time.time() - 1}))
    world_admin = person(Role.ADMIN, shut.organisation)
    assert world_admin.client.patch(f"/users/{shut.user}", json={"disabled": True}).status_code == 200
    wrong = [
        f"{route} with {name}: {reply}"
        for route in world.all
        if route.known
        for name, secret in {**keys, "shut out": shut.secret}.items()
        if (reply := ask(world.doors, route, world.ids, secret)).status != 401
    ]
    assert not wrong, "\n".join(wrong)


def test_a1_a_colleague_finds_what_is_the_organisations_and_not_what_is_mine(
    world: World, person: People
) -> None:
    colleague = person(Role.EDITOR, world.owner.organisation)
    wrong = []
    for route in with_ids(world):
        if route.operation not in MATRIX[Role.EDITOR]:
            continue
        if PRIVATE & set(route.ids):
            if ask(world.doors, route, world.ids, colleague.secret).status != 404:
                wrong.append(f"{route}: a colleague finds it")
        elif route.reads:
            reply = ask(world.doors, route, world.ids, colleague.secret)
            if reply.status in (401, 403) or reply.code == "job_not_found":
                wrong.append(f"{route}: {reply}")
    assert not wrong, "\n".join(wrong)


def test_a1_a_signed_link_opens_its_file_and_nothing_else(world: World, person: People) -> None:
    """The link is the credential: what is left of the matrix is who made it, for what, and until when."""
    assert {path for path in PUBLIC if "{" in path} == {"/api/v1/files/{token}"}
    secret, job = world.context.settings.secret, world.ids["job_id"]
    made = world.owner.client.get(f"/jobs/{job}/download").json()["download_url"]
    assert httpx.get(made).status_code == 200
    address, _, token = made.rpartition("/")
    grant = unseal(secret, PURPOSE, token)
    assert grant is not None
    stranger = person(Role.ADMIN)
    forged = {
        "for a stranger": seal(secret, PURPOSE, {**grant, "organisation": stranger.organisation}, 60),
        "signed by another": seal(b"x" * 32, PURPOSE, grant, 60),
        "made for something else": seal(secret, "session", grant, 60),
        "changed": seal(secret, PURPOSE, {**grant, "job": "job_x"}, 60).split(".")[0]
        + "."
        + token.split(".")[1],
        "too old": seal(secret, PURPOSE, grant, -1),
        "of a folder above": seal(secret, PURPOSE, {**grant, "path": "secret"}, 60),
        "nonsense": "x",
    }
    opened = [name for name, each in forged.items() if httpx.get(f"{address}/{each}").status_code == 200]
    assert not opened
    with world.context.database.writing() as session:
        session.execute(update(Key).where(Key.id == grant["key"]).values(revoked_at=1.0))
    assert httpx.get(made).status_code == 403


def test_a1_foreign_and_missing_take_the_same_time(world: World, person: People) -> None:
    stranger = person(Role.ADMIN).client
    paths = {"foreign": f"/jobs/{world.ids['job_id']}", "missing": f"/jobs/{missing(world.ids)['job_id']}"}
    times: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(120):
        for name, path in paths.items():
            started = time.perf_counter()
            stranger.get(path)
            times[name].append(time.perf_counter() - started)
    foreign, nothing = min(times["foreign"]), min(times["missing"])  # what else runs here only ever adds
    assert abs(foreign - nothing) <= 0.1 * nothing + 0.001


def test_a2_no_child_is_reached_through_another_parent(world: World) -> None:
    upload = world.ids["upload_id"]
    other = {
        "job_id": made(
            world.owner,
            "/jobs",
            {
                "upload_id": upload,
                "source_language": "en",
                "target_languages": ["es"],
                "settings": {"engines": ENGINES},
            },
        ),
        "hook_id": made(world.owner, "/hooks", {"url": "https://1.1.1.1/second"}),
    }
    nested = [route for route in with_ids(world) if len(route.ids) > 1]
    assert nested
    for route in nested:
        parent = route.ids[0]
        reply = ask(world.doors, route, {**world.ids, parent: other[parent]}, world.owner.secret)
        not_made_yet = (reply.status, reply.code) == (409, "script_not_ready")
        assert reply.status == 404 or not_made_yet, f"{route}: {reply}"


@pytest.mark.parametrize("role", Role)
def test_a3_a_role_may_what_the_table_says_and_nothing_else(
    context: Context, doors: Doors, person: People, role: Role
) -> None:
    somebody = person(role)
    nobodys = missing({name: "x_" for route in routes(create_app(context)) for name in route.ids})
    wrong = []
    for route in routes(create_app(context)):
        if not route.known or (route.method, route.path) == ("POST", "/auth/logout"):
            continue
        allowed = route.operation is None or route.operation in MATRIX[role]
        reply = ask(doors, route, nobodys, somebody.secret)
        if (reply.status == 403) is allowed:
            wrong.append(f"{route} needs {route.operation}: {reply}")
    assert not wrong, "\n".join(wrong)


def test_a3_every_operation_is_asked_by_some_route(context: Context) -> None:
    asked = {route.operation for route in routes(create_app(context))}
    assert {Operation.JOBS_READ, Operation.KEYS_OWN, Operation.AUDIT_READ} <= asked


def test_a3_a_key_may_less_than_its_owner(context: Context, doors: Doors, person: People) -> None:
    admin = person(Role.ADMIN)
    narrow = admin.client.post("/keys", json={"name": "x", "scopes": ["jobs:read"]}).json()["secret"]
    nobodys = missing({name: "x_" for route in routes(create_app(context)) for name in route.ids})
    for route in routes(create_app(context)):
        if route.operation not in (None, Operation.JOBS_READ):
            assert ask(doors, route, nobodys, narrow).status == 403, route


FIELDS = (
    "organisation_id",
    "tenant_id",
    "user_id",
    "role",
    "status",
    "cost",
    "id",
    "policy",
    "digest",
    "__class__",
)


def test_a4_no_field_is_taken_that_was_not_declared(context: Context, doors: Doors, person: People) -> None:
    """Each model says so itself, and each route keeps to it."""
    app, admin = create_app(context), person(Role.ADMIN)
    schema = app.openapi()
    models = schema["components"]["schemas"]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            for name in _models(content or {}, models):
                known = models[name].get("properties", {})
                assert models[name].get("additionalProperties") is False, f"{method} {path}: {name}"
                if models[name] == models.get(_top(content)):
                    route = Route(method.upper(), path, None, known=True)
                    for field in set(FIELDS) - known.keys():
                        body = {**dict(BODIES.get((route.method, path), {})), field: "x"}  # type: ignore[call-overload]
                        reply = ask(doors, route, missing(dict.fromkeys(route.ids, "x_")), admin.secret, body)
                        assert (reply.status, reply.code) == (422, "request_invalid"), f"{route} took {field}"


def _top(content: dict[str, dict[str, str]]) -> str:
    return content["schema"].get("$ref", "").rpartition("/")[2]


def _models(part: object, models: dict[str, object], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every model that a body may hold, however deep."""
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name in models and name not in seen:  # else it is a property of one
            model = models[name]
            if isinstance(model, dict) and model.get("type") == "object":
                yield name
            yield from _models(model, models, seen | {name})
        for value in part.values():
            yield from _models(value, models, seen)
    elif isinstance(part, list):
        for value in part:
            yield from _models(value, models, seen)


def test_a9_who_lost_their_standing_is_told_apart_at_once(context: Context, person: People) -> None:
    admin = person()
    editor = person(Role.EDITOR, admin.organisation)
    key = editor.client.get("/keys").json()["keys"][0]["id"]
    who = Principal(editor.organisation, editor.user, Role.EDITOR, key)
    assert still_good(context, who)
    for change, undo in ({"role": "viewer"}, {"role": "editor"}), ({"disabled": True}, {"disabled": False}):
        admin.client.patch(f"/users/{editor.user}", json=change)
        assert not still_good(context, who)
        admin.client.patch(f"/users/{editor.user}", json=undo)
        assert still_good(context, who)
    admin.client.delete(f"/keys/{key}")
    assert not still_good(context, who)
    assert still_good(context, replace(who, key=None))


def test_a9_an_expired_key_has_no_standing(context: Context, person: People) -> None:
    editor = person(Role.EDITOR)
    key = editor.client.get("/keys").json()["keys"][0]["id"]
    with context.database.writing() as session:
        session.execute(update(Key).where(Key.id == key).values(expires_at=time.time() - 1))
    assert not still_good(context, Principal(editor.organisation, editor.user, Role.EDITOR, key))


def with_ids(world: World) -> list[Route]:
    """OPTIONS tells what the server can do, whatever stands in the path."""
    return [route for route in world.all if route.ids and route.method != "OPTIONS"]
