"""Prints docs/cli.md from the commands themselves, so that the reference cannot say anything else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer

from dubline.cli.app import app

HEAD = """# Command reference

Generated from the commands by `make docs`; a test compares the two.

Exit codes: 0 done · 2 the request or the file is at fault · 3 something is missing (the message has the line that
installs it) · 4 an engine failed · 5 the disk is full · 70 a bug · 130 stopped.
"""


# What typer makes of our functions has no public type of its own.
Made = Any


def sections(command: Made, path: str) -> Iterator[str]:
    """One section per command, in the order the program lists them."""
    if hasattr(command, "commands"):
        if path.count(" ") and command.help:
            yield f"## {path}\n\n{_paragraphs(command.help)}\n"
        for name, inner in command.commands.items():
            yield from sections(inner, f"{path} {name}")
        return
    context = command.context_class(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## {path}\n\n    {path} {usage}\n\n{_paragraphs(command.help or '')}\n"
    rows = [_row(parameter, context) for parameter in command.params]
    if rows:
        yield "| | |\n|---|---|\n" + "".join(f"| `{name}` | {text} |\n" for name, text in rows)


def _row(parameter: Made, context: Made) -> tuple[str, str]:
    name, text = parameter.get_help_record(context) or (parameter.metavar or parameter.name, parameter.help)
    return name.replace("|", "\\|"), (text or "").replace("|", "\\|")


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def reference() -> str:
    return HEAD + "\n" + "\n".join(sections(typer.main.get_command(app), "dubline"))


if __name__ == "__main__":
    sys.stdout.write(reference())
