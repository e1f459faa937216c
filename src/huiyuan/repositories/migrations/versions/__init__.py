"""repositories.migrations.versions: one file a revision; its docstring names the locks it takes."""

from __future__ import annotations
