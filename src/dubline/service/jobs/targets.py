"""How each language of a job stands: whether its files say what its script says."""

from __future__ import annotations

from pydantic import BaseModel

from dubline.storage.tables import Job, ScriptRow

PENDING = "pending"
"""Not dubbed yet."""


class TargetView(BaseModel):
    """`stale`: the script was edited since its files were made; until they are rendered the old ones are served.
    `failed`: the last render failed, and the files are still those of `rendered`."""

    language: str
    state: str
    revision: int | None = None
    """Of the script: grows with every edit."""
    rendered: int | None = None
    """The revision that the files say."""
    error_code: str | None = None
    error_message: str | None = None

    @classmethod
    def of(cls, row: ScriptRow) -> TargetView:
        return cls(
            language=row.target,
            state=row.state,
            revision=row.revision,
            rendered=row.rendered,
            error_code=row.error_code,
            error_message=row.error_message,
        )


def targets_of(job: Job) -> list[TargetView]:
    rows = {row.target: row for row in job.scripts}
    return [
        TargetView.of(rows[target]) if target in rows else TargetView(language=target, state=PENDING)
        for target in job.targets
    ]
