"""Goods and services as the counter knows them. Prices are in minor units for one base unit (1,000 milli)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """A product found by its code or barcode.

    `price_minor` is the price in force here for one base unit; `qty_milli` is what the scanned code stands
    for (a six-pack's barcode: 6000), 1000 for a plain code.
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
