"""`dubline keys`: keys for people and programs that use a server of yours."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from dubline.cli.server_data import Data, day, somebody, writing

if TYPE_CHECKING:
    from dubline.service.access.roles import Operation

app = typer.Typer(
    help="Make, see and revoke keys of a server, in its data folder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DAY = 86_400.0


@app.command()
def create(
    name: Annotated[str, typer.Option(help="What it is for.")],
    user: Annotated[
        str, typer.Option(help="Whose key, by id or e-mail. Default: the admin of this machine itself.")
    ] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="What it may do, such as jobs:read; may be repeated. Default: whatever its user may."
        ),
    ] = None,
    days: Annotated[
        float | None, typer.Option(help="How long it is good for. Default: until revoked.")
    ] = None,
    data: Data = None,
) -> None:
    """Make a key. It is shown this once and kept nowhere; only its digest is."""
    from dubline.service.access.keys import issue
    from dubline.service.access.local import USER
    from dubline.service.access.roles import Operation
    from dubline.service.audit.log import Action, record

    with writing(data, founding=True) as session:
        owner = somebody(session, user or USER)
        until = time.time() + days * DAY if days else None
        scopes = _scopes(scope) if scope else list(Operation)
        made = issue(session, owner, name, scopes=scopes, expires_at=until)
        details = {"name": name, "scopes": scopes, "by": "command line", "owner": owner.id}
        record(
            session, Action.KEY_MADE, organisation=owner.organisation_id, about=made.row.id, details=details
        )
    sys.stdout.write(f"{made.secret}\n")
    sys.stderr.write("Keep it now: it cannot be shown again. Send it as: Authorization: Bearer …\n")


@app.command("list")
def listed(data: Data = None) -> None:
    """Show all keys of a server, without their secrets."""
    from sqlalchemy import select

    from dubline.cli.tables import listing
    from dubline.storage.tables import Key, User

    with writing(data) as session:
        found = session.execute(select(Key, User).join(User, User.id == Key.user_id).order_by(Key.created_at))
        rows = [
            (
                key.id,
                key.prefix,
                key.name,
                user.name,
                day(key.created_at),
                day(key.expires_at),
                day(key.revoked_at),
            )
            for key, user in found
        ]
    listing(("id", "begins with", "name", "user", "made", "expires", "revoked"), rows)


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The key's id, or how it begins.")], data: Data = None
) -> None:
    """Revoke a key. A running server refuses it from now on."""
    from sqlalchemy import or_, select

    from dubline.domain.errors import UserError
    from dubline.service.audit.log import Action, record
    from dubline.storage.tables import Key

    with writing(data) as session:
        found = session.scalars(select(Key).where(or_(Key.id == key, Key.prefix == key))).first()
        if found is None:
            raise UserError("key_unknown", f"There is no key '{key}'.", hint="See: dubline keys list.")
        found.revoked_at = found.revoked_at or time.time()
        details = {"by": "command line", "owner": found.user_id}
        record(
            session, Action.KEY_REVOKED, organisation=found.organisation_id, about=found.id, details=details
        )
        revoked = f"{found.name} ({found.prefix}…)"
    sys.stdout.write(f"Revoked: {revoked}\n")


def _scopes(wanted: list[str]) -> list[Operation]:
    from dubline.domain.errors import UserError
    from dubline.service.access.roles import Operation

    for scope in wanted:
        if scope not in set(Operation):
            raise UserError(
                "scope_unknown", f"There is no scope '{scope}'.", hint=f"Known: {', '.join(Operation)}."
            )
    return [Operation(scope) for scope in wanted]
