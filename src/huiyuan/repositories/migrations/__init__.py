"""repositories.migrations: the revisions of the schema, run by `repositories.migrate` and by nothing else."""

from __future__ import annotations
