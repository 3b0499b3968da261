"""Signed links: they prove themselves, so that a player or another program can follow them without a key.

A link says which file, in which version, for whom and until when. Whoever follows it is still asked for: a deleted
job, a new version, or a right that was taken away end it before its time.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import select

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation, Role
from dubline.service.access.seals import seal, unseal
from dubline.service.access.standing import still_good
from dubline.service.context import Context, context_of
from dubline.service.jobs import repository
from dubline.service.problem import ServiceError
from dubline.service.uploads import files
from dubline.storage.tables import Output

PURPOSE = "file link"


@dataclass(frozen=True)
class Grant:
    """`path` is told from the data folder; `version` changes with the file."""

    job: str
    organisation: str
    user: str
    role: str
    key: str | None
    session_began: float | None
    path: str
    filename: str
    media_type: str
    version: str
    inline: bool


@dataclass(frozen=True)
class File:
    """Something of a job that may be fetched."""

    job: str
    path: Path
    filename: str
    media_type: str
    version: str
    inline: bool = False


def made_version(path: Path) -> str:
    """The version of a file that no row tells of."""
    found = path.stat()
    return hashlib.sha256(f"{path.name} {found.st_size} {found.st_mtime_ns}".encode()).hexdigest()


def signed(context: Context, principal: Principal, file: File) -> tuple[str, float]:
    """The token of a link, and until when it is good."""
    grant = Grant(
        job=file.job,
        organisation=principal.organisation,
        user=principal.user,
        role=principal.role,
        key=principal.key,
        session_began=principal.session_began,
        path=str(file.path.relative_to(context.settings.data)),
        filename=file.filename,
        media_type=file.media_type,
        version=file.version,
        inline=file.inline,
    )
    seconds = context.settings.link_minutes * 60
    return seal(context.settings.secret, PURPOSE, asdict(grant), seconds), time.time() + seconds


def granted(request: Request, token: str) -> Grant:
    """The dependency of the route that serves files."""
    context = context_of(request)
    content = unseal(context.settings.secret, PURPOSE, token)
    if content is None:
        raise _refused()
    content.pop("until")
    grant = Grant(**content)
    holder = Principal(
        grant.organisation, grant.user, Role(grant.role), grant.key, session_began=grant.session_began
    )
    if not holder.may(Operation.JOBS_READ) or not still_good(context, holder):
        raise _refused()
    with context.database.reading() as session:
        repository.get(session, grant.organisation, grant.job)
        row = session.scalars(
            select(Output).where(Output.job_id == grant.job, Output.path == grant.path)
        ).first()
        if row is not None and row.digest != grant.version:
            raise outdated()
    return grant


Granted = Annotated[Grant, Depends(granted)]


def opened(context: Context, grant: Grant) -> int:
    """A descriptor of the file: what was begun is read to its end, whatever takes the file's place meanwhile."""
    path = (context.settings.data / grant.path).resolve()
    if not path.is_relative_to(files.results_of(context, grant.job).resolve()):
        raise outdated()
    try:
        return os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        raise outdated() from None


def outdated() -> ServiceError:
    return ServiceError(
        410,
        "link_outdated",
        "The file this link was made for is not there any more; there may be a newer one.",
        hint="Ask for a new link.",
    )


def _refused() -> ServiceError:
    return ServiceError(
        403,
        "link_invalid",
        "This link was not made by us, has expired, or its maker has lost the right to it.",
        hint="Ask for a new link: GET /api/v1/jobs/{id}/download",
    )
