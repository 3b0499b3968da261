"""Reads named members of wheels, zips and tarballs, and nothing else of them.

No file is written by a name an archive gives: the catalogue says which member is wanted and where it goes.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from dubline.domain.errors import UserError


class Archive:
    """An open archive, whichever kind it is."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._path = path
        self._zip: zipfile.ZipFile | None = None
        self._tar: tarfile.TarFile | None = None
        with _readable(path):
            if zipfile.is_zipfile(path):
                self._zip = stack.enter_context(zipfile.ZipFile(path))
            else:
                self._tar = stack.enter_context(tarfile.open(path))  # noqa: SIM115 - closed by the stack

    def members(self) -> list[str]:
        """Names of plain files; links and folders are none."""
        with _readable(self._path):
            if self._zip is not None:
                return [info.filename for info in self._zip.infolist() if not info.is_dir()]
            return [info.name for info in self._tar or () if info.isreg()]

    @contextmanager
    def open(self, member: str) -> Iterator[IO[bytes]]:
        with _readable(self._path), self._stream(member) as stream:
            yield stream

    def _stream(self, member: str) -> IO[bytes]:
        if self._zip is not None:
            return self._zip.open(member)
        assert self._tar is not None
        stream = self._tar.extractfile(member)
        if stream is None:
            raise KeyError(member)
        return stream


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """The one place where what is wrong with an archive becomes a sentence."""
    try:
        yield
    except KeyError as error:
        raise UserError(
            "archive_incomplete", f"{path.name} does not hold {error.args[0]}.", hint="Get the file again."
        ) from error
    except (zipfile.BadZipFile, gzip.BadGzipFile, tarfile.TarError, zlib.error, EOFError) as error:
        raise UserError(
            "archive_broken", f"{path.name} cannot be read: {error}.", hint="Get the file again."
        ) from error
