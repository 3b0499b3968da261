"""Run by Alembic with the connection that `Database.migrate` hands it."""

from __future__ import annotations

from alembic import context

from dubline.storage.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
