"""The API as OpenAPI: as FastAPI sees the routes, with what it cannot see of them."""

from __future__ import annotations

import re

from fastapi import FastAPI

from dubline.service.problem import MEDIA_TYPE, Problem
from dubline.service.reference.codes import known_codes, table
from dubline.service.reference.subjects import HEAD, SUBJECTS
from dubline.storage.tables import Document

CREDENTIALS = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key: Authorization: Bearer dbl_…"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}

REFUSALS = {
    "4XX": "Refused: `code` says why, `hint` what to do. The codes are listed in `x-error-codes`.",
    "5XX": "A fault of the server's, or something it needs is not there; `code` says which.",
}

FOR_ANYBODY = ("/auth/", "/healthz", "/readyz", "/api/v1/files/")
"""Where no key is asked for."""

FIRST_WORDS = re.compile(r"[.:;](?=\s|$)")


def described(app: FastAPI) -> Document:
    told = app.openapi()
    told["info"]["description"] = f"{HEAD}\n\n{table()}"
    told["tags"] = [{"name": name, "description": text} for name, text in SUBJECTS.items()]
    told["x-error-codes"] = known_codes()
    parts = told.setdefault("components", {})
    parts["securitySchemes"] = CREDENTIALS
    parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    for path, operations in told["paths"].items():
        for operation in operations.values():
            _complete(operation)
            if not path.startswith(FOR_ANYBODY) or path == "/auth/logout":
                operation["security"] = [{name: []} for name in CREDENTIALS]
    return told


def _complete(operation: Document) -> None:
    operation["summary"] = FIRST_WORDS.split(operation.get("description", ""))[0].replace("\n", " ")
    operation["responses"] = _with_problems(operation.get("responses", {}))


def _with_problems(responses: Document) -> Document:
    """Each error that a route tells of is a problem document, and so is every other one."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    kept = {status: reply for status, reply in responses.items() if status[0] in "123"}
    own = {
        status: {"description": reply["description"], "content": content}
        for status, reply in responses.items()
        if status[0] in "45" and status != "422"
    }
    usual = {status: {"description": text, "content": content} for status, text in REFUSALS.items()}
    return {**kept, **own, **usual}
