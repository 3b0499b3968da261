"""Peak memory against the length of the media: it must not grow."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.clips import looped
from bench.timing import dubline

Row = tuple[str, str, str]


def memory_rows(clip: Path, minutes: list[int]) -> list[Row]:
    rows = []
    for length in minutes:
        with tempfile.TemporaryDirectory() as folder:
            film = looped(clip, length, Path(folder))
            arguments = ("dub", str(film), "--from", "en", "--to", "es", "-o", f"{folder}/out/", "-q")
            done = dubline(*arguments, home=Path(folder) / "home")
            factor = done.seconds / (length * 60)
            rows.append(
                (
                    f"{length} minutes",
                    f"{done.peak / 2**20:.0f} MiB at most, {factor:.2f} × real time",
                    "≤ 2048 MiB",
                )
            )
            print(rows[-1])
    return rows
