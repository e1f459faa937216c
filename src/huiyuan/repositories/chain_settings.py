"""The Settings port over one connection: one statement and one round trip a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from huiyuan.domain.model.chain_settings import ChainSettings, Setting
from huiyuan.repositories.sign_in import accepted


class DatabaseSettings:
    """Over a connection that is signed in; see the port for what each may refuse.

    Args:
        ask: How one statement is asked.
    """

    def __init__(self, ask: Callable[[str, Sequence[object]], Any]) -> None:
        self._ask = ask

    def read(self) -> ChainSettings:
        """Everything that can be set here."""
        found = accepted(self._ask("select api.settings()", ()))
        rows = tuple(_setting(row) for row in (*found["rows"], *found["others"]))
        return ChainSettings(found["store"], found["chain"], rows)

    def put(self, key: str, unit: int | None, value: Sequence[str]) -> None:
        """Set one."""
        statement = "select api.settings_put(%s, %s::int, %s::text[])"
        accepted(self._ask(statement, (key, unit, list(value))))


def _setting(row: dict[str, Any]) -> Setting:
    return Setting(
        key=row["key"],
        value=tuple(str(each) for each in row["value"] if each is not None),
        unit=row["unit"],
        at=None if row["at"] is None else datetime.fromisoformat(row["at"]),
        by=row["by"] or "",
    )
