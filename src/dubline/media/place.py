"""Puts what a media program made in its place: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def inner_name(stem: str, out: Path) -> str:
    """The neutral name a result has in the cage; only a plain suffix of the real one survives."""
    suffix = out.suffix.lower()
    return stem + suffix if suffix[1:].isalnum() and suffix.isascii() else stem


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A folder of its own beside `out`, for one run to write to. The one file left in it becomes `out`."""
    with tempfile.TemporaryDirectory(prefix=".dubline-", dir=out.parent) as folder:
        yield Path(folder)
        (made,) = Path(folder).iterdir()
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.replace(out)
