"""Jobs as clients write and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dubline.service.hooks.schemas import HookMade, JobHook
from dubline.service.jobs.targets import TargetView, targets_of
from dubline.service.moments import Instant, moment, moment_or_none
from dubline.service.policy.judging import Verdict
from dubline.storage.tables import Job, Stage

Labels = Annotated[dict[str, str], Field(max_length=50)]
Priority = Annotated[int, Field(ge=-10, le=10)]


class JobRequest(BaseModel):
    """A dub to be made of an upload, or of what a web address names."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"upload_id": "upl_01j9z3k5m7p9r1t3v5x7z9b1d3", "target_languages": ["es"]},
                {
                    "source_url": "https://example.com/talk.mp4",
                    "start": 12.5,
                    "end": 60,
                    "source_language": "en",
                    "target_languages": ["es", "pt-BR"],
                    "settings": {"glossary": [["cloud", "nube"]]},
                    "priority": 5,
                    "metadata": {"project": "spring"},
                    "webhook": {
                        "url": "https://example.com/dubline",
                        "kinds": ["job.completed", "job.failed"],
                    },
                },
            ]
        },
    )

    upload_id: str | None = None
    source_url: str | None = Field(default=None, max_length=4096)
    """A file or a page with a video; the server fetches it. Either this or `upload_id`."""
    start: float | None = Field(default=None, ge=0)
    """Second from which on to dub; from the beginning where it is left out."""
    end: float | None = Field(default=None, gt=0)
    """Second up to which to dub; to the end where it is left out."""
    kind: Literal["dub"] = "dub"
    source_language: str = "auto"
    target_languages: Annotated[list[str], Field(min_length=1, max_length=20)]
    name: str | None = Field(default=None, max_length=200)
    settings: dict[str, object] = Field(default_factory=dict)
    """As in `dubline dub`: engines, glossary, trim, speakers, isochrony and so on."""
    priority: Priority = 0
    metadata: Labels = Field(default_factory=dict)
    retention_days: float | None = Field(default=None, gt=0, le=3650)
    consent: bool = False
    """Whoever speaks agreed to have their voice imitated; needed only for engines that do so."""
    consent_by: str | None = Field(default=None, max_length=200)
    """Who says so: a person who can be asked. It is kept in the audit log."""
    webhook: JobHook | None = None
    """Told of this job alone, besides the hooks of your organisation."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.upload_id is None) == (self.source_url is None):
            raise ValueError("give either upload_id or source_url")
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end <= (self.start or 0):
            raise ValueError("end must come after start")
        return self


class StageView(BaseModel):
    name: str
    status: str
    progress: float
    detail: str
    seconds: float
    started_at: Instant | None
    finished_at: Instant | None
    error: str | None

    @classmethod
    def of(cls, row: Stage) -> StageView:
        return cls.model_validate(row, from_attributes=True)


class JobView(BaseModel):
    id: str
    kind: str
    name: str
    source_url: str | None
    status: str
    progress: float
    current_stage: str | None
    target_languages: list[str]
    targets: list[TargetView]
    source_language: str
    priority: int
    metadata: dict[str, str]
    media_seconds: float
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    updated_at: Instant
    expires_at: Instant
    estimated_completion: Instant | None
    policy: Verdict
    """What the operator's content policy found."""
    error_code: str | None
    error_message: str | None

    @classmethod
    def of(cls, job: Job, **more: object) -> Self:
        return cls(
            id=job.id,
            kind=job.kind,
            name=job.name,
            source_url=job.source_url,
            status=job.status,
            progress=round(job.progress, 4),
            current_stage=job.current_stage,
            target_languages=list(job.targets),
            targets=targets_of(job),
            source_language=str(job.settings.get("source_language", "auto")),
            priority=job.priority,
            metadata=job.labels,
            media_seconds=job.media_seconds,
            created_at=moment(job.created_at),
            started_at=moment_or_none(job.started_at),
            finished_at=moment_or_none(job.finished_at),
            updated_at=moment(job.updated_at),
            expires_at=moment(job.expires_at),
            estimated_completion=estimated_completion(job),
            policy=Verdict.model_validate(job.policy),
            error_code=job.error_code,
            error_message=job.error_message,
            **more,
        )


class JobMade(JobView):
    webhook: HookMade | None
    """The hook of this job, if it was given one."""


def estimated_completion(job: Job) -> datetime | None:
    """By what the worker said last."""
    return None if job.eta_seconds is None else moment(job.updated_at + job.eta_seconds)


class JobStatus(BaseModel):
    job_id: str
    status: str
    progress: float
    current_stage: str | None
    created_at: Instant
    updated_at: Instant
    estimated_completion: Instant | None
    error_message: str | None
    stages: list[StageView]

    @classmethod
    def of(cls, job: Job, stages: list[Stage]) -> JobStatus:
        return cls(
            job_id=job.id,
            status=job.status,
            progress=round(job.progress, 4),
            current_stage=job.current_stage,
            created_at=moment(job.created_at),
            updated_at=moment(job.updated_at),
            estimated_completion=estimated_completion(job),
            error_message=job.error_message,
            stages=[StageView.of(stage) for stage in stages],
        )


class JobPage(BaseModel):
    jobs: list[JobView]
    next_cursor: str | None


class Accepted(BaseModel):
    """The reply to an upload that became a job at once."""

    job_id: str
    status: str
    message: str
