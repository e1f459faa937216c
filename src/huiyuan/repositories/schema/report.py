"""What reports select: views that keep to the stores of whoever asks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid

METADATA: Final = MetaData(schema="api")


def _turnover(name: str, *more: Column[object]) -> Table:
    return Table(
        name,
        METADATA,
        Column("document", Uuid, nullable=False),
        Column("store", Integer, nullable=False),
        Column("business_date", Date, nullable=False),
        Column("back", Boolean, nullable=False),
        Column("net_minor", BigInteger, nullable=False),
        Column("baskets", Integer, nullable=False),
        Column("line_count", Integer, nullable=False),
        Column("member", Boolean, nullable=False),
        *more,
    )


TURNOVER: Final = _turnover("turnover")
TURNOVER_GOODS: Final = _turnover("turnover_goods", Column("category", Integer), Column("lead", Boolean))
TURNOVER_PAID: Final = _turnover("turnover_paid", Column("tender", Text), Column("lead", Boolean))

STOCK_MOVEMENT: Final = Table(
    "stock_movement",
    METADATA,
    Column("document", Uuid, nullable=False),
    Column("n", Integer, nullable=False),
    Column("product", Integer, nullable=False),
    Column("store", Integer, nullable=False),
    Column("qty_milli", BigInteger, nullable=False),
    Column("place_from", Text, nullable=False),
    Column("place_to", Text, nullable=False),
    Column("cost_minor", BigInteger),
    Column("kind", Text, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    Column("receipt", Text),
    Column("who", Text),
)

TILL_EVENTS: Final = Table(
    "till_events",
    METADATA,
    Column("what", Text, nullable=False),
    Column("document", Uuid, nullable=False),
    Column("store", Integer, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("staff_number", Text),
    Column("who", Text),
    Column("amount_minor", BigInteger, nullable=False),
)

VALUE_MOVES: Final = Table(
    "value_moves",
    METADATA,
    Column("document", Uuid, nullable=False),
    Column("n", Integer, nullable=False),
    Column("sign", Integer, nullable=False),
    Column("store", Integer, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("receipt", Text),
    Column("staff_number", Text),
    Column("who", Text),
    Column("rule", Text),
    Column("part", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
)
