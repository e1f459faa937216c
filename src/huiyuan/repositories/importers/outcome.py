"""What an import tells: rows it could not use, how far it is, what it made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

SHOWN_MAX: Final = 120


class ImportRefused(Exception):
    """The import cannot go on; `code` and `facts` say why. What went in before stands.

    Codes of the source: no_folder, file_missing, not_a_file, file_too_large, line_too_long, unreadable,
    wrong_encoding, columns_missing, column_twice. Of the database: no_chain, currency_differs, zone_differs,
    unknown_zone, unknown_store, and whatever the history entry refuses a whole batch for.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that did not go in, or (`code` not_listed) went in although its list does not name it.

    `line` counts from 1 with the header, as an editor does; 0 where the finding is of no single line.
    """

    file: str
    line: int
    code: str
    shown: str = ""


@dataclass(slots=True)
class Outcome:
    """Counts of one run. `known` documents stood already; `refused` ones did not go in."""

    stores: int = 0
    products: int = 0
    members: int = 0
    posted: int = 0
    lines: int = 0
    known: int = 0
    refused: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether this run made anything that was not there."""
        return bool(self.stores or self.products or self.members or self.posted)

    def bad(self, file: str, line: int, code: str, shown: str = "") -> None:
        """Note a row that cannot be used."""
        self.bad_rows.append(BadRow(file, line, code, shown[:SHOWN_MAX]))


Progress = Callable[[str, int, int], None]
"""Called after each batch: what (stores, products, members, sales), how many are done, of how many."""
