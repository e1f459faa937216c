"""What was posted: documents and their postings, as far as reports may see them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid

METADATA: Final = MetaData(schema="ledger")

DOCUMENT: Final = Table(
    "document",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("store", Integer, nullable=False),
    Column("terminal", Integer, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("shift", Uuid),
    Column("of", Uuid),
    Column("total_minor", BigInteger, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    Column("business_date", Date, nullable=False),
)

POSTING: Final = Table(
    "posting",
    METADATA,
    Column("document", Uuid, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("demand", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("debit", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("method", Text),
)

ON_HAND: Final = Table(
    "on_hand",
    METADATA,
    Column("store", Integer, primary_key=True),
    Column("product", Integer, primary_key=True),
    Column("qty_milli", BigInteger, nullable=False),
)
