"""What lies in a model's folder, written last: a folder without a manifest is no model."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

MANIFEST = "manifest.json"
BLOCK = 1 << 20


class StoredFile(BaseModel):
    model_config = ConfigDict(frozen=True)

    path: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """The files of a model as they lie here; `digest` is the catalogue's, so a newer catalogue is noticed."""

    model_config = ConfigDict(frozen=True)

    name: str
    digest: str
    source: str
    files: tuple[StoredFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def unfit(self, folder: Path) -> list[str]:
        """What a glance at the folder shows to be wrong: files that are gone or have another size."""
        return [problem for file in self.files if (problem := _glance(folder / file.path, file.size))]

    def damaged(self, folder: Path) -> list[str]:
        """What reading every byte shows to be wrong."""
        return [problem for file in self.files if (problem := _inspect(folder / file.path, file))]


def _glance(path: Path, size: int) -> str:
    if not path.is_file():
        return f"{path.name} is gone"
    if (found := path.stat().st_size) != size:
        return f"{path.name} has {found} bytes instead of {size}"
    return ""


def _inspect(path: Path, file: StoredFile) -> str:
    if problem := _glance(path, file.size):
        return problem
    return "" if sha256_of(path) == file.sha256 else f"{path.name} has other content than when it was pulled"


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest | None:
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def seal(folder: Path, name: str, digest: str, source: str) -> Manifest:
    """Make every file of a folder lasting and write the manifest that says so."""
    files = tuple(
        StoredFile(path=path.relative_to(folder).as_posix(), size=path.stat().st_size, sha256=sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
    for file in files:
        sync(folder / file.path)
    manifest = Manifest(name=name, digest=digest, source=source, files=files)
    target = folder / MANIFEST
    target.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    sync(target)
    for inner in (path for path in folder.rglob("*") if path.is_dir()):
        sync(inner)
    sync(folder)
    return manifest


def sync(path: Path) -> None:
    """Past the cache of the operating system, for files and folders alike."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_hashed(source: IO[bytes], target: IO[bytes], limit: int, digest: hashlib._Hash) -> int:
    """Copy at most one byte more than `limit`, so that a bomb is noticed before it fills the disk."""
    copied = 0
    while copied <= limit and (block := source.read(min(BLOCK, limit + 1 - copied))):
        target.write(block)
        digest.update(block)
        copied += len(block)
    return copied
