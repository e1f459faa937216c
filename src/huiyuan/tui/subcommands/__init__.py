"""tui.subcommands: one module a sub-command of `huiyuan`; the command line finds them by name.

A module here holds `HELP` (a marked message), `add_arguments(parser)` and `run(context, arguments) -> int`.
At its top it imports light modules only: every module is loaded to print `huiyuan --help`, so textual,
sqlalchemy, alembic and psycopg come in inside `run`. A new file is a new sub-command; nothing else to edit.
"""

from __future__ import annotations
