"""The audit log has everything it should, nothing that should not be kept, and stays as it is."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from dubline.service.access import keys
from dubline.service.access.roles import Role
from dubline.service.app import open_context
from dubline.service.audit.log import Action, on_one_line, record
from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import AuditEntry
from tests.service.conftest import ENGINES, Person, served

People = Callable[..., Person]


def told(person: Person, **wanted: object) -> list[dict[str, object]]:
    reply = person.client.get("/audit", params={name: str(value) for name, value in wanted.items()})
    assert reply.status_code == 200, reply.text
    entries: list[dict[str, object]] = reply.json()["entries"]
    return entries


def test_a13_changes_of_keys_and_roles_are_kept_with_who_made_them(person: People) -> None:
    admin = person()
    key = admin.client.post("/keys", json={"name": "a\r\n2025 admin logged in"}).json()
    admin.client.delete(f"/keys/{key['id']}")
    user = admin.client.post("/users", json={"name": "Ana"}).json()
    admin.client.patch(f"/users/{user['id']}", json={"role": "operator"})
    found = [(entry["action"], entry["object"]) for entry in told(admin)]
    assert found == [
        ("user.changed", user["id"]),
        ("user.made", user["id"]),
        ("key.revoked", key["id"]),
        ("key.made", key["id"]),
    ]
    changed, _, _, made = told(admin)
    assert changed["details"] == {"role": ["viewer", "operator"]}
    assert (changed["user_id"], changed["address"], changed["outcome"]) == (admin.user, "127.0.0.1", "done")
    assert made["details"]["name"] == "a\\r\\n2025 admin logged in"  # type: ignore[index]


def test_a13_every_refusal_is_kept(person: People, context: Context) -> None:
    admin = person()
    viewer = person(Role.VIEWER, admin.organisation)
    viewer.client.get("/users")
    viewer.client.delete("/jobs/job_x")
    entries = told(admin, action="request.refused")
    assert [entry["user_id"] for entry in entries] == [viewer.user] * 2
    assert entries[0]["details"] == {
        "method": "DELETE",
        "path": "/jobs/{job_id}",
        "status": 403,
        "job_id": "job_x",
        "code": "forbidden",
    }
    httpx.get(f"{viewer.client.base_url}jobs", headers={"X-API-Key": "dbl_nobody"})
    with context.database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.organisation_id, last.details["code"]) == (None, "key_invalid")
    assert "dbl_nobody" not in str(last.details)


def test_a13_what_was_erased_is_kept(
    client: httpx.Client, context: Context, talk: Path, uploaded: Callable[..., str]
) -> None:
    hook = client.post("/hooks", json={"url": "https://1.1.1.1/hook"}).json()
    asked = {"upload_id": uploaded(talk), "target_languages": ["es"], "settings": {"engines": ENGINES}}
    job = client.post("/jobs", json={**asked, "source_language": "en"}).json()
    client.post(f"/jobs/{job['id']}/cancel")
    for path in (f"/hooks/{hook['id']}", f"/jobs/{job['id']}"):
        assert client.delete("/jobs/job_none").status_code == 404
        assert client.delete(path).status_code == 204
    with context.database.reading() as session:
        erased = select(AuditEntry).where(AuditEntry.action == Action.DELETED)
        assert [entry.object for entry in session.scalars(erased)] == [hook["id"], job["id"]]


def test_nobody_reads_the_log_of_others(person: People) -> None:
    admin, other = person(), person()
    admin.client.post("/keys", json={"name": "x"})
    assert told(other) == []
    assert person(Role.OPERATOR, admin.organisation).client.get("/audit").status_code == 403


def test_the_log_is_read_in_pages_and_by_what_is_wanted(person: People, context: Context) -> None:
    admin = person()
    with context.database.writing() as session:
        for number in range(25):
            record(session, Action.EXPORTED, organisation=admin.organisation, about=f"job_{number}")
    seen: list[str] = []
    cursor: dict[str, object] = {}
    while True:
        page = admin.client.get("/audit", params={"limit": 10, **cursor}).json()  # type: ignore[arg-type]
        seen += [entry["object"] for entry in page["entries"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [f"job_{number}" for number in reversed(range(25))]
    assert told(admin, action="key.made") == []
    assert told(admin, since="2099-01-01T00:00:00Z") == []
    assert len(told(admin, until="2099-01-01T00:00:00Z")) == 25


def test_nothing_written_is_changed_or_removed(context: Context) -> None:
    with context.database.writing() as session:
        record(session, Action.POLICY, about="job_1")
    for change in ("change", "remove"):
        with pytest.raises(RuntimeError, match="only ever added to"), context.database.writing() as session:
            entry = session.scalars(select(AuditEntry)).one()
            if change == "change":
                entry.object = "job_2"
            else:
                session.delete(entry)
            session.flush()


def test_line_breaks_and_what_looks_like_them_are_written_out() -> None:
    nasty = "a\r\nb\x1b[31mc\u2028d\u202ee\x00"
    assert on_one_line(nasty) == "a\\r\\nb\\x1b[31mc\\u2028d\\u202ee\\x00"
    assert on_one_line("Zoë 爆弾") == "Zoë 爆弾"


def test_a8_a_copy_of_the_tables_opens_nothing(person: People, settings: ServiceSettings) -> None:
    somebody = person()
    secret = somebody.client.post("/keys", json={"name": "x"}).json()["secret"]
    for path in settings.data.rglob("*"):
        if path.is_file():
            assert secret.rpartition("_")[2].encode() not in path.read_bytes(), path
    with sqlite3.connect(settings.data / "dubline.sqlite") as tables:
        digests = [row[0] for row in tables.execute("SELECT digest FROM keys")]
    for digest in digests:
        wrong = httpx.get(f"{somebody.client.base_url}me", headers={"X-API-Key": digest})
        assert wrong.status_code == 401


def test_a8_keys_are_compared_in_constant_time(
    context: Context, person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str]] = []

    constant_time = hmac.compare_digest

    def compare(known: str, given: str) -> bool:
        seen.append((known, given))
        return constant_time(known, given)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert keys.recognised(context, person().secret) is not None
    assert len(seen) == 1


@pytest.fixture
def guarded(settings: ServiceSettings) -> Iterator[str]:
    with served(open_context(settings.model_copy(update={"require_key": True}))) as url:
        yield url


def test_a8_keys_are_not_in_logs(
    guarded: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secret = "dbl_abcdefgh_" + "x" * 32
    for headers in ({"Authorization": f"Bearer {secret}"}, {"X-API-Key": secret}):
        assert httpx.get(f"{guarded}/api/v1/jobs", headers=headers).status_code == 401
    out = capfd.readouterr()
    assert secret not in out.out + out.err + caplog.text
