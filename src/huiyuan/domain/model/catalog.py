"""Goods and services as the counter knows them. Prices are in minor units for one base unit (1,000 milli)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

PIECE: Final = "piece"
RETAIL: Final = "retail"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Product:
    """A product found by its code or barcode.

    `price_minor` is the price in force here for one base unit, 0 for one of open price that has none;
    `qty_milli` is what the scanned code stands for (a six-pack's barcode: 6000), 1000 for a plain code.
    `sold_by` is `piece` or `weight`; with `open_price` the person at the counter names the price. `category`
    is the id of its place in the tree, `spec` what tells it from its neighbours (330ml, XL). `lists` are the
    prices in force of lists for members: (`member`, a tier's or a dealer level's code, amount). `min_age`:
    the customer is at least so old, 0 for any; `warning` is read at the scan.
    """

    id: int
    code: str
    name: str
    kind: str
    base_unit: str
    tax_code: str
    tax_rate_bp: int
    price_minor: int
    qty_milli: int = 1000
    sold_by: str = PIECE
    open_price: bool = False
    category: int | None = None
    spec: str = ""
    lists: tuple[tuple[str, int], ...] = ()
    brand: str = ""
    min_age: int = 0
    warning: str = ""

    @property
    def full_name(self) -> str:
        """The name with the specification, once: many names hold it already."""
        return self.name if self.spec in self.name else f"{self.name} {self.spec}"


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """How the counter's copy of the goods stands.

    `complete` is False until everything has been fetched once, and while a damaged copy is made anew;
    `products` is how many are there so far, `as_of` the server's time at which its prices were true.
    """

    complete: bool
    products: int = 0
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price of a store (`own`) or of every store without one of its own; times in microseconds since 1970.

    `valid_to` is the first moment at which it does not hold any more, None for no end. `list` is `retail`, or
    one for members.
    """

    own: bool
    valid_from: int
    valid_to: int | None
    amount_minor: int
    list: str = RETAIL


def micros(at: datetime) -> int:
    """Whole microseconds since 1970 of an aware time."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def prices_in_force(rows: Iterable[PriceRow], at: int) -> dict[str, int]:
    """By list, the amount that holds at `at` (microseconds): the store's own before the chain's."""
    held = [row for row in rows if row.valid_from <= at and (row.valid_to is None or at < row.valid_to)]
    return {row.list: row.amount_minor for row in sorted(held, key=lambda row: row.own)}
