"""Resumable uploads by tus 1.0.0: a broken line or a server that starts again costs only what was on its way."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path

from dubline.client.connection import Connection, checked, passing, translated
from dubline.client.errors import ClientError, ConnectionLost, Damaged, Refused
from dubline.client.reading import read

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = 64 << 20
"""Bytes of one request: a proxy in between may not take more of them."""
CHUNK = 256 << 10
ASK_AGAIN = frozenset({"offset_conflict", "upload_too_slow"})
"""The server has more or fewer bytes than we thought: what it has is where to go on."""


@dataclass(frozen=True)
class Upload:
    id: str
    filename: str
    size: int
    offset: int
    """How many bytes are safe on the server's disk."""
    complete: bool
    digest: str | None
    """SHA-256, once complete."""
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Sent:
    """How far an upload is. After a break `bytes` may fall back to what had arrived."""

    upload_id: str
    bytes: int
    size: int

    @property
    def fraction(self) -> float:
        return self.bytes / self.size if self.size else 1.0


Progress = Callable[[Sent], object]


def upload(
    connection: Connection, path: Path, *, resume: str | None = None, progress: Progress | None = None
) -> Upload:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        name = resume or _begin(connection, path.name, size)
        _Sender(connection, name, file, size, progress).run()
        found = read(Upload, connection.document("GET", f"uploads/{name}"))
        if found.digest and found.digest != _digest(file):
            raise Damaged(
                f"the upload {name} is not the file {path}: it changed meanwhile, or is another one"
            )
    return found


def _begin(connection: Connection, name: str, size: int) -> str:
    """Doing it twice leaves an empty upload behind, which goes by itself."""
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata}
    begun = connection.ask("POST", "uploads", headers=headers, repeatable=True)
    return str(begun.headers["location"]).rpartition("/")[2]


def _digest(file: BufferedReader) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


class _Sender:
    def __init__(
        self, connection: Connection, name: str, file: BufferedReader, size: int, progress: Progress | None
    ) -> None:
        self._connection = connection
        self._name = name
        self._file = file
        self._size = size
        self._progress = progress

    def run(self) -> None:
        offset, patience = self._offset(), self._connection.patience()
        self._tell(offset)
        while offset < self._size:
            try:
                offset = self._send(offset)
                patience.renew()
            except ClientError as error:
                asked = self._wait_asked(error)
                patience.wait(error, asked)
                safe = self._offset()
                if safe > offset:
                    patience.renew()
                offset = safe
            self._tell(offset)

    def _wait_asked(self, error: ClientError) -> float | None:
        """How long the server wants us to wait; raises what no waiting helps against."""
        if isinstance(error, Refused) and (passing(error) or error.code in ASK_AGAIN):
            return error.retry_after
        if isinstance(error, ConnectionLost):
            return None
        raise error

    def _offset(self) -> int:
        headers = self._connection.ask("HEAD", f"uploads/{self._name}", headers=TUS).headers
        if int(headers["upload-length"]) != self._size:
            raise Damaged(f"the upload {self._name} is of a file of {headers['upload-length']} bytes")
        return int(headers["upload-offset"])

    def _send(self, offset: int) -> int:
        end = min(self._size, offset + PIECE)
        headers = {
            **TUS,
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(end - offset),
        }
        with translated():
            reply = self._connection.http.patch(
                f"uploads/{self._name}", content=self._bytes(offset, end), headers=headers
            )
        return int(checked(reply).headers["upload-offset"])

    def _bytes(self, offset: int, end: int) -> Iterator[bytes]:
        self._file.seek(offset)
        while offset < end:
            if not (data := self._file.read(min(CHUNK, end - offset))):
                raise Damaged("the file became shorter while it was sent")
            yield data
            offset += len(data)
            self._tell(offset)

    def _tell(self, offset: int) -> None:
        if self._progress:
            self._progress(Sent(self._name, offset, self._size))
