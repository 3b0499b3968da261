"""The tables of docs/api.md say what the program says."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from dubline.service.access.roles import Role
from dubline.service.app import create_app, open_context
from dubline.service.events.log import Kind
from dubline.service.reference.codes import known_codes
from dubline.service.settings import Limits, ServiceSettings
from tests.stubbed import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text()
FLAGS = {"data"}
OF_ORGANISATIONS = {"limits"}


def rows(section: str) -> dict[str, tuple[str, ...]]:
    (text,) = (part for part in re.split(r"^## ", PAGE, flags=re.M) if part.startswith(section))
    cells = (
        re.findall(r"(?<=\|) (.*?) (?=\|)", line) for line in text.splitlines() if line.startswith("| `")
    )
    return {first.strip("`"): tuple(rest) for first, *rest in cells}


def shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    return "empty" if text in ("", "()", "None") or set(text) == {"*"} else text


def test_every_code_is_told_with_what_to_do() -> None:
    statuses = defaultdict(set)
    for each in known_codes():
        statuses[each["code"]].add(each["status"])
    known = {code: ", ".join(map(str, sorted(found))) for code, found in statuses.items()}
    told = rows("Errors")
    assert {code: cells[0] for code, cells in told.items()} == known
    assert [code for code, cells in told.items() if not cells[1].strip(" …")] == []


def test_every_setting_is_told_with_its_default() -> None:
    settings = ServiceSettings.model_fields
    known = {
        f"DUBLINE_{name.upper()}": shown(field.default)
        for name, field in settings.items()
        if name not in FLAGS | OF_ORGANISATIONS
    }
    assert {name: cells[0] for name, cells in rows("Operations").items()} == known


def test_every_limit_is_told() -> None:
    known = {
        name: "none" if field.default is None else str(field.default)
        for name, field in Limits.model_fields.items()
    }
    assert {name: cells[0] for name, cells in rows("Limits").items()} == known


def test_every_kind_of_event_and_every_role_is_told() -> None:
    assert [kind for kind in Kind if f"`{kind}`" not in PAGE] == []
    assert [role for role in Role if f"| {role} |" not in PAGE] == []


def test_every_address_named_is_one_of_the_routes(tmp_path: Path) -> None:
    """Those written as `GET /jobs/{id}`."""
    context = open_context(ServiceSettings(data=tmp_path))
    paths = create_app(context).openapi()["paths"]
    context.database.close()
    routes = {re.sub(r"\{\w+\}", "{id}", path.removeprefix("/api/v1")) for path in paths}
    named = re.findall(r"`(?:GET|POST|PATCH|DELETE|WS) (/[^`?]*)", PAGE)
    assert named and [path for path in named if path not in routes | {"/jobs/{id}/progress"}] == []
