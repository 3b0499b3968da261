"""O11: alive is one thing, ready another, and readiness tells the truth within five seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from dubline.domain.settings import DubSettings, Engines
from dubline.service import presence, resources
from dubline.service.access.roles import Role
from dubline.service.app import create_app, open_context
from dubline.service.context import Context
from dubline.service.health import checks, readiness
from dubline.service.settings import ServiceSettings
from tests.service.conftest import ENGINES, Person, served

FLIPS_WITHIN = 5.0

State = Callable[[Context, pytest.MonkeyPatch], AbstractContextManager[object]]


@pytest.fixture(autouse=True)
def engines_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the tests need no models."""
    monkeypatch.setattr(checks, "DEFAULTS", DubSettings(engines=Engines(**ENGINES)))


@pytest.fixture
def watched(settings: ServiceSettings) -> Iterator[Context]:
    """A server that wants a worker, and has one."""
    context = open_context(settings.model_copy(update={"workers": 1}))
    with presence.present(context.workers, "wrk_first"):
        yield context
    context.database.close()


def told(url: str) -> tuple[int, dict[str, str]]:
    """The status, and the reasons by name of what is not ready."""
    reply = httpx.get(f"{url}/readyz", timeout=10)
    found = reply.json().get("checks", [])
    return reply.status_code, {check["name"]: check["reason"] for check in found if not check["ready"]}


def until(url: str, status: int) -> tuple[float, dict[str, str]]:
    began = time.monotonic()
    while True:
        found, reasons = told(url)
        if found == status or time.monotonic() - began > FLIPS_WITHIN:
            assert found == status, reasons
            return time.monotonic() - began, reasons


@contextmanager
def moved(place: Path) -> Iterator[None]:
    away = place.with_name(f"{place.name}.away")
    place.rename(away)
    yield
    away.rename(place)


def database_gone(context: Context, _: pytest.MonkeyPatch) -> AbstractContextManager[object]:
    return moved(context.settings.data / "dubline.sqlite")


@contextmanager
def table_lost(context: Context, _: pytest.MonkeyPatch) -> Iterator[None]:
    with context.database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE jobs RENAME TO lost")
    yield
    with context.database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE lost RENAME TO jobs")


@contextmanager
def of_another_version(context: Context, _: pytest.MonkeyPatch) -> Iterator[None]:
    with context.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'b' || version_num")
    yield
    with context.database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE alembic_version SET version_num = substr(version_num, 2)"
        )


@contextmanager
def database_silent(_: Context, patch: pytest.MonkeyPatch) -> Iterator[None]:
    released = threading.Event()

    def wait(_: Context) -> str:
        released.wait(20)
        return ""

    with patch.context() as patched:
        patched.setattr(checks, "CHECKS", (wait, *checks.CHECKS))
        yield
        released.set()


@contextmanager
def disk_full(_: Context, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the operator wanted nearly all of it free."""

    def judged(
        settings: ServiceSettings, ask: Callable[[ServiceSettings], bool] = resources.disk_nearly_full
    ):
        return ask(settings.model_copy(update={"least_free_share": 0.9999999}))

    with patch.context() as patched:
        patched.setattr(resources, "disk_nearly_full", judged)
        yield


def data_gone(context: Context, _: pytest.MonkeyPatch) -> AbstractContextManager[object]:
    return moved(context.settings.data)


@contextmanager
def models_missing(_: Context, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The usual engines, and a home without models."""
    with patch.context() as patched:
        patched.setattr(checks, "DEFAULTS", DubSettings())
        yield


@contextmanager
def engine_unknown(_: Context, patch: pytest.MonkeyPatch) -> Iterator[None]:
    with patch.context() as patched:
        wanted = Engines(**{**ENGINES, "separator": "nobody-has-it"})
        patched.setattr(checks, "DEFAULTS", DubSettings(engines=wanted))
        yield


@contextmanager
def draining(context: Context, _: pytest.MonkeyPatch) -> Iterator[None]:
    context.draining.set()
    yield
    context.draining.clear()


STATES: dict[str, tuple[State, str, str]] = {
    "database gone": (database_gone, "database", "gone"),
    "table lost": (table_lost, "database", "does not answer"),
    "tables of another version": (of_another_version, "database", "another version"),
    "database silent": (database_silent, "wait", "in time"),
    "disk full": (disk_full, "disk", "nearly full"),
    "data folder gone": (data_gone, "disk", "gone"),
    "models missing": (models_missing, "engines", "dubline models pull"),
    "engine unknown": (engine_unknown, "engines", "does not answer"),
    "draining": (draining, "draining", "about to end"),
}


@pytest.mark.parametrize("state", STATES)
def test_o11_readiness_follows_what_happens_and_life_goes_on(
    state: str, watched: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    happens, check, reason = STATES[state]
    with served(watched) as url:
        assert told(url) == (200, {})
        with happens(watched, monkeypatch):
            took, reasons = until(url, 503)
            assert took <= FLIPS_WITHIN
            assert reason in reasons[check], reasons
            assert httpx.get(f"{url}/healthz").status_code == 200
        until(url, 200)


def test_a_slow_look_at_the_engines_does_not_make_it_flap(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine whose workers use every core. The first look is waited for; later ones hold meanwhile."""
    hurry = threading.Event()

    def engines(_: Context) -> str:
        hurry.wait(60)
        return ""

    monkeypatch.setattr(checks, "CHECKS", (checks.database, engines))
    monkeypatch.setattr(checks, "HOLDS", {engines: 60.0})
    monkeypatch.setattr(readiness, "PATIENCE", 0.2)
    with served(context) as url:
        assert told(url) == (503, {"engines": "It did not answer in time."})
        hurry.set()
        until(url, 200)
        hurry.clear()
        ended = time.monotonic() + 2 * readiness.FRESH
        while time.monotonic() < ended:
            assert told(url) == (200, {})
        hurry.set()


def test_o11_without_a_worker_nothing_is_done(settings: ServiceSettings) -> None:
    context = open_context(settings.model_copy(update={"workers": 1}))
    with served(context) as url:
        assert told(url) == (503, {"workers": "No worker is alive."})
        with presence.present(context.workers, "wrk_second"):
            until(url, 200)
        assert until(url, 503)[1] == {"workers": "No worker is alive."}
        assert httpx.get(f"{url}/healthz").json() == {"status": "alive"}


def test_what_is_missing_is_told_to_those_who_may_know(
    settings: ServiceSettings, context: Context, person: Callable[..., Person]
) -> None:
    operator, viewer = person(Role.OPERATOR), person(Role.VIEWER)
    closed = replace(context, settings=settings.model_copy(update={"require_key": True}))
    with served(closed) as url:
        asked = [
            httpx.get(f"{url}/readyz", headers=headers)
            for headers in (
                {"Authorization": f"Bearer {operator.secret}"},
                {"Authorization": f"Bearer {viewer.secret}"},
                {"Authorization": "Bearer dbl_wrong"},
                {},
            )
        ]
    assert [reply.status_code for reply in asked] == [200] * 4
    assert ["checks" in reply.json() for reply in asked] == [True, False, False, False]


def test_it_is_not_looked_more_often_than_needed(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[float] = []

    def look(_: Context) -> str:
        looked.append(time.monotonic())
        return ""

    monkeypatch.setattr(checks, "CHECKS", (look,))
    with served(context) as url, httpx.Client() as client:
        began = time.monotonic()
        for _ in range(50):
            assert client.get(f"{url}/readyz").status_code == 200
        assert len(looked) <= 1 + (time.monotonic() - began)


def test_health_is_in_no_folder_of_the_api(context: Context) -> None:
    paths = create_app(context).openapi()["paths"]
    assert {"/healthz", "/readyz", "/metrics"} <= set(paths)
    assert "/api/v1/jobs/{job_id}/profile" in paths
