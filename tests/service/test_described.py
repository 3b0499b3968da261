"""The API's description says everything, and all it says can be believed."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from dubline.service.app import create_app, open_context
from dubline.service.events.log import Kind
from dubline.service.hooks.outbox import Envelope
from dubline.service.hooks.states import OwnKind
from dubline.service.jobs.schemas import JobRequest
from dubline.service.reference import codes
from dubline.service.reference.description import described
from dubline.service.reference.subjects import SUBJECTS
from dubline.service.settings import ServiceSettings
from tests.stubbed import ROOT

Document = dict[str, Any]

LONGEST_SUMMARY = 110


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Document]:
    context = open_context(ServiceSettings(data=tmp_path_factory.mktemp("described")))
    yield described(create_app(context))
    context.database.close()


def operations(told: Document) -> Iterator[tuple[str, Document]]:
    for path, found in told["paths"].items():
        for method, operation in found.items():
            yield f"{method.upper()} {path}", operation


def resolved(told: Document, schema: Document) -> Iterator[Document]:
    """The schema itself and all it may stand for."""
    yield schema
    if "$ref" in schema:
        yield from resolved(told, told["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for each in schema.get("anyOf", []):
        yield from resolved(told, each)


def examples(told: Document, content: Document) -> list[object]:
    own = [content["example"]] if "example" in content else []
    return own + [each for part in resolved(told, content["schema"]) for each in part.get("examples", [])]


def problems(told: Document, schema: Document, example: object) -> list[str]:
    whole = {**schema, "components": told["components"]}
    return [str(error) for error in jsonschema_rs.Draft202012Validator(whole).iter_errors(example)]


def test_every_operation_says_what_it_does(told: Document) -> None:
    for name, operation in operations(told):
        assert operation.get("description"), f"{name} has no doc-string"
        assert 0 < len(operation["summary"]) <= LONGEST_SUMMARY, name
        assert set(operation["tags"]) <= set(SUBJECTS), name
        assert {"4XX", "5XX"} <= set(operation["responses"]), name


def test_every_subject_has_operations(told: Document) -> None:
    used = {tag for _, operation in operations(told) for tag in operation["tags"]}
    assert used == {tag["name"] for tag in told["tags"]} == set(SUBJECTS)


def test_every_body_has_an_example_that_is_one(told: Document) -> None:
    bodies = 0
    for name, operation in operations(told):
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            if kind == "application/offset+octet-stream":
                continue
            found = examples(told, content)
            assert found, f"{name}: no example of {kind}"
            for each in found:
                assert problems(told, content["schema"], each) == [], name
            bodies += 1
    assert bodies >= 15


def test_the_examples_of_jobs_are_taken(told: Document) -> None:
    """Settings are a document of their own, which the schema does not tell."""
    from dubline.api.dub import request_for

    for example in told["components"]["schemas"]["JobRequest"]["examples"]:
        asked = JobRequest.model_validate(example)
        request_for(ROOT / "pyproject.toml", asked.target_languages, **asked.settings)


def test_every_message_we_send_is_described(told: Document) -> None:
    assert set(told["webhooks"]) == {str(kind) for kind in (*Kind, *OwnKind)}
    for kind, path in told["webhooks"].items():
        content = path["post"]["requestBody"]["content"]["application/json"]
        assert Envelope.model_validate(content["example"]).type == kind
        assert problems(told, content["schema"], content["example"]) == []
        names = {each["name"] for each in path["post"]["parameters"]}
        assert names == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_the_codes_are_those_of_the_code() -> None:
    path = ROOT / "scripts" / "error_codes.py"
    spec = importlib.util.spec_from_file_location("error_codes", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["error_codes"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    assert codes.known_codes() == json.loads(module.document()), "run: make docs"


def test_every_code_is_told_with_its_status(told: Document) -> None:
    listed = {(each["code"], each["status"]) for each in told["x-error-codes"]}
    for known in (
        ("job_not_found", 404),
        ("key_invalid", 401),
        ("request_invalid", 422),
        ("internal_error", 500),
        ("disk_nearly_full", 507),
        ("sender_gone", 400),
        ("json_too_deep", 400),
        ("fetch_too_slow", 422),
        ("method_not_allowed", 405),
    ):
        assert known in listed
        assert f"| `{known[0]}` | {known[1]} |" in told["info"]["description"]


def test_streams_are_described_in_words(told: Document) -> None:
    words = SUBJECTS["events"]
    for needed in ("Last-Event-ID", "WebSocket", "/api/v1/jobs/{job_id}/progress", "ticket"):
        assert needed in words


def test_the_description_is_openapi(told: Document) -> None:
    import schemathesis

    assert told["openapi"].startswith("3.1")
    schema = schemathesis.openapi.from_dict(told)
    schema.validate()
