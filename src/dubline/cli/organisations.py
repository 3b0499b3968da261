"""`dubline organisations`: the tenants of a server of yours. None sees anything of another."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dubline.cli.server_data import Data, day, writing

app = typer.Typer(
    help="Found and see the organisations of a server, in its data folder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    limit: Annotated[
        list[str] | None,
        typer.Option(help="A limit of its own, such as minutes_per_month=600; may be repeated."),
    ] = None,
    data: Data = None,
) -> None:
    """Found an organisation. Its first admin: dubline users add --role admin --organisation."""
    from dubline.service.people import service

    limits = _limits(limit or [])
    with writing(data, founding=True) as session:
        made = service.found_organisation(session, name, limits).id
    sys.stdout.write(f"{made}\n")


@app.command("list")
def listed(data: Data = None) -> None:
    """Show all organisations and what limits they have of their own."""
    from dubline.cli.tables import listing
    from dubline.service.people.repository import organisations

    with writing(data) as session:
        rows = [
            (each.id, each.name, day(each.created_at), " ".join(f"{k}={v}" for k, v in each.limits.items()))
            for each in organisations(session)
        ]
    listing(("id", "name", "founded", "limits"), rows)


def _limits(given: list[str]) -> dict[str, object]:
    from pydantic import ValidationError

    from dubline.domain.errors import UserError
    from dubline.service.settings import Limits

    pairs = dict(each.partition("=")[::2] for each in given)
    try:
        known = Limits.model_validate(pairs)
    except ValidationError as error:
        wrong = [str(each["loc"][0]) for each in error.errors()]
        unknown = [name for name in wrong if name not in Limits.model_fields]
        if unknown:
            names = ", ".join(Limits.model_fields)
            raise UserError(
                "limit_invalid", f"This is no limit: {', '.join(unknown)}.", hint=f"Limits are {names}."
            ) from error
        said = ", ".join(f"{name}={pairs[name]}" for name in wrong)
        fit = ", ".join(f"{name}={Limits.model_fields[name].default or 600}" for name in wrong)
        raise UserError(
            "limit_invalid", f"This is no number that can be a limit: {said}.", hint=f"For example: {fit}."
        ) from error
    return {name: getattr(known, name) for name in pairs}
