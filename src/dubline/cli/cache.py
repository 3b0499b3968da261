"""`dubline cache`: how much finished work is kept, and how to give space back."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

app = typer.Typer(
    help="See and trim the store of finished work.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def size() -> None:
    """Show where the cache lies and what it holds."""
    from dubline.api.workshop import workshop
    from dubline.storage.collect import stored_size

    with workshop() as shop:
        steps = sum(shop.ledger.counts().values())
        sys.stdout.write(
            f"{shop.store.folder}: {stored_size(shop.store) / 1e6:,.1f} MB, {steps} finished steps\n"
        )


@app.command()
def clear() -> None:
    """Forget all finished work. Models stay; dubs already written stay where they are."""
    _collect(0)


@app.command()
def gc(
    max_: Annotated[str, typer.Option("--max", help="Keep at most this much, newest use first.")] = "20GB",
) -> None:
    """Drop what was not used for longest until the rest fits, and sweep leftovers of killed runs."""
    from dubline.cli.parsing import size as parsed

    _collect(parsed(max_))


def _collect(cap: int) -> None:
    from dubline.api.workshop import workshop
    from dubline.storage.collect import collect

    with workshop() as shop:
        done = collect(shop.store, shop.ledger, cap)
    sys.stdout.write(
        f"Freed {done.freed / 1e6:,.1f} MB ({done.artefacts} artefacts, {done.steps} steps); "
        f"{done.kept / 1e6:,.1f} MB kept.\n"
    )
