"""The data folder of a server, for commands that work on it directly: whoever can write there may do everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dubline.domain.home import data_home

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dubline.service.settings import ServiceSettings
    from dubline.storage.tables import User

Data = Annotated[
    Path | None,
    typer.Option(
        envvar="DUBLINE_DATA",
        help="The server's folder, as for `dubline serve`. Default: in your home folder.",
    ),
]


@contextmanager
def writing(data: Path | None, *, founding: bool = False) -> Iterator[Session]:
    """The server may run meanwhile. Only who is `founding` may begin a folder: others would make one of a slip of
    the pen."""
    from dubline.service.app import open_context
    from dubline.service.settings import from_environment

    settings = from_environment(data=(data or data_home()).absolute())
    if not founding:
        _refuse_missing(settings)
    context = open_context(settings)
    try:
        with context.database.writing() as session:
            yield session
    finally:
        context.database.close()


def _refuse_missing(settings: ServiceSettings) -> None:
    from dubline.domain.errors import UserError

    if not settings.database_url and not settings.tables_file.is_file():
        raise UserError(
            "server_data_missing",
            f"There is no server's data in {settings.data}.",
            hint="Give the same --data as to: dubline serve",
        )


def somebody(session: Session, named: str) -> User:
    """By id or e-mail address."""
    from sqlalchemy import or_, select

    from dubline.domain.errors import UserError
    from dubline.storage.tables import User

    found = list(session.scalars(select(User).where(or_(User.id == named, User.email == named.lower()))))
    if len(found) != 1:
        how = "There is no user" if not found else "There are several users"
        raise UserError(
            "user_unknown", f"{how} called '{named}'.", hint="Take the id from: dubline users list."
        )
    return found[0]


def day(seconds: float | None) -> str:
    from dubline.service.moments import moment_or_none

    when = moment_or_none(seconds)
    return f"{when:%Y-%m-%d %H:%M}" if when else "-"
