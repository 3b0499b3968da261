"""`dubline redub`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    script: Annotated[Path, typer.Argument(metavar="SCRIPT", help="The .script.json beside a dub.")],
    line: Annotated[str | None, typer.Option(help="The line to change: its number or id.")] = None,
    text: Annotated[str | None, typer.Option(help="What the line should say.")] = None,
    voice: Annotated[str | None, typer.Option(help="The voice that should say it.")] = None,
    keep_original: Annotated[
        bool | None,
        typer.Option("--keep-original/--dub-again", help="Keep the original speaker in this line, or not."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the path of the result.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for scripts.")] = False,
) -> None:
    """Edit one line of a dub and render again only what depends on it.

    Without --line the script is rendered as it stands in the file, so edits made there count too.
    """
    from dubline.cli.running import Manner, redub

    redub(script, line, text, voice, keep_original, Manner(quiet=quiet, as_json=as_json))
