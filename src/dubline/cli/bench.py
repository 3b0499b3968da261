"""`dubline bench`: how good the dubs are, in numbers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dubline.quality.baseline import Baseline
    from dubline.quality.clips import Clip
    from dubline.quality.results import Quality

app = typer.Typer(help="Measure how good the dubs are.", rich_markup_mode=None)

WORSE = 1
"""Exit code where a number became worse than the baseline allows."""

WIDE = 160
"""Columns of a table that goes to a file."""


@app.callback()
def group() -> None:
    """Measure how good the dubs are."""


@app.command()
def quality(
    clips: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CLIP]…", help="Files, or folders with a MANIFEST.json. Default: the usual set."
        ),
    ] = None,
    to: Annotated[str, typer.Option("--to", help="Target languages.")] = "es,pt",
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the dubs and the results.")] = Path(
        "quality"
    ),
    baseline: Annotated[
        Path | None, typer.Option(help="Compare with these numbers; exit code 1 where one became worse.")
    ] = None,
    write_baseline: Annotated[
        bool,
        typer.Option(
            "--write-baseline", help="Write this run's numbers into the file that --baseline names."
        ),
    ] = False,
) -> None:
    """Dub clips with known words, speakers and stems, and measure the dubs: words, timing, voices, sound.

    Without clips: the usual set from the folder that DUBLINE_TEST_MEDIA names, or from ../shared/media.
    """
    from dubline.cli import parsing
    from dubline.domain.language import language_tag
    from dubline.quality import bench
    from dubline.quality.baseline import read_baseline, require_same_clips
    from dubline.quality.baseline import write_baseline as keep

    _require_place(baseline, write_baseline)
    targets = [language_tag(each) for each in parsing.languages(to)]
    chosen, called, references = _chosen(_places(clips or []))
    clip_set = f"{called} into {', '.join(targets)}"
    before = read_baseline(baseline) if baseline and not write_baseline else None
    if before:
        require_same_clips(before, clip_set)
    found = bench.run(chosen, targets, out, clip_set, references, lambda name: _tell(f"… {name}"))
    _show(found, before, bench.write(found, before, out))
    if write_baseline and baseline:
        keep(baseline, found)
        sys.stdout.write(f"{baseline}: the new baseline\n")
    elif before:
        _compare(before, found)


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _require_place(baseline: Path | None, write: bool) -> None:
    from dubline.domain.errors import UserError

    if write and baseline is None:
        raise UserError(
            "baseline_missing",
            "--write-baseline does not know which file to write.",
            hint="Name it: --baseline quality_baseline.json --write-baseline",
        )


def _places(names: list[str]) -> list[Path]:
    """An empty name would stand for the folder we are in."""
    from dubline.domain.errors import UserError

    if not all(name.strip() for name in names):
        raise UserError("clip_empty", "A clip has no name.", hint="Name a file or a folder, or leave it out.")
    return [Path(name) for name in names]


def _chosen(places: list[Path]) -> tuple[list[Clip], str, Path | None]:
    """The clips, what they are called together, and where translations by people lie."""
    from dubline.domain.errors import UserError
    from dubline.quality.clips import FOLDER_VARIABLE, default_clips, find_clips, media_folder

    if places:
        found = find_clips(places)
        folder = next((place / "translation" for place in places if (place / "translation").is_dir()), None)
        return found, ", ".join(place.name for place in places), folder
    media = media_folder()
    if media is None:
        raise UserError(
            "media_missing",
            "The usual clips are not here.",
            hint=f"Name clips, or set {FOLDER_VARIABLE} to the folder of the shared clips.",
        )
    return default_clips(media), "the usual set", media / "translation"


def _show(found: Quality, before: Baseline | None, paths: list[Path]) -> None:
    from rich.console import Console

    from dubline.cli.tables import plain_table
    from dubline.quality import tables

    console = Console(width=None if sys.stdout.isatty() else WIDE)
    shown = [tables.clip_table(found), tables.headline_table(found, before)]
    shown += [tables.strategy_table(found), tables.translation_table(found), tables.refused_table(found)]
    for table in shown:
        if table.rows:
            plain_table(table.heads, table.rows, console, table.title)
    sys.stdout.write("".join(f"{path}\n" for path in paths))


def _compare(before: Baseline, found: Quality) -> None:
    from dubline.quality.baseline import regressions

    worse = regressions(before, found)
    for each in worse:
        _tell(f"Worse: {each}")
    if worse:
        raise typer.Exit(WORSE)
    sys.stdout.write("No headline number is worse than the baseline allows.\n")
