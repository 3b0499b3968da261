"""The end of a file that is being written: bytes go behind what is there, and nowhere else."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

from dubline.storage.blobs import disk_full_is_plain


class Sink:
    """Cuts the file to the offset that was acknowledged: what lies behind it may be there only in part.

    Its methods wait for each other, so that a write which outlives its request is over before the file is closed.
    """

    def __init__(self, path: Path, offset: int) -> None:
        with disk_full_is_plain():
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        self.offset = self.synced = min(offset, os.fstat(self._descriptor).st_size)
        os.ftruncate(self._descriptor, self.offset)
        self._digest = hashlib.sha256() if self.offset == 0 else None
        self._turn = threading.Lock()

    def write(self, block: bytes | bytearray) -> None:
        with self._turn, disk_full_is_plain():
            rest = memoryview(block)
            while rest:
                done = os.pwrite(self._descriptor, rest, self.offset)
                if self._digest:
                    self._digest.update(rest[:done])
                self.offset += done
                rest = rest[done:]

    def sync(self) -> None:
        with self._turn, disk_full_is_plain():
            os.fsync(self._descriptor)
            self.synced = self.offset

    def back_to(self, offset: int) -> None:
        with self._turn:
            os.ftruncate(self._descriptor, offset)
            self.offset = self.synced = offset
            self._digest = hashlib.sha256() if offset == 0 else None

    @property
    def digest(self) -> str | None:
        """SHA-256 of the whole file, if all of it was written here."""
        return self._digest.hexdigest() if self._digest else None

    def close(self) -> None:
        with self._turn:
            os.close(self._descriptor)
