"""A batch as a form: the files themselves, and what is wanted of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dubline.service.batches.schemas import BatchRequest
from dubline.service.uploads.request import FIELDS, FILE_FIELD, document, invalid, shared, told_as_body
from dubline.storage.tables import Upload

MOST_FILES = 100
MANIFEST, PARTIAL = "manifest", "partial"
TRUTHS = {"true": True, "false": False}

BODY: dict[str, Any] = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": FILE_FIELD, "minItems": 1, "maxItems": MOST_FILES},
                        MANIFEST: {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "description": "Instead of the other fields: the same document as in JSON. Its jobs may "
                            "have `file`, the name of one of the files, for `upload_id`.",
                            "examples": [
                                '{"defaults": {"target_languages": ["es"]}, "jobs": [{"file": "a.mp4"}]}'
                            ],
                        },
                        PARTIAL: {"type": "boolean", "default": False},
                        **FIELDS,
                    },
                },
                "example": {"file": ["a.mp4", "b.mp4"], "target_language": "es"},
            }
        }
    }
}


def batch_request(uploads: Sequence[Upload], fields: dict[str, list[str]]) -> BatchRequest:
    with told_as_body():
        if MANIFEST in fields:
            return BatchRequest.model_validate(_listed(uploads, fields))
        partial = _truth(fields.pop(PARTIAL, ["false"]))
        jobs: list[dict[str, object]] = [{"upload_id": each.id} for each in uploads]
        return BatchRequest(jobs=jobs, defaults=shared(fields), partial=partial)


def _listed(uploads: Sequence[Upload], fields: Mapping[str, list[str]]) -> object:
    """The manifest, with each file in the place where it is named."""
    if len(fields) > 1 or len(fields[MANIFEST]) > 1:
        raise invalid(MANIFEST, "Given beside other fields, or more than once")
    told = document(MANIFEST, fields[MANIFEST][0])
    if not isinstance(told, dict) or not isinstance(told.get("jobs"), list):
        return told
    ids = _by_name(uploads)
    jobs = [_placed(job, ids) if isinstance(job, dict) else job for job in told["jobs"]]
    named = {job.get("upload_id") for job in jobs if isinstance(job, dict)}
    if unused := [name for name, upload in ids.items() if upload not in named]:
        raise invalid(MANIFEST, f"No job is made of {', '.join(unused)}")
    return {**told, "jobs": jobs}


def _by_name(uploads: Sequence[Upload]) -> dict[str, str]:
    names = Counter(each.filename for each in uploads)
    if twice := [name for name, count in names.items() if count > 1]:
        raise invalid(
            "file", f"Two files are called {', '.join(twice)}, so a manifest cannot tell them apart"
        )
    return {each.filename: each.id for each in uploads}


def _placed(job: dict[str, object], ids: Mapping[str, str]) -> dict[str, object]:
    name = job.get("file")
    if name is None:
        return job
    if name not in ids:
        raise invalid(MANIFEST, f"There is no file {name} in the form")
    return {**{key: value for key, value in job.items() if key != "file"}, "upload_id": ids[str(name)]}


def _truth(values: Sequence[str]) -> bool:
    if len(values) > 1 or values[0].lower() not in TRUTHS:
        raise invalid(PARTIAL, "Either true or false")
    return TRUTHS[values[0].lower()]
