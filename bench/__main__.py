"""`make bench`: how fast, how lean, how little again. Figures go to docs/benchmarks.md with date and machine.

    .venv/bin/python -m bench [speed|memory|streams|load|all] [--clip FILE] [--minutes 5,60,120]

Ratios are measured within one run, because machines differ and drift; seconds are only there to make sense of them.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
from pathlib import Path

from bench.load import load_rows
from bench.memory import memory_rows
from bench.speed import speed_rows
from bench.streams import stream_rows

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "sample.mp4"


def machine() -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, no GPU"


def write(part: str, rows: list[tuple[str, str, str]]) -> None:
    """Replace one part of the document; the other part keeps the date it was measured on."""
    head = f"<!-- {part} -->"
    tail = f"<!-- end of {part} -->"
    table = "\n".join(f"| {what} | {value} | {budget} |" for what, value, budget in rows)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    body = f"{head}\nMeasured {today} on {machine()}.\n\n| what | measured | budget |\n|---|---|---|\n{table}\n{tail}"
    text = DOCUMENT.read_text()
    before, _, rest = text.partition(head)
    _, _, after = rest.partition(tail)
    DOCUMENT.write_text(before + body + after)
    print(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "part", nargs="?", default="speed", choices=("speed", "memory", "streams", "load", "all")
    )
    parser.add_argument("--clip", type=Path, default=SAMPLE)
    parser.add_argument("--minutes", default="5,60,120")
    options = parser.parse_args()
    if options.part in ("speed", "all"):
        write("speed", speed_rows(options.clip.absolute()))
    if options.part in ("memory", "all"):
        write(
            "memory", memory_rows(options.clip.absolute(), [int(each) for each in options.minutes.split(",")])
        )
    if options.part in ("streams", "all"):
        write("streams", stream_rows())
    if options.part in ("load", "all"):
        write("load", load_rows(options.clip.absolute()))


if __name__ == "__main__":
    main()
