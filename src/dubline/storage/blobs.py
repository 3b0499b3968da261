"""Artefacts by content: immutable, whole, named by SHA-256, checked before use."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

from dubline.domain.errors import DublineError, StorageFull
from dubline.domain.script import Blob
from dubline.storage.scratch import Scratch

BLOCK = 1 << 20


class DamagedArtefact(DublineError):
    """A stored artefact is gone or no longer what it was when it was made."""

    def __init__(self, blob: Blob) -> None:
        super().__init__(
            "artefact_damaged",
            f"The stored artefact {blob.digest[:12]} ({blob.kind}) is damaged or gone.",
            hint="Run the same command again; it is made anew.",
        )
        self.blob = blob


@contextmanager
def disk_full_is_plain() -> Iterator[None]:
    """A full disk said in a sentence, whoever noticed it: the system, the database."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _full() from error
    except OperationalError as error:
        if "full" not in str(error.orig):
            raise
        raise _full() from error


def _full() -> StorageFull:
    return StorageFull(
        "disk_full",
        "The disk is full; everything finished so far is kept.",
        hint="Free some space (dubline cache gc --max 1GB helps) and run the same command again.",
    )


def file_digest(path: Path, progress: Callable[[int], None] = lambda _: None) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            progress(len(block))
    return digest.hexdigest()


class BlobStore:
    """A folder of artefacts. Writers make temp → fsync → rename, so a name is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scratch = Scratch(folder / "tmp")
        self._verified: dict[str, tuple[int, int]] = {}
        self._outside: dict[str, Path] = {}

    def adopt(self, path: Path, kind: str) -> Blob:
        """Name a file that stays where it is: the user's input is read in place, never copied."""
        blob = Blob(digest=file_digest(path), size=path.stat().st_size, kind=kind)
        self._outside[blob.digest] = path
        return blob

    def put(self, path: Path, kind: str) -> Blob:
        """Take a finished scratch file over; the file is moved."""
        with disk_full_is_plain():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
            blob = Blob(digest=file_digest(path), size=path.stat().st_size, kind=kind)
            target = self._place(blob)
            if not self._is_whole(blob, target):
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
                _sync_folder(target.parent)
            else:
                path.unlink()
                os.utime(target)  # as new: whoever sweeps old artefacts is to leave it
            self._remember(blob, target)
        return blob

    def put_bytes(self, content: bytes, kind: str) -> Blob:
        with disk_full_is_plain(), self.scratch.file() as path:
            path.write_bytes(content)
            return self.put(path, kind)

    def has(self, blob: Blob) -> bool:
        """A cheap look: there, and as long as it should be."""
        path = self._outside.get(blob.digest) or self._place(blob)
        try:
            return path.stat().st_size == blob.size
        except FileNotFoundError:
            return False

    def path(self, blob: Blob) -> Path:
        """The artefact's file, its digest checked once per process."""
        if outside := self._outside.get(blob.digest):
            return outside
        path = self._place(blob)
        if not self._is_whole(blob, path):
            self._verified.pop(blob.digest, None)
            path.unlink(missing_ok=True)
            raise DamagedArtefact(blob)
        return path

    def read(self, blob: Blob) -> bytes:
        return self.path(blob).read_bytes()

    def delete(self, digest: str) -> None:
        self._verified.pop(digest, None)
        (self.folder / digest[:2] / digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[tuple[str, int]]:
        """Everything stored here with its size."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            yield path.name, path.stat().st_size

    def written(self) -> Iterator[tuple[str, float]]:
        """Everything stored here with the moment it was put last."""
        for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            with suppress(FileNotFoundError):
                yield path.name, path.stat().st_mtime

    def _place(self, blob: Blob) -> Path:
        return self.folder / blob.digest[:2] / blob.digest

    def _is_whole(self, blob: Blob, path: Path) -> bool:
        try:
            found = path.stat()
        except FileNotFoundError:
            return False
        if found.st_size != blob.size:
            return False
        if self._verified.get(blob.digest) == (found.st_ino, found.st_mtime_ns):
            return True
        if file_digest(path) != blob.digest:
            return False
        self._remember(blob, path)
        return True

    def _remember(self, blob: Blob, path: Path) -> None:
        found = path.stat()
        self._verified[blob.digest] = (found.st_ino, found.st_mtime_ns)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
