"""Alembic's entry: it runs the revisions on the connection and in the transaction that `migrate` opened."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="huiyuan_revision",
    version_table_schema="public",
    transaction_per_migration=False,
)
context.run_migrations()
