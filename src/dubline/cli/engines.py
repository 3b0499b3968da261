"""`dubline engines`: what is there, what it can do, what is missing and the line that installs it."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, for scripts.")] = False,
    pairs: Annotated[
        str, typer.Option(help="Show every language that can be reached from this one, and by which route.")
    ] = "",
) -> None:
    """Show the engines: what each can do, and what is missing with the line that installs it."""
    from dubline.api.inventory import engine_rows, reachable
    from dubline.cli.tables import plain_table

    if pairs:
        rows = [[tag, name, route] for tag, name, route in reachable(pairs)]
        if as_json:
            sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        elif not rows:
            sys.stdout.write(f"No installed translator starts from {pairs}.\n")
        else:
            plain_table(["to", "language", "route"], rows)
        return
    found = engine_rows()
    if as_json:
        sys.stdout.write(json.dumps([row.model_dump() for row in found], ensure_ascii=False) + "\n")
        return
    plain_table(
        ["", "kind", "engine", "can do", "licence"],
        [["✓" if row.ready else "✗", row.capability, row.engine, row.able, row.licence] for row in found],
    )
    for row in found:
        if not row.ready:
            sys.stdout.write(f"\n{row.engine} needs {row.missing}. Run: {row.fix}\n")
