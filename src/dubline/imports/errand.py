"""What is to be fetched, within which limits; and what came of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.errors import StorageFull
from dubline.egress import Egress, TooLarge

Report = Callable[[int, int | None], None]
"""Bytes that are here, and of how many, where that is known."""


@dataclass(frozen=True)
class Errand:
    url: str
    folder: Path
    """Kept from one try to the next: what is here already is not fetched again."""
    egress: Egress
    most_bytes: int
    most_seconds: float
    least_free: int
    """Bytes of the disk that stay free."""
    report: Report
    stop: Callable[[], bool]
    height: int = 1080
    """Of the picture, in lines, where there are several to choose from."""
    generic: bool = False
    """Whether a video is looked for in any page, not only on sites that are known."""

    def check_size(self, size: int) -> None:
        if size > self.most_bytes:
            raise TooLarge(self.most_bytes)

    def check_disk(self) -> None:
        if shutil.disk_usage(self.folder).free < self.least_free:
            raise StorageFull(
                "disk_nearly_full",
                "There is too little free space on the server to fetch this.",
                hint="Delete old jobs, or ask the operator for more space.",
            )


@dataclass(frozen=True)
class Fetched:
    path: Path
    name: str
    """As its source calls it; never a path of ours."""
