"""`dubline doctor`: is everything there for a dub? Each line is green or says what to do."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for scripts.")] = False,
) -> None:
    """Check ffmpeg, sandbox, disk, memory, models and engines. Exit code 3 if a dub could not run."""
    from dubline.api.health import examine

    findings = examine()
    if as_json:
        sys.stdout.write(json.dumps([finding.model_dump() for finding in findings]) + "\n")
    else:
        _show(findings)
    if any(not finding.good and finding.needed for finding in findings):
        raise typer.Exit(3)


def _show(findings: list) -> None:  # type: ignore[type-arg]
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for finding in findings:
        mark, style = (
            ("✓", "green") if finding.good else (("✗", "red") if finding.needed else ("–", "yellow"))
        )
        console.print(Text(f"{mark} {finding.subject}: {finding.found}", style=style))
        if not finding.good:
            console.print(Text(f"    {finding.fix}"))
