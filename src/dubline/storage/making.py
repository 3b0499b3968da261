"""Tables of one file, made when it is first opened."""

from __future__ import annotations

from sqlalchemy import Connection, MetaData
from sqlalchemy.schema import CreateIndex, CreateTable


def make_tables(tables: MetaData, connection: Connection) -> None:
    """Where several processes open a new file at once, looking and making must be one statement."""
    for table in tables.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
