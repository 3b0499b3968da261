"""Requests made up from the API's own description: whatever comes, no reply is a fault of ours or other than told.

DUBLINE_SCHEMA_EXAMPLES=100 pytest tests/service/test_schema.py     # nightly: other ones each time, 40,000 and more
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
)

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.settings import Limits, ServiceSettings
from dubline.worker.loop import Worker
from tests.service.conftest import Person
from tests.service.routes import NO_OBJECTS, household

CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance, ignored_auth]

NIGHTLY = "DUBLINE_SCHEMA_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("DUBLINE_SCHEMA_EXAMPLES", "1"))
"""Requests of each sort for each operation and caller."""

STREAMS = re.compile(r"/events$")
"""They end when somebody leaves, and have tests of their own."""

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

MAY_BE_MISSING = (503, 507)
"""Engines that are not installed, and a disk that is nearly full, are told by a status above 500."""


@pytest.fixture(name="settings")
def service_settings(tmp_path: Path) -> ServiceSettings:
    limits = Limits(requests_per_minute=0, requests_per_minute_of_key=0)
    return ServiceSettings(data=tmp_path / "data", workers=0, require_key=True, limits=limits)


@dataclass(frozen=True)
class Caller:
    headers: dict[str, str]
    ids: dict[str, str]
    """Of what is really there, in the caller's own organisation."""

    def wrong_with(self, operation: APIOperation, url: str, mode: GenerationMode, ids: dict[str, str]) -> str:
        @given(operation.as_strategy(mode, path_parameters=ids or None))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=not NIGHTLY,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def check(case: Case) -> None:
            reply = case.call(base_url=url, headers=self.headers, timeout=20, allow_redirects=False)
            if reply.status_code not in MAY_BE_MISSING:
                case.validate_response(reply, checks=CHECKS, headers=self.headers)

        try:
            check()
        except Unsatisfiable:  # nothing about it can be wrong
            return ""
        except Exception as error:  # noqa: BLE001 - all that is wrong is told at once
            return f"{operation.label} ({mode}): {error}"[:1500]
        return ""


@pytest.fixture
def caller(
    request: pytest.FixtureRequest,
    context: Context,
    person: Callable[..., Person],
    worker: Worker,
    talk: Path,
    uploaded: Callable[..., str],
) -> Caller:
    if request.param == "nobody":
        return Caller({}, {})
    owner = person(Role.ADMIN)
    who = Principal(owner.organisation, owner.user, Role.ADMIN)
    ids = household(owner, context, worker, uploaded(talk, who))
    asking = owner if request.param is Role.ADMIN else person(request.param, owner.organisation)
    return Caller({"Authorization": f"Bearer {asking.secret}"}, {**NO_OBJECTS, **ids})


@pytest.mark.timeout(600 * EXAMPLES)
@pytest.mark.parametrize("caller", ["nobody", Role.VIEWER, Role.ADMIN], indirect=True)
def test_a5_no_request_meets_a_fault_of_ours(
    server: str, person: Callable[..., Person], caller: Caller
) -> None:
    """Made up ids and real ones, requests as they are described and others; what deletes comes last."""
    headers = {"Authorization": f"Bearer {person(Role.ADMIN).secret}"}
    schema = schemathesis.openapi.from_url(f"{server}/api/v1/openapi.json", headers=headers)
    found = [each.ok() for each in schema.get_all_operations()]
    wanted = [each for each in found if not STREAMS.search(each.path)]
    wrong: list[str] = []
    for operation in sorted(wanted, key=lambda each: each.method == "delete"):
        ids = {
            name: caller.ids[name] for name in re.findall(r"{(\w+)}", operation.path) if name in caller.ids
        }
        sorts = [
            (GenerationMode.POSITIVE, {}),
            (GenerationMode.NEGATIVE, ids),
            (GenerationMode.POSITIVE, ids),
        ]
        for mode, known in sorts if caller.ids else sorts[:1]:
            if problem := caller.wrong_with(operation, server, mode, known):
                wrong.append(problem)
    assert not wrong, "\n\n".join(wrong)
