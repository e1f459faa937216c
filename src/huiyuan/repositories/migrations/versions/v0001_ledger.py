"""The tables of the ledger, the shop and the boundary. New tables only: no lock on anything that exists."""

from __future__ import annotations

from alembic import context

from huiyuan.repositories.sql import REVISIONS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Execute the table files as they are."""
    execute_file = context.config.attributes["execute_file"]
    for name in REVISIONS[revision]:
        execute_file(name)
