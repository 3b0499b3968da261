"""Real-time factors, overhead over the bare models, second run, one edited line, start-up."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.clips import looped
from bench.timing import Measured, dubline

Row = tuple[str, str, str]

MINUTE = 1.0


def speed_rows(clip: Path) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        film = looped(clip, MINUTE, place)
        dubline(
            "dub", str(film), "--from", "en", "--to", "es", "-o", f"{place}/warm/", "-q", home=place / "warm"
        )
        first = dubline(*_dub(film, place), home=place / "home")
        report = json.loads((place / "out" / f"{film.stem}.es.report.json").read_text())
        second = median(dubline(*_dub(film, place), home=place / "home").seconds for _ in range(3))
        script = place / "out" / f"{film.stem}.es.script.json"
        bare = _bare(place / "home", script)
        edits = [
            _edit(script, text, place).seconds for text in ("Una frase nueva.", "Otra frase.", "La última.")
        ]
        fifteen = dubline(*_dub(looped(clip, MINUTE / 4, place), place), home=place / "short")
        helps = median(dubline("--help", home=place / "home").seconds for _ in range(5))
        return [*_factors(first, bare, report), *_again(first.seconds, second, edits, helps, fifteen.seconds)]


def _dub(film: Path, place: Path) -> list[str]:
    return ["dub", str(film), "--from", "en", "--to", "es", "-o", f"{place}/out/", "-q"]


def _edit(script: Path, text: str, place: Path) -> Measured:
    return dubline("redub", str(script), "--line", "3", "--text", text, "-q", home=place / "home")


def _bare(home: Path, script: Path) -> dict[str, float]:
    """In a process of its own, so that both have loaded everything anew."""
    import os

    run = subprocess.run(
        [sys.executable, "-m", "bench.bare", str(home), str(script)],
        env={**os.environ, "XDG_CACHE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(run.stdout)
    return found


def _factors(first: Measured, bare: dict[str, float], report: dict[str, Any]) -> list[Row]:
    media = report["facts"]["media_seconds"]
    stages = {stage["name"]: stage["seconds"] for stage in report["facts"]["stages"]}
    models = sum(bare.values())
    rows = [
        ("one minute, en→es, whole command, warm", f"{first.seconds / media:.2f} × real time", "≤ 0.60"),
        ("bare model calls of the same dub, one after the other", f"{models / media:.2f} × real time", ""),
        ("whole command over bare model calls", f"{first.seconds / models:.2f}", "≤ 1.05"),
    ]
    rows += [(f"bare: {name}", f"{seconds / media:.3f} × real time", "") for name, seconds in bare.items()]
    rows += [
        (f"stage: {name} (thread seconds)", f"{seconds / media:.3f} × real time", "")
        for name, seconds in stages.items()
    ]
    return [*rows, ("peak memory, one minute", f"{first.peak / 2**20:.0f} MiB", "≤ 2048 MiB")]


def _again(first: float, second: float, edits: list[float], helps: float, short: float) -> list[Row]:
    return [
        ("second run, nothing changed", f"{second / first:.1%} of the first ({second:.2f} s)", "≤ 2 %"),
        ("one line edited", f"{median(edits):.1f} s (best {min(edits):.1f})", "≤ 3 s"),
        ("fifteen seconds of media, whole command", f"{short / (MINUTE * 15):.2f} × real time", ""),
        ("`dubline --help`", f"{helps:.2f} s", "≤ 0.3 s"),
    ]
