"""One writer at a time, however many servers there are; the one who comes last wins.

A line may be dead without anybody noticing: the sender is back on a new one while the old request still waits for
bytes. So whoever comes counts up the upload's claims, and a writer that sees them grow saves what it has and lets go.
The lock itself is the system's, on a file: it ends with its process, however that ends. Bytes are written and offsets
noted only by who holds it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from dubline.service.context import Context
from dubline.service.problem import ServiceError, not_found
from dubline.service.uploads import files, repository
from dubline.service.uploads.incoming import CLOSE
from dubline.storage.tables import Upload

PATIENCE = 5.0
"""Seconds for the one before to let go."""

STEP = 0.02


@dataclass
class Hold:
    context: Context
    upload: Upload
    """As it stood when we got hold of it, and since then only changed by us."""

    def wanted(self) -> bool:
        """Whether somebody else came, or the upload is gone."""
        with self.context.database.reading() as session:
            return repository.claims(session, self.upload.id) != self.upload.claims


@asynccontextmanager
async def held(context: Context, organisation: str, upload_id: str) -> AsyncIterator[Hold]:
    claim = await run_in_threadpool(_claim, context, organisation, upload_id)
    lock = await _locked(files.lock_of(context, upload_id))
    try:
        yield Hold(context, await run_in_threadpool(_current, context, organisation, upload_id, claim))
    finally:
        os.close(lock)


def is_held(context: Context, upload_id: str) -> bool:
    try:
        lock = os.open(files.lock_of(context, upload_id), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(lock)
    finally:
        os.close(lock)


def taken_over() -> ServiceError:
    return ServiceError(
        409,
        "upload_taken_over",
        "Another request came to write to this upload.",
        hint="Ask for the offset with HEAD and go on from there.",
        headers=CLOSE,
    )


def _claim(context: Context, organisation: str, upload_id: str) -> int:
    with context.database.writing() as session:
        upload = repository.get(session, organisation, upload_id)
        upload.claims += 1
        claim = upload.claims
    files.make_folder(context, upload_id)
    return claim


async def _locked(path: Path) -> int:
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except FileNotFoundError as error:
        raise not_found("upload") from error  # just deleted
    try:
        deadline = time.monotonic() + PATIENCE
        while not _try_lock(lock):
            if time.monotonic() > deadline:
                raise ServiceError(
                    423,
                    "upload_locked",
                    "Another request is writing to this upload.",
                    hint="Try again in a few seconds.",
                    headers={"Retry-After": "5", **CLOSE},
                )
            await asyncio.sleep(STEP)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _current(context: Context, organisation: str, upload_id: str, claim: int) -> Upload:
    with context.database.reading() as session:
        upload = repository.get(session, organisation, upload_id)
        session.expunge(upload)
    if upload.claims != claim:
        raise taken_over()
    return upload
