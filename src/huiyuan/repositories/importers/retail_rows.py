"""The retail folder as it lies there: households, products, transactions, each row read without trust.

Always true: amounts become integers of the minor unit and quantities thousandths without a float between; a
time must say that it is UTC; a basket with a row that cannot be used is held back whole, for half a document
would be a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from huiyuan.repositories.importers.csv_rows import Row, read_rows
from huiyuan.repositories.importers.outcome import Outcome

NAME_MAX: Final = 120
_CODE: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
_STORE: Final = re.compile(r"[0-9]{1,8}", re.ASCII)
_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?", re.ASCII)
_QUANTITY: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)

TRANSACTIONS: Final = (
    "ts_utc",
    "household_id",
    "store_id",
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "retail_disc",
    "coupon_disc",
    "coupon_match_disc",
)
PRODUCTS: Final = ("product_id", "department", "brand", "product_category", "product_type", "package_size")
HOUSEHOLDS: Final = ("household_id",)


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """`path` are its categories from the widest, without empty ones."""

    code: str
    name: str
    path: tuple[str, ...] = ()
    brand: str = ""


@dataclass(frozen=True, slots=True)
class BasketLine:
    """Amounts in minor units. `net` is what the shop received, `off` and `match` what the shop took off the
    shelf price; `coupon` is a coupon that somebody else refunds, part of how the basket was paid.
    """

    product: str
    quantity: int
    net: int
    off: int
    match: int
    coupon: int


@dataclass(slots=True)
class Basket:
    """One purchase: one store, one household, one moment."""

    number: int
    store: str
    household: str
    at: datetime
    line: int
    lines: list[BasketLine] = field(default_factory=list)


class _Unusable(Exception):
    """A cell cannot be used; the argument is its column."""


def read_households(folder: Path, outcome: Outcome, encoding: str) -> list[str]:
    """Numbers of the households, each once."""
    found: dict[str, None] = {}
    for row in _rows(folder, "households", HOUSEHOLDS, outcome, encoding):
        number = row.cells["household_id"]
        if _CODE.fullmatch(number):
            found[number] = None
        else:
            outcome.bad("households.csv", row.line, "household_id", number)
    return list(found)


def read_products(folder: Path, outcome: Outcome, encoding: str) -> dict[str, ListedProduct]:
    """The product list by number; the first row of a number counts, a second one is a finding."""
    found: dict[str, ListedProduct] = {}
    for row in _rows(folder, "products", PRODUCTS, outcome, encoding):
        code, cells = row.cells["product_id"], row.cells
        name = _plain(f"{cells['product_type']} {cells['package_size']}") or f"Product {code}"
        path = tuple(filter(None, (_plain(cells["department"])[:64], _plain(cells["product_category"])[:64])))
        if not _CODE.fullmatch(code):
            outcome.bad("products.csv", row.line, "product_id", code)
        elif code in found:
            outcome.bad("products.csv", row.line, "listed_twice", code)
        elif not _speaks(name):
            outcome.bad("products.csv", row.line, "unclean_text", name)
        else:
            found[code] = ListedProduct(
                code, name[:NAME_MAX].strip(), path, _plain(cells["brand"])[:64].strip()
            )
    return found


def read_baskets(folder: Path, outcome: Outcome, encoding: str) -> list[Basket]:
    """The baskets by time; those with a row that cannot be used are left out and all their rows named."""
    baskets: dict[str, Basket] = {}
    held: dict[str, int] = {}
    for row in read_rows(folder, "transactions", TRANSACTIONS, encoding=encoding):
        key = row.cells.get("basket_id", "")
        try:
            if row.fault:
                raise _Unusable(row.fault)
            basket, line = _read_line(row)
            first = baskets.setdefault(key, basket)
            if (first.store, first.household, first.at) != (basket.store, basket.household, basket.at):
                raise _Unusable("basket_differs")
            first.lines.append(line)
        except _Unusable as fault:
            outcome.bad("transactions.csv", row.line, str(fault), row.shown)
            held.setdefault(key, row.line)
    for key, line_number in held.items():
        baskets.pop(key, None)
        outcome.bad("transactions.csv", line_number, "basket_held_back", key)
        outcome.refused += 1
    return sorted(baskets.values(), key=lambda each: (each.at, each.number))


def _rows(
    folder: Path, name: str, columns: tuple[str, ...], outcome: Outcome, encoding: str
) -> Iterator[Row]:
    """The rows of a list that can be used; the others are findings."""
    for row in read_rows(folder, name, columns, encoding=encoding):
        if row.fault:
            outcome.bad(f"{name}.csv", row.line, row.fault, row.shown)
        else:
            yield row


def _read_line(row: Row) -> tuple[Basket, BasketLine]:
    cells = row.cells
    number = _matched(cells, "basket_id", _CODE)
    if int(number) == 0:
        raise _Unusable("basket_id")
    _matched(cells, "ts_utc", _TIME)
    try:
        at = datetime.strptime(cells["ts_utc"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _Unusable("ts_utc") from None
    basket = Basket(
        number=int(number),
        store=_matched(cells, "store_id", _STORE),
        household=_matched(cells, "household_id", _CODE),
        at=at,
        line=row.line,
    )
    line = BasketLine(
        product=_matched(cells, "product_id", _CODE),
        quantity=int(_matched(cells, "quantity", _QUANTITY)),
        net=_minor(cells, "sales_value"),
        off=_minor(cells, "retail_disc"),
        match=_minor(cells, "coupon_match_disc"),
        coupon=_minor(cells, "coupon_disc"),
    )
    return basket, line


def _matched(cells: dict[str, str], column: str, shape: re.Pattern[str]) -> str:
    if not shape.fullmatch(cells[column]):
        raise _Unusable(column)
    return cells[column]


def _minor(cells: dict[str, str], column: str) -> int:
    """12.5 is 1250: two digits after the point, as the currencies of such folders have."""
    found = _AMOUNT.fullmatch(cells[column])
    if found is None:
        raise _Unusable(column)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _speaks(text: str) -> bool:
    """Whether every character may stand in a name (controls, overrides and hidden ones may not)."""
    return all(unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for each in text)
