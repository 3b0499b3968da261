"""Runs a dub or an edit for the command line: display, Ctrl-C, and what is said at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from dubline.api.delivery import Delivered
from dubline.api.dub import Watch, carry_out, prepare_edit, request_for
from dubline.api.edits import Edit
from dubline.api.job import Job, prepare
from dubline.api.workshop import Workshop, workshop
from dubline.cli.display import Display
from dubline.cli.forecast import show_plan
from dubline.cli.stopping import Stopper
from dubline.cli.summary import as_document, show_summary
from dubline.domain.errors import DublineError, UserError


@dataclass(frozen=True)
class Manner:
    """How a command speaks."""

    plan: bool = False
    quiet: bool = False
    as_json: bool = False


def dub_or_plan(source: Path, targets: Sequence[str], options: dict[str, object], manner: Manner) -> None:
    request = request_for(source, targets, **options)
    _work(lambda shop: prepare(request, shop), manner)


def redub(
    script: Path,
    line: str | None,
    text: str | None,
    voice: str | None,
    keep_original: bool | None,
    manner: Manner,
) -> None:
    changes = (text, voice, keep_original)
    if line is None and any(change is not None for change in changes):
        raise UserError("line_missing", "Which line?", hint="Add --line with its number from the report.")
    if line is not None and all(change is None for change in changes):
        raise UserError("edit_missing", "What should change?", hint="Add --text, --voice or --keep-original.")
    edits = [Edit(line, text, voice, keep_original)] if line is not None else []
    _work(lambda shop: prepare_edit(script, edits, shop), manner)


def _work(prepared: Callable[[Workshop], Job], manner: Manner) -> None:
    try:
        _carry_out(prepared, manner)
    except DublineError as error:
        if manner.as_json:
            told = {"code": error.code, "message": error.message, "hint": error.hint}
            sys.stdout.write(json.dumps({"error": told}, ensure_ascii=False) + "\n")
        raise


def _carry_out(prepared: Callable[[Workshop], Job], manner: Manner) -> None:
    console = Console(stderr=manner.quiet or manner.as_json)
    stopper = Stopper()
    display = Display(console, manner.quiet or manner.as_json)
    with stopper.listening(), workshop() as shop:
        stopper.arm(shop.runner.stop.set)
        job = prepared(shop)
        if manner.plan:
            show_plan(job, console, manner.as_json)
            return
        watch = Watch(begun=display.follow)
        with display.showing():
            delivered = carry_out(job, watch)
    _say(delivered, console, manner)


def _say(delivered: Sequence[Delivered], console: Console, manner: Manner) -> None:
    if manner.as_json:
        sys.stdout.write(json.dumps([as_document(each) for each in delivered], ensure_ascii=False) + "\n")
    elif manner.quiet:
        sys.stdout.write("".join(f"{each.result}\n" for each in delivered))
    else:
        for each in delivered:
            show_summary(each, console)
