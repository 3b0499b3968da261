"""Requests made up from the API's own description: whatever comes, no reply is a fault of ours or other than told."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
)

from dubline.service.access.roles import Role
from dubline.service.settings import Limits, ServiceSettings
from tests.service.conftest import Person

CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance, ignored_auth]

EXAMPLES = int(os.environ.get("DUBLINE_SCHEMA_EXAMPLES", "3"))
"""Requests for each operation and caller: thousands at night."""

LEFT_OUT = re.compile(r"events|/uploads|/upload$|/stream-ticket")
"""Streams, which end when somebody leaves, and tus, which has tests of its own for every sentence of its protocol."""

MAY_BE_MISSING = (503, 507)
"""Engines that are not installed, and a disk that is nearly full, are told by a status above 500."""


@pytest.fixture(name="settings")
def service_settings(tmp_path: Path) -> ServiceSettings:
    limits = Limits(requests_per_minute=0, requests_per_minute_of_key=0)
    return ServiceSettings(data=tmp_path / "data", workers=0, require_key=True, limits=limits)


@pytest.mark.parametrize("role", ["nobody", Role.VIEWER, Role.ADMIN])
def test_a5_no_request_meets_a_fault_of_ours(server: str, person: Callable[..., Person], role: str) -> None:
    admin = person(Role.ADMIN)
    headers = {"Authorization": f"Bearer {admin.secret}"}
    schema = schemathesis.openapi.from_url(f"{server}/api/v1/openapi.json", headers=headers)
    caller = {} if role == "nobody" else {"Authorization": f"Bearer {person(Role(role)).secret}"}
    wrong: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if LEFT_OUT.search(operation.path):
            continue

        @given(operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def check(case: Case) -> None:
            reply = case.call(base_url=server, headers=caller, timeout=20, allow_redirects=False)
            if reply.status_code not in MAY_BE_MISSING:
                case.validate_response(reply, checks=CHECKS, headers=caller)

        try:
            check()
        except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
            wrong.append(f"{operation.label}: {error}"[:1500])
    assert not wrong, "\n\n".join(wrong)
