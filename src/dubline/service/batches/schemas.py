"""Batches as clients write and read them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from dubline.service.hooks.schemas import HookMade
from dubline.service.jobs.schemas import JobRequest
from dubline.service.jobs.states import Status
from dubline.service.moments import Instant

MOST_JOBS = 500

COMPONENTS = "#/components/schemas/{model}"
FIELDS = JobRequest.model_json_schema(ref_template=COMPONENTS)["properties"]
"""Those of a job, none of them required: `defaults` may give it."""

Entry = Annotated[
    dict[str, object],
    WithJsonSchema({"type": "object", "properties": FIELDS, "additionalProperties": False}),
]
"""Each is looked at by itself, so that one that is wrong is told with its number."""


class BatchRequest(BaseModel):
    """Jobs as `POST /jobs` takes them. All are accepted or none, unless `partial`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "defaults": {"target_languages": ["es"], "priority": -5},
                    "jobs": [{"upload_id": "upl_1"}, {"upload_id": "upl_2", "target_languages": ["fr"]}],
                }
            ]
        },
    )

    jobs: Annotated[list[Entry], Field(min_length=1, max_length=MOST_JOBS)]
    defaults: Entry = Field(default_factory=dict)
    """Fields of every job that does not say otherwise."""
    partial: bool = False
    """Accept those that can be, and tell of the others."""


class ItemProblem(BaseModel):
    """Why one job of a batch was refused."""

    status: int
    code: str
    detail: str
    hint: str


class ItemResult(BaseModel):
    index: int
    """Its place in the request, from nought."""
    job_id: str | None
    problem: ItemProblem | None
    webhook: HookMade | None = None


class BatchMade(BaseModel):
    batch_id: str
    accepted: int
    refused: int
    jobs: list[ItemResult]


class BatchView(BaseModel):
    id: str
    created_at: Instant
    jobs: int
    counts: dict[Status, int]
    """How many jobs stand how. The jobs themselves: `GET /jobs?batch_id=…`."""
    progress: float
    """Of the whole; a job that failed or was cancelled counts as gone through."""
    finished: bool
