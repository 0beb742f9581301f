"""Alembic's entry: runs on the connection that `storage.migrate` hands over, never on one of its own."""

import sqlmodel
from alembic import context

import storage.tables  # noqa: F401  # fills the metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=sqlmodel.SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
