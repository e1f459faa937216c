"""What stands of what was posted, as far as reports may see it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table

METADATA: Final = MetaData(schema="ledger")

ON_HAND: Final = Table(
    "on_hand",
    METADATA,
    Column("store", Integer, primary_key=True),
    Column("product", Integer, primary_key=True),
    Column("qty_milli", BigInteger, nullable=False),
)
