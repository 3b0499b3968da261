"""The fields beside a file, as those of a request for a job."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from dubline.service.jobs.schemas import JobRequest
from dubline.service.uploads.sending import missing

SINGLE = ("source_language", "name", "settings", "metadata", "priority", "retention_days")
DOCUMENTS = ("settings", "metadata")
TARGETS = "target_language"

FIELDS: dict[str, Any] = {
    TARGETS: {
        "type": "string",
        "description": "One language, or several: with commas between them, or the field again.",
        "examples": ["es", "es,pt-BR"],
    },
    "source_language": {"type": "string", "default": "auto"},
    "name": {"type": "string", "description": "Otherwise the file's name."},
    "settings": {
        "type": "string",
        "contentMediaType": "application/json",
        "description": "As in `dubline dub`: engines, glossary, trim and so on.",
        "examples": ['{"trim": {"start": 5}}'],
    },
    "metadata": {
        "type": "string",
        "contentMediaType": "application/json",
        "description": "Texts by name, for you to find the job by.",
        "examples": ['{"project": "spring"}'],
    },
    "priority": {"type": "integer", "minimum": -10, "maximum": 10, "default": 0},
    "retention_days": {"type": "number"},
}

FILE_FIELD = {"type": "string", "format": "binary", "description": "A video or sound file."}

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", TARGETS],
                    "properties": {"file": FILE_FIELD, **FIELDS},
                },
                "example": {"file": "talk.mp4", TARGETS: "es", "source_language": "en"},
            }
        },
    }
}
"""The form for the API's description: it is read piece by piece, so no signature tells it."""


def job_request(upload_id: str, fields: dict[str, list[str]]) -> JobRequest:
    """Checked like any other request for a job."""
    with told_as_body():
        return JobRequest.model_validate({"upload_id": upload_id, **shared(fields)})


def shared(fields: dict[str, list[str]]) -> dict[str, object]:
    """What the fields ask for, for each of the files."""
    for name, values in fields.items():
        if name != TARGETS and (name not in SINGLE or len(values) > 1):
            known = name in SINGLE
            raise invalid(name, "Given more than once" if known else "There is no such field")
    targets = [each.strip() for value in fields.get(TARGETS, []) for each in value.split(",") if each.strip()]
    if not targets:
        raise missing(TARGETS)
    asked: dict[str, object] = {"target_languages": targets}
    for name in SINGLE:
        if name in fields:
            asked[name] = document(name, fields[name][0]) if name in DOCUMENTS else fields[name][0]
    return asked


@contextmanager
def told_as_body() -> Iterator[None]:
    """What does not fit is told as of any other body."""
    try:
        yield
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        ) from error


def document(name: str, text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise invalid(name, "This is no JSON") from error


def invalid(field: str, message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", field), "msg": message, "type": "value_error"}])
