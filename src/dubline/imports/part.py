"""The part of a file that is here, and the mark by which a later try knows whether it can go on with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from dubline.storage.blobs import disk_full_is_plain


@dataclass(frozen=True)
class Mark:
    url: str
    name: str
    validator: str
    total: int | None


class Part:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "part"
        self._mark = folder / "mark.json"

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def mark(self, url: str) -> Mark | None:
        """None where what is here is of no use: of another address, or of nobody knows which version."""
        try:
            mark = Mark(**json.loads(self._mark.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return mark if mark.url == url and mark.validator else None

    def note(self, mark: Mark) -> None:
        """Before the first byte, so that no part is taken for one of another file."""
        with disk_full_is_plain():
            self._mark.write_text(json.dumps(asdict(mark)))

    def drop(self) -> None:
        self._mark.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


def validator_of(headers: Mapping[str, str]) -> str:
    """What RFC 9110 lets stand in If-Range: a strong tag, else the date of the last change. Packed bytes are others
    than those on disk, so they cannot go on."""
    if "content-encoding" in headers:
        return ""
    tag = headers.get("etag", "")
    return tag if tag.startswith('"') else headers.get("last-modified", "")
