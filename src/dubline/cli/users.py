"""`dubline users`: the people of a server of yours."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dubline.cli.server_data import Data, somebody, writing

if TYPE_CHECKING:
    from dubline.service.access.roles import Role

app = typer.Typer(
    help="Add and change the people of a server, in its data folder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ROLES = "admin, operator, editor or viewer"

Named = Annotated[str, typer.Argument(help="Who, by id or e-mail.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What they are called.")],
    email: Annotated[
        str, typer.Option(help="By which they are known when they sign in with a browser.")
    ] = "",
    role: Annotated[str, typer.Option(help=f"What they are: {ROLES}.")] = "editor",
    organisation: Annotated[
        str, typer.Option(help="The id of their organisation. Default: the one of this machine.")
    ] = "",
    data: Data = None,
) -> None:
    """Let somebody in. Their first key: dubline keys create --user."""
    from dubline.domain.errors import UserError
    from dubline.service.access.local import ORGANISATION
    from dubline.service.people import service
    from dubline.service.people.schemas import plain_address
    from dubline.storage.tables import Organisation

    with writing(data, founding=True) as session:
        wanted = organisation or ORGANISATION
        if session.get(Organisation, wanted) is None:
            raise UserError(
                "organisation_unknown",
                f"There is no organisation '{wanted}'.",
                hint="See: dubline organisations list.",
            )
        try:
            address = plain_address(email) if email else None
        except ValueError as error:
            raise UserError(
                "email_invalid", f"'{email}' is no e-mail address.", hint="Give one like ana@example.org."
            ) from error
        made = service.add(session, wanted, name, address, _role(role)).id
    sys.stdout.write(f"{made}\n")


@app.command("list")
def listed(data: Data = None) -> None:
    """Show everybody."""
    from sqlalchemy import select

    from dubline.cli.tables import listing
    from dubline.storage.tables import Organisation, User

    with writing(data) as session:
        found = session.execute(
            select(User, Organisation)
            .join(Organisation, Organisation.id == User.organisation_id)
            .order_by(Organisation.created_at, User.created_at)
        )
        rows = [
            (user.id, user.name, user.email or "-", user.role, within.name, "yes" if user.disabled_at else "")
            for user, within in found
        ]
    listing(("id", "name", "e-mail", "role", "organisation", "shut out"), rows)


@app.command()
def role(
    user: Named,
    role: Annotated[str, typer.Argument(help=f"What they are from now on: {ROLES}.")],
    data: Data = None,
) -> None:
    """Change what somebody may do."""
    from dubline.service.people import service

    with writing(data) as session:
        service.change(session, somebody(session, user), role=_role(role))


@app.command()
def disable(
    user: Named,
    undo: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False,
    data: Data = None,
) -> None:
    """Shut somebody out, with all their keys. What they made stays."""
    from dubline.service.people import service

    with writing(data) as session:
        service.change(session, somebody(session, user), disabled=not undo)


def _role(wanted: str) -> Role:
    from dubline.domain.errors import UserError
    from dubline.service.access.roles import Role

    if wanted not in set(Role):
        raise UserError("role_unknown", f"There is no role '{wanted}'.", hint=f"Roles are {ROLES}.")
    return Role(wanted)
