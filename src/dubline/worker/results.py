"""Finished files become a job's outputs: listed with digest and size, fetched by name."""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dubline.api.delivery import Delivered
from dubline.api.places import deliver
from dubline.service.context import Context
from dubline.service.downloads import kinds
from dubline.storage.blobs import file_digest
from dubline.storage.tables import Job, Output

SUBTITLES = {".srt": "text/plain", ".vtt": "text/vtt", ".ass": "text/plain"}


def listed(context: Context, job: str, delivered: Delivered) -> list[Output]:
    """The rows for one language's files; reading them takes a while, so it is done before any transaction."""
    now = time.time()
    return [
        Output(
            job_id=job,
            target=delivered.target,
            kind=kind,
            filename=path.name,
            path=str(path.relative_to(context.settings.data)),
            media_type=SUBTITLES.get(path.suffix)
            or mimetypes.guess_type(path.name)[0]
            or "application/octet-stream",
            digest=file_digest(path),
            size=path.stat().st_size,
            created_at=now,
        )
        for kind, path in _files(delivered)
    ]


def _files(delivered: Delivered) -> Iterator[tuple[str, Path]]:
    """`subtitles.source.srt` and the like: what it is, whose words, which format."""
    yield "result", delivered.result
    yield "script", delivered.script_path
    yield "report", delivered.report_path
    yield "report_data", delivered.report_data_path
    yield kinds.CUES, _cues(delivered)
    for path in delivered.subtitles:
        source = path.name.endswith(f".source{path.suffix}")
        yield f"subtitles{'.source' if source else ''}{path.suffix}", path


def _cues(delivered: Delivered) -> Path:
    """Which artefacts the dub was mixed from. They stay where they are and may be gone some day."""
    listed = [blob.model_dump() for blob in delivered.cues]
    path = delivered.result.with_name(f"{delivered.result.stem}.cues.json")
    deliver(json.dumps(listed), path)
    return path


def keep(session: Session, job: Job, outputs: list[Output]) -> None:
    for output in outputs:
        session.execute(
            delete(Output).where(
                Output.job_id == job.id, Output.target == output.target, Output.kind == output.kind
            )
        )
        session.add(output)


def forget(context: Context, paths: Sequence[str]) -> None:
    """Files that are given to nobody any more, and their folders where nothing else lies in them."""
    for path in paths:
        place = context.settings.data / path
        place.unlink(missing_ok=True)
        with suppress(OSError):
            place.parent.rmdir()
