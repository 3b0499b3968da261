"""A server's people by command line: from an empty folder to somebody who may come in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from dubline.cli.app import app
from dubline.cli.tables import plain_table
from dubline.domain.errors import DublineError
from dubline.service.access.keys import recognised
from dubline.service.access.roles import Operation, Role
from dubline.service.app import open_context
from dubline.service.settings import ServiceSettings


def run(folder: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--data", str(folder / "data")])
    if done.exception is not None:
        raise done.exception
    return done.stdout.strip()


def test_a_fresh_server_gets_its_first_key(tmp_path: Path) -> None:
    secret = run(tmp_path, "keys", "create", "--name", "me")
    context = open_context(ServiceSettings(data=tmp_path / "data"))
    who = recognised(context, secret)
    assert who is not None and who.role == Role.ADMIN
    listed = run(tmp_path, "keys", "list")
    assert secret not in listed and secret[:12] in listed
    assert "Revoked: me" in run(tmp_path, "keys", "revoke", secret[:12])
    assert recognised(context, secret) is None
    context.database.close()


def test_organisations_people_and_their_keys(tmp_path: Path) -> None:
    organisation = run(tmp_path, "organisations", "add", "Radio", "--limit", "minutes_per_month=600")
    assert "minutes_per_month=600.0" in run(tmp_path, "organisations", "list")
    user = run(
        tmp_path,
        "users",
        "add",
        "Ana",
        "--email",
        "Ana@radio.example",
        "--role",
        "admin",
        "--organisation",
        organisation,
    )
    secret = run(
        tmp_path, "keys", "create", "--name", "x", "--user", "ana@radio.example", "--scope", "jobs:read"
    )
    context = open_context(ServiceSettings(data=tmp_path / "data"))
    who = recognised(context, secret)
    assert who is not None
    assert (who.organisation, who.user, who.scopes) == (organisation, user, {Operation.JOBS_READ})
    with pytest.raises(DublineError, match="last admin"):
        run(tmp_path, "users", "role", user, "viewer")
    run(tmp_path, "users", "add", "Bo", "--role", "admin", "--organisation", organisation)
    run(tmp_path, "users", "disable", user)
    assert recognised(context, secret) is None
    run(tmp_path, "users", "disable", "--undo", user)
    assert recognised(context, secret) is not None
    context.database.close()


def test_what_there_is_not_is_told_with_what_there_is(tmp_path: Path) -> None:
    cases = {
        ("organisations", "add", "x", "--limit", "wishes=3"): "limit_invalid",
        ("users", "add", "x", "--role", "king"): "role_unknown",
        ("users", "add", "x", "--organisation", "org_no"): "organisation_unknown",
        ("keys", "create", "--name", "x", "--user", "nobody"): "user_unknown",
        ("keys", "create", "--name", "x", "--scope", "moon:read"): "scope_unknown",
        ("keys", "revoke", "key_no"): "key_unknown",
    }
    for arguments, code in cases.items():
        with pytest.raises(DublineError) as refused:
            run(tmp_path, *arguments)
        assert refused.value.code == code


def test_only_making_something_begins_a_folder(tmp_path: Path) -> None:
    for arguments in (
        ("keys", "list"),
        ("keys", "revoke", "x"),
        ("users", "list"),
        ("users", "role", "x", "viewer"),
        ("users", "disable", "x"),
        ("organisations", "list"),
    ):
        with pytest.raises(DublineError, match=str(tmp_path / "data")) as refused:
            run(tmp_path, *arguments)
        assert refused.value.code == "server_data_missing"
    assert not (tmp_path / "data").exists()


def test_programs_read_a_line_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    made = run(tmp_path, "organisations", "add", "Radio of the far north")
    lines = [line.split("\t") for line in run(tmp_path, "organisations", "list").splitlines()]
    assert lines[0][:2] == ["id", "name"]
    assert [line[:2] for line in lines if line[0] == made] == [[made, "Radio of the far north"]]


def test_ids_are_whole_on_a_narrow_terminal() -> None:
    console = Console(width=40, file=io.StringIO())
    number = "key_" + "0" * 26
    plain_table(
        ("id", "name", "made"), [(number, "a long name " * 4, "2025-01-01 10:00")], console, whole=("id",)
    )
    assert isinstance(console.file, io.StringIO) and number in console.file.getvalue()


def test_a_limit_of_a_wrong_value_is_told_from_a_wrong_name(tmp_path: Path) -> None:
    with pytest.raises(DublineError, match="max_concurrent_jobs=x") as refused:
        run(tmp_path, "organisations", "add", "x", "--limit", "max_concurrent_jobs=x")
    assert "no limit" not in refused.value.message
    assert refused.value.hint == "For example: max_concurrent_jobs=4."
    with pytest.raises(DublineError, match="no limit: wishes") as refused:
        run(tmp_path, "organisations", "add", "x", "--limit", "wishes=x")
    assert "max_concurrent_jobs" in refused.value.hint
