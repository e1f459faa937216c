"""repositories.schema: what reports may select, as SQLAlchemy Core tables by subject.

Only tables and columns that a terminal or a reader has SELECT on; row-level security decides the rows. The
tables themselves are made by `repositories/sql`, never from here.
"""

from __future__ import annotations
