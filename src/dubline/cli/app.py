"""All commands by name. Importing this loads no model library."""

from __future__ import annotations

from typing import Annotated

import typer

from dubline import __version__
from dubline.cli import (
    bench,
    cache,
    doctor,
    dub,
    engines,
    keys,
    models,
    organisations,
    redub,
    serve,
    users,
    voices,
)

app = typer.Typer(
    name="dubline",
    help="Takes a video in one language and gives it back spoken in another.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dubline {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Takes a video in one language and gives it back spoken in another."""


app.command("dub")(dub.command)
app.command("redub")(redub.command)
app.command("serve")(serve.command)
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
app.add_typer(organisations.app, name="organisations")
app.command("engines")(engines.command)
app.add_typer(models.app, name="models")
app.add_typer(voices.app, name="voices")
app.command("doctor")(doctor.command)
app.add_typer(cache.app, name="cache")
app.add_typer(bench.app, name="bench")
