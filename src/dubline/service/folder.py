"""The data folder, before anything is put into it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dubline.domain.errors import UserError


def ensure(data: Path) -> None:
    """There, and open to us: only trying tells, for rights, mounts and what stands in the way."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        raise UserError(
            "data_unusable",
            f"{data} cannot be used as data folder: {error.strerror}.",
            hint="Choose a folder that you may write to, with --data.",
        ) from error
