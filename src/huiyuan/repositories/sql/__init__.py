"""The database as plain SQL: tables once, functions at every migrate.

`TABLES` are executed once, by revision 0001, as the administrator; what comes after is a migration of
its own. `FUNCTIONS` (functions, guards, the api, the rows of kinds) replace themselves and are executed again
at the end of every migrate, as `huiyuan_owner` unless the file's first line says `-- as superuser`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent

TABLES: Final = (
    "tables/roles.sql",
    "tables/schemas.sql",
    "tables/shop.sql",
    "tables/sec.sql",
    "tables/ledger.sql",
    "tables/types.sql",
)

# Order matters where a function in language sql names another: its body is read when it is made.
FUNCTIONS: Final = (
    "functions/who.sql",
    "functions/asks.sql",
    "functions/edits.sql",
    "functions/guesses.sql",
    "functions/sessions.sql",
    "functions/logins.sql",
    "functions/lookups.sql",
    "functions/draft.sql",
    "functions/locks.sql",
    "functions/expand.sql",
    "functions/take_back.sql",
    "functions/value.sql",
    "functions/write.sql",
    "functions/post.sql",
    "functions/verify.sql",
    *sorted(f"guards/{path.name}" for path in (ROOT / "guards").glob("*.sql")),
    "kinds.sql",
    "api/post.sql",
    "api/sign_in.sql",
    "api/approvals.sql",
    "api/card_pin.sql",
    "api/staff.sql",
    "api/terminals.sql",
    "api/hello.sql",
    "api/reads.sql",
    "api/reports.sql",
    "api/catalog.sql",
    "api/publish_rules.sql",
    "api/members.sql",
    "api/settings.sql",
    "grants/policies.sql",
)


def read(name: str) -> str:
    """The text of one SQL file of this room."""
    return (ROOT / name).read_text(encoding="utf-8")
