"""repositories: everything that lies in PostgreSQL or in files of the counter.

In this room: the engine, the embedded server, the door client, journal and catalogue, the SQL of the
ledger, migrations, reads. It fills ports of the domain.
It may import: domain, sqlalchemy, psycopg, alembic. Never devices, never config: plain values come in,
and what goes wrong leaves as a code with facts, not as a sentence.
"""

from __future__ import annotations
