"""Every stable code of an error. The list is read from the code that raises them: see scripts/error_codes.py."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from dubline.storage.tables import Document


@cache
def known_codes() -> list[Document]:
    """With status, message and hint; an ellipsis stands for what is only known when it happens."""
    found: list[Document] = json.loads(Path(__file__).with_name("errors.json").read_text("utf-8"))
    return found


def table() -> str:
    rows = [f"| `{each['code']}` | {each['status']} | {_cell(each)} |" for each in known_codes()]
    return "\n".join(["## Errors", "", "| code | status | what it says |", "|---|---|---|", *rows])


def _cell(error: Document) -> str:
    """As Markdown has it: no line of its own, no column of its own."""
    told = " ".join(part for part in (error["message"], error["hint"]) if part.strip("…"))
    return str(told).replace("\n", " ").replace("|", "\\|") or "Says itself what is wrong."
