"""Tables on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text


def plain_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    console: Console | None = None,
    title: str = "",
    whole: Sequence[str] = (),
) -> None:
    """A table without frames; cells are plain text, whatever they contain. Columns in `whole` are never folded."""
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for at, head in enumerate(heads):
        least = max((len(row[at]) for row in rows), default=0) if head in whole else None
        table.add_column(head, overflow="fold", min_width=least, no_wrap=head in whole)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    (console or Console()).print(table)


def listing(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """What has an id in its first column, which people copy and programs take: with tabs where a program reads."""
    if sys.stdout.isatty():
        plain_table(heads, rows, whole=heads[:1])
        return
    for row in (heads, *rows):
        sys.stdout.write("\t".join(" ".join(cell.split()) for cell in row) + "\n")
