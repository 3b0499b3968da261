"""Files of a job: in parts if the line breaks, and under their name only once they are whole."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BufferedWriter
from pathlib import Path

import httpx

from dubline.client.connection import Connection, checked, retry_after, translated
from dubline.client.errors import ConnectionLost, Damaged, Refused, TookTooLong
from dubline.client.patience import Patience
from dubline.client.reading import read

ACCEPTED, PARTIAL = 202, 206
OLD_LINK = frozenset({"link_invalid", "link_outdated"})
"""It expired, or there is a newer file: either way there is a new link."""

Progress = Callable[[int, int], object]
"""Bytes that are here, and bytes of the whole."""


@dataclass(frozen=True)
class Link:
    """Good until it expires, without a key, for whoever has it."""

    download_url: str
    filename: str
    file_size: int
    media_type: str
    expires_at: datetime


@dataclass(frozen=True)
class Output:
    """Something that can be downloaded. Without a size: made when it is asked for."""

    language: str
    kind: str
    format: str | None
    text: str | None
    """Of subtitles: whose words, target or source."""
    filename: str
    media_type: str
    size: int | None = None
    digest: str | None = None
    """SHA-256."""
    created_at: datetime | None = None


def outputs(connection: Connection, job_id: str) -> tuple[Output, ...]:
    found = connection.document("GET", f"jobs/{job_id}/outputs")["outputs"]
    return tuple(read(Output, each) for each in found)


def link(connection: Connection, path: str, wanted: Mapping[str, object], timeout: float) -> Link:
    """What is made on demand is waited for."""
    deadline = time.monotonic() + timeout
    while True:
        reply = connection.ask("GET", path, params=wanted)
        if reply.status_code != ACCEPTED:
            return read(Link, reply.json())
        if time.monotonic() > deadline:
            raise TookTooLong("the file is still being made")
        time.sleep(retry_after(reply) or 1.0)


def download(
    connection: Connection, job_id: str, to: Path, ask: Callable[[], Link], progress: Progress | None
) -> Path:
    """Into the folder `to` under the server's name for it, or as the file `to`."""
    patience = connection.patience()
    while True:
        try:
            found = ask()
            place = to / Path(found.filename).name if to.is_dir() else to
            _Fetch(connection, job_id, found, place, progress, patience).run()
        except Refused as error:
            if error.code not in OLD_LINK:
                raise
            patience.wait(error)
        else:
            return place


class _Fetch:
    """Of one link. The part that is here lies beside the file, named after the version it is of, so that a later
    program goes on with it too."""

    def __init__(
        self,
        connection: Connection,
        job_id: str,
        found: Link,
        place: Path,
        progress: Progress | None,
        patience: Patience,
    ) -> None:
        self._connection = connection
        self._job = job_id
        self._link = found
        self._place = place
        self._progress = progress
        self._patience = patience

    def run(self) -> None:
        etag = self._version()
        part = self._place.with_name(f".{self._place.name[:100]}.{etag.strip(chr(34))[:16]}.part")
        while not self._whole(part):
            try:
                self._more(part, etag)
            except ConnectionLost as error:
                self._patience.wait(error)
        self._check(part, etag.strip('"'))
        part.replace(self._place)

    def _version(self) -> str:
        while True:
            try:
                with translated():
                    reply = self._connection.plain.head(self._link.download_url)
                return str(checked(reply).headers["etag"])
            except ConnectionLost as error:
                self._patience.wait(error)

    def _whole(self, part: Path) -> bool:
        return part.exists() and part.stat().st_size >= self._link.file_size

    def _more(self, part: Path, etag: str) -> None:
        with part.open("ab") as file:
            headers = {"Accept-Encoding": "identity"}
            if file.tell():
                headers |= {"Range": f"bytes={file.tell()}-", "If-Range": etag}
            asked = self._connection.plain.stream("GET", self._link.download_url, headers=headers)
            with translated(), asked as reply:
                if checked(reply).status_code != PARTIAL:
                    file.truncate(0)
                self._take(reply, file)
                file.flush()
                os.fsync(file.fileno())

    def _take(self, reply: httpx.Response, file: BufferedWriter) -> None:
        for data in reply.iter_raw():
            file.write(data)
            self._patience.renew()
            if self._progress:
                self._progress(file.tell(), self._link.file_size)

    def _check(self, part: Path, version: str) -> None:
        """The version of a file that is kept is its digest; one made on demand has only a length."""
        known = version in {each.digest for each in outputs(self._connection, self._job)}
        with part.open("rb") as file:
            same = not known or hashlib.file_digest(file, "sha256").hexdigest() == version
        if not same or part.stat().st_size != self._link.file_size:
            part.unlink()
            raise Damaged(f"{self._link.filename} did not arrive as it was sent")
