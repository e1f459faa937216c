"""The chain and its units, as far as reports may see them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ARRAY, Boolean, Column, Integer, MetaData, Table, Text

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

PRODUCT: Final = Table(
    "product",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("base_unit", Text, nullable=False),
    Column("category", Integer),
    Column("tokens", ARRAY(Text), nullable=False),
)

BARCODE: Final = Table(
    "barcode", METADATA, Column("code", Text, primary_key=True), Column("product", Integer, nullable=False)
)

CATEGORY: Final = Table(
    "category",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("parent", Integer),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)
