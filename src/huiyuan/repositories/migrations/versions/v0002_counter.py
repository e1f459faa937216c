"""The counter on real data. New tables and columns without a rewrite: no lock that a till would feel."""

from __future__ import annotations

from alembic import context

from huiyuan.repositories.sql import REVISIONS

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Execute the table files as they are."""
    execute_file = context.config.attributes["execute_file"]
    for name in REVISIONS[revision]:
        execute_file(name)
