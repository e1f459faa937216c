"""The rows of the small chain and its login roles, put once into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import psycopg

from huiyuan.repositories.migrate import migrate

SEATS_MAX: Final = 60
CASHIER: Final = "10001"
MANAGERS: Final = ("10002", "10003")

_ROWS: Final = Path(__file__).with_name("small_chain.sql")


def fill(admin_url: str) -> None:
    """Migrate the database and put the small chain into it."""
    migrate(admin_url)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for n in range(1, SEATS_MAX + 1):
            admin.execute(f"create role proof_{n:02} login in role huiyuan_terminal".encode())
        admin.execute("create role proof_importer login in role huiyuan_import")
        admin.execute(_ROWS.read_text("utf-8").encode())
