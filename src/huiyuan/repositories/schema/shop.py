"""The chain and its units, as far as reports may see them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Integer, MetaData, Table, Text

METADATA: Final = MetaData(schema="shop")

CHAIN: Final = Table(
    "chain",
    METADATA,
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor_digits", Integer, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("demo", Boolean, nullable=False),
)

UNIT: Final = Table(
    "unit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("parent", Integer),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
)
