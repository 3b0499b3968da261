"""The product's tables behind a URL: SQLite on one machine, PostgreSQL for many.

Writers on SQLite take their turn at the start (BEGIN IMMEDIATE): two that read first and write then would find
each other in the way and one of them fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from dubline.storage.blobs import disk_full_is_plain

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 30
"""Seconds a writer waits for another one."""


class Database:
    def __init__(self, url: str) -> None:
        self.url = url
        self._sqlite = make_url(url).get_backend_name() == "sqlite"
        self._engine = create_engine(
            url,
            connect_args={"timeout": PATIENCE} if self._sqlite else {},
            hide_parameters=True,  # what is in rows has no place in errors, which end up in logs
        )
        if self._sqlite:
            event.listen(self._engine, "connect", _durable)
            event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(writing=True)

    @property
    def engine(self) -> Engine:
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Everything in it is done, or nothing."""
        with disk_full_is_plain(), Session(self._writer) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables to the shape this version knows; several processes may start at once."""
        with disk_full_is_plain(), self._writer.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def there(self) -> bool:
        """Whether the file of a database in a file has not been taken away; others say so by not answering."""
        place = make_url(self.url).database
        return not self._sqlite or not place or Path(place).is_file()

    def close(self) -> None:
        self._engine.dispose()


def _durable(connection: object, _record: object) -> None:
    """A power cut loses nothing that was acknowledged. The driver must not open transactions by itself."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # a DBAPI connection, typed by no one
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
