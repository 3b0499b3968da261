"""The client: what a program does with a server of dubline, one method each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from dubline.client import downloads, events, uploads
from dubline.client.connection import IDEMPOTENCY, Connection
from dubline.client.downloads import Link, Output
from dubline.client.errors import Document, JobFailed
from dubline.client.events import Event
from dubline.client.jobs import ENDED, Batch, Job, JobStatus
from dubline.client.reading import read
from dubline.client.scripts import Script, pages
from dubline.client.uploads import Upload

PREPARATION = 600.0
"""Seconds that a file made on demand may take."""


class Client:
    """`patience`: seconds in which a broken line or a busy server is tried again before the error is yours;
    where nobody was ever reached, it is given up after ten at most. Threads may share one."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:8765",
        key: str | None = None,
        *,
        patience: float = 120.0,
        timeout: float = 60.0,
    ) -> None:
        self._connection = Connection(url, key, patience, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def upload(
        self, file: str | Path, *, resume: str | None = None, progress: uploads.Progress | None = None
    ) -> Upload:
        """Send a file, through broken lines and servers that start again. `resume` is the id of an upload that an
        earlier program began: `progress` tells it from the first moment on."""
        return uploads.upload(self._connection, Path(file), resume=resume, progress=progress)

    def submit(
        self,
        file: str | Path | None = None,
        *,
        to: str | Sequence[str],
        upload_id: str | None = None,
        url: str | None = None,
        progress: uploads.Progress | None = None,
        idempotency_key: str | None = None,
        **more: object,
    ) -> Job:
        """Ask for a dub of a file here, of an upload, or of a web address. `more` are the other fields of
        `POST /jobs`: source_language, name, settings, start, end, priority, metadata, webhook and so on."""
        if [file, upload_id, url].count(None) != 2:  # noqa: PLR2004
            raise TypeError("give one of file, upload_id and url")
        if file is not None:
            upload_id = self.upload(file, progress=progress).id
        source = {"source_url": url} if url else {"upload_id": upload_id}
        asked = {**source, "target_languages": [to] if isinstance(to, str) else list(to), **more}
        return read(Job, self._once("jobs", asked, idempotency_key))

    def submit_batch(
        self,
        jobs: Sequence[Mapping[str, Any]],
        *,
        defaults: Mapping[str, Any] | None = None,
        partial: bool = False,
        idempotency_key: str | None = None,
    ) -> Batch:
        """Many jobs in one call; all of them are accepted or none, unless `partial`."""
        asked = {"jobs": list(jobs), "defaults": dict(defaults or {}), "partial": partial}
        return read(Batch, self._once("batches", asked, idempotency_key))

    def _once(self, path: str, asked: Mapping[str, Any], key: str | None) -> Document:
        """Sent as often as it takes, done once."""
        return self._connection.document("POST", path, json=asked, headers={IDEMPOTENCY: key or str(uuid4())})

    def job(self, job_id: str) -> Job:
        return read(Job, self.call("GET", f"jobs/{job_id}"))

    def status(self, job_id: str) -> JobStatus:
        """How far it is, stage by stage."""
        return read(JobStatus, self.call("GET", f"jobs/{job_id}/status"))

    def jobs(
        self,
        *,
        status: Sequence[str] = (),
        batch_id: str | None = None,
        name: str | None = None,
        order: str = "newest",
    ) -> Iterator[Job]:
        """All that you may see, asked for a page at a time."""
        wanted = {"status": list(status), "batch_id": batch_id, "name": name, "order": order, "limit": 200}
        for page in pages(self._connection, "jobs", wanted):
            yield from (read(Job, each) for each in page["jobs"])

    def watch(
        self, job_id: str, *, after: int = 0, follow: bool = False, timeout: float | None = None
    ) -> Iterator[Event]:
        """What happens to a job, each event once and in order, whatever becomes of the line. Ends with the job;
        with `follow` it goes on with edits, renders and retries."""
        return events.watch(self._connection, job_id, after=after, follow=follow, timeout=timeout)

    def wait(
        self,
        job_id: str,
        *,
        timeout: float | None = None,
        progress: Callable[[Event], object] | None = None,
    ) -> Job:
        """Until the job is completed; raises JobFailed where it never will be."""
        deadline, after = time.monotonic() + (timeout or 0), 0
        while (job := self.job(job_id)).status not in ENDED:
            left = None if timeout is None else max(0.0, deadline - time.monotonic())
            for event in self.watch(job_id, after=after, timeout=left):
                after = event.number
                if progress:
                    progress(event)
        if job.status != "completed":
            raise JobFailed(job)
        return job

    def cancel(self, job_id: str) -> Job:
        return read(Job, self.call("POST", f"jobs/{job_id}/cancel"))

    def retry(self, job_id: str) -> Job:
        """Go on with a job that failed or was cancelled; what was finished is not done again."""
        return read(Job, self.call("POST", f"jobs/{job_id}/retry"))

    def delete(self, job_id: str) -> None:
        """Erase a job that has ended, with all that belongs to it."""
        self.call("DELETE", f"jobs/{job_id}")

    def outputs(self, job_id: str) -> tuple[Output, ...]:
        return downloads.outputs(self._connection, job_id)

    def link(
        self,
        job_id: str,
        *,
        kind: str = "result",
        language: str | None = None,
        format: str | None = None,
        text: str | None = None,
        timeout: float = PREPARATION,
    ) -> Link:
        """A link that can be given to a player or a person. What is made on demand is waited for."""
        wanted = {"kind": kind, "language": language, "format": format, "text": text}
        return downloads.link(self._connection, f"jobs/{job_id}/download", wanted, timeout)

    def preview(
        self,
        job_id: str,
        *,
        start: float = 0.0,
        duration: float = 15.0,
        language: str | None = None,
        track: str = "dub",
    ) -> Link:
        """A link to a short clip of the dub, or of the original beside it (`track="original"`)."""
        wanted = {"start_time": start, "duration": duration, "language": language, "track": track}
        return downloads.link(self._connection, f"jobs/{job_id}/preview", wanted, PREPARATION)

    def download(
        self,
        job_id: str,
        to: str | Path = ".",
        *,
        kind: str = "result",
        language: str | None = None,
        format: str | None = None,
        text: str | None = None,
        progress: downloads.Progress | None = None,
    ) -> Path:
        """One of a job's files, into a folder or as a file. It bears its name once it is whole and checked; a
        download that broke off goes on where it was."""

        def ask() -> Link:
            return self.link(job_id, kind=kind, language=language, format=format, text=text)

        return downloads.download(self._connection, job_id, Path(to), ask, progress)

    def script(self, job_id: str, language: str) -> Script:
        """To read and change what the dub says."""
        return Script(self._connection, job_id, language)

    def call(self, method: str, path: str, *, json: object = None, **params: object) -> Document:
        """Whatever has no method of its own here: `client.call("GET", "usage", by="job")`."""
        return self._connection.document(method, path, json=json, params=params)
