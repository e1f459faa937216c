"""Cards and stored value, complete. New tables and columns without a rewrite."""

from __future__ import annotations

from alembic import context

from huiyuan.repositories.sql import REVISIONS

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Execute the table files as they are."""
    execute_file = context.config.attributes["execute_file"]
    for name in REVISIONS[revision]:
        execute_file(name)
