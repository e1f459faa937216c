"""A few promotions that run in the demo chain, one of each way a counter meets them.

Always true: each is as the promotion desk would publish it, and names goods by the codes of the demo.
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection

from huiyuan.repositories.demo_rules import publish

PROMOTIONS: Final[tuple[tuple[str, dict[str, Any], int], ...]] = (  # name, body with codes, least total
    ("薯片第二件半价", {"kind": "nth", "n": 2, "rate_bp": 5_000, "products": ["CHIP-01"]}, 0),
    ("咖啡买二送一", {"kind": "buy_get", "buy": 2, "get": 1, "products": ["COFFEE-10"]}, 0),
    (
        "早餐套餐",
        {
            "kind": "bundle",
            "parts": [{"product": each, "qty_milli": 1_000} for each in ("BREAD-02", "JUICE-1L")],
            "price_minor": 1_880,
        },
        0,
    ),
    (
        "晚间啤酒八五折",
        {
            "kind": "percent",
            "rate_bp": 1_500,
            "products": ["BEER-500"],
            "from_minute": 1_140,
            "to_minute": 1_440,
            "day_qty_milli": 12_000,
        },
        0,
    ),
    ("巧克力满 50 减 10", {"kind": "steps", "steps": [{"from_minor": 5_000, "off_minor": 1_000}],
                            "products": ["CHOC-01", "BISC-01"]}, 0),
)  # fmt: skip


def seed_promotions(connection: Connection[Any]) -> None:
    """Publish them; the goods are there already."""
    ids = dict(connection.execute("select code, id from shop.product").fetchall())
    for name, body, least in PROMOTIONS:
        written = {**body}
        if "products" in body:
            written["products"] = sorted(ids[code] for code in body["products"])
        if "parts" in body:
            written["parts"] = [{**part, "product": ids[part["product"]]} for part in body["parts"]]
        publish(connection, "promotion", name, written, min_minor=least)
