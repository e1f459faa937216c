"""Invoices, group orders. New tables; a trigger on `ledger.document` waits for postings under way."""

from __future__ import annotations

from alembic import context

from huiyuan.repositories.sql import REVISIONS

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Execute the table files as they are."""
    execute_file = context.config.attributes["execute_file"]
    for name in REVISIONS[revision]:
        execute_file(name)
