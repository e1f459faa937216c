"""The list of what members held before: one row a member, read and checked by itself.

Always true: a row that cannot be read whole is a finding with its line and goes in with nothing; amounts have
no more decimals than the currency and are never negative; one member and one card stand in one row only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from huiyuan.domain.model.phone import normal_phone
from huiyuan.repositories.importers.csv_rows import Row, read_rows
from huiyuan.repositories.importers.outcome import ImportRefused, Outcome
from huiyuan.repositories.importers.xlsx_rows import read_sheet

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "member": ("member", "会员号", "会员编号"),
    "name": ("name", "姓名"),
    "phone": ("phone", "电话", "手机", "手机号"),
    "tier": ("tier", "等级"),
    "store": ("store", "门店"),
    "joined": ("joined", "入会日期"),
    "card": ("card", "卡号"),
    "card_type": ("card_type", "卡类型"),
    "card_state": ("card_state", "卡状态"),
    "principal": ("principal", "本金", "余额"),
    "bonus": ("bonus", "赠送", "赠送余额"),
    "points": ("points", "积分"),
}
"""Each column and the headings that it goes by, in either language."""
PASS_PREFIXES: Final = ("pass:", "次卡:", "次卡：")
STATES: Final = frozenset({"issued", "active", "frozen", "lost"})
AMOUNT_MAX: Final = 10**13
_COUNT: Final = re.compile(r"[0-9]{1,12}")
_AMOUNT: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """What one member held. Money in minor units; `passes` maps the name of a pass to its uses."""

    line: int
    member: str
    name: str
    phone: str | None
    tier: str | None
    store: str | None
    joined: date | None
    card: str | None
    card_type: str | None
    card_state: str
    principal_minor: int
    bonus_minor: int
    points: int
    passes: Mapping[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether there is anything to open with."""
        return bool(self.principal_minor or self.bonus_minor or self.points or any(self.passes.values()))


class _BadCell(Exception):
    """A cell that cannot be used; the argument is its column."""


def read_openings(path: Path, outcome: Outcome, *, encoding: str, minor_digits: int) -> list[OpeningRow]:
    """The rows of `path` (.xlsx, .csv, .csv.gz) that can be used; the others are findings of `outcome`.

    Raises:
        ImportRefused: see csv_rows and xlsx_rows; columns_missing (file, columns), empty (file).
    """
    found: dict[str, OpeningRow] = {}
    cards: set[str] = set()
    seen = False
    for row in _rows_of(path, encoding):
        if not seen:
            _check_columns(row.cells, path.name)
        seen = True
        if row.fault:
            outcome.bad(path.name, row.line, row.fault, row.shown)
            continue
        try:
            opening = _opening(row, minor_digits)
        except _BadCell as bad:
            outcome.bad(path.name, row.line, str(bad), row.shown)
            continue
        if opening.member in found or (opening.card and opening.card in cards):
            outcome.bad(path.name, row.line, "listed_twice", row.shown)
            continue
        found[opening.member] = opening
        cards.add(opening.card or "")
    if not seen:
        raise ImportRefused("empty", file=path.name)
    return list(found.values())


def _rows_of(path: Path, encoding: str) -> Iterator[Row]:
    name = path.name.lower()
    if not path.is_file():
        raise ImportRefused("file_missing", file=path.name)
    if name.endswith(".xlsx"):
        return read_sheet(path)
    if name.endswith((".csv", ".csv.gz")):
        stem = path.name[: name.rindex(".csv")]
        return read_rows(path.parent, stem, (), encoding=encoding)
    raise ImportRefused("not_a_list", file=path.name)


def _check_columns(cells: Mapping[str, str], shown: str) -> None:
    if not any(heading in cells for heading in COLUMNS["member"]):
        raise ImportRefused("columns_missing", file=shown, columns=" / ".join(COLUMNS["member"]))
    for column, headings in COLUMNS.items():
        if sum(heading in cells for heading in headings) > 1:
            raise ImportRefused("column_twice", file=shown, column=column)
    known = {heading for headings in COLUMNS.values() for heading in headings}
    for heading in cells:
        if heading and heading not in known and not heading.startswith(PASS_PREFIXES):
            raise ImportRefused("column_unknown", file=shown, column=heading[:40])


def _opening(row: Row, minor_digits: int) -> OpeningRow:
    def cell(column: str) -> str:
        return next((row.cells[each] for each in COLUMNS[column] if each in row.cells), "")

    def some(column: str) -> str | None:
        return cell(column) or None

    member = unicodedata.normalize("NFKC", cell("member"))
    if not member:
        raise _BadCell("member")
    phone = normal_phone(cell("phone")) if cell("phone") else None
    if cell("phone") and phone is None:
        raise _BadCell("phone")
    state = cell("card_state") or "active"
    if state not in STATES:
        raise _BadCell("card_state")
    if (cell("card_type") or cell("card_state")) and not cell("card"):
        raise _BadCell("card")
    return OpeningRow(
        line=row.line,
        member=member,
        name=cell("name") or member,
        phone=phone,
        tier=some("tier"),
        store=some("store"),
        joined=_day(cell("joined")),
        card=some("card"),
        card_type=some("card_type"),
        card_state=state,
        principal_minor=_minor(cell("principal"), "principal", minor_digits),
        bonus_minor=_minor(cell("bonus"), "bonus", minor_digits),
        points=_count(cell("points"), "points"),
        passes=_passes(row.cells),
    )


def _passes(cells: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for heading, text in cells.items():
        prefix = next((each for each in PASS_PREFIXES if heading.startswith(each)), None)
        if prefix is not None and (uses := _count(text, heading)):
            found[heading.removeprefix(prefix).strip()] = uses
    return found


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-")[:10])
    except ValueError:
        raise _BadCell("joined") from None


def _count(text: str, column: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if not plain:
        return 0
    if not _COUNT.fullmatch(plain):
        raise _BadCell(column)
    return int(plain)


def _minor(text: str, column: str, minor_digits: int) -> int:
    """Minor units of what was written; a thousands comma is understood, a third decimal is not."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain:
        return 0
    if not _AMOUNT.fullmatch(plain):
        raise _BadCell(column)
    try:
        minor = Decimal(plain.replace(",", "")).scaleb(minor_digits)
    except InvalidOperation:  # pragma: no cover  (the pattern lets only numbers through)
        raise _BadCell(column) from None
    if minor != minor.to_integral_value() or minor > AMOUNT_MAX:
        raise _BadCell(column)
    return int(minor)
