"""Sixty days of a chain that never was: plausible baskets at plausible hours, as documents of the past.

Always true: the same seed makes the same baskets; every one adds up, names only products that had a price in
its store, and gives its members the discount of their tier.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from huiyuan.repositories.importers.history import document_id

DAYS: Final = 60
FIRST_NUMBER: Final = 100_001
CHINA: Final = timedelta(hours=8)
"""The chain trades in Asia/Shanghai, which has one time all year."""
HOURS: Final = (9, 10, 10, 11, 11, 11, 12, 12, 13, 14, 15, 16, 17, 17, 18, 18, 18, 19, 19, 20, 21)
WEEKDAY_BP: Final = (90, 85, 85, 90, 110, 140, 130)
TENDERS: Final = ("mobile",) * 12 + ("cash",) * 5 + ("bank_card",) * 3
TIER_BP: Final[Mapping[str, int]] = {"silver": 500, "gold": 1_000}
_BP: Final = 10_000
_MILLI: Final = 1_000


@dataclass(frozen=True, slots=True)
class PastDays:
    """What there was to sell and who bought.

    Attributes:
        last: the last of the days, in the chain's zone.
        prices: by store: product, price in minor units of one base unit, whether it is weighed.
        members: by home store: wallet and code of the tier.
        stores: baskets of an ordinary day, by store.
    """

    last: date
    prices: Mapping[int, list[tuple[int, int, bool]]]
    members: Mapping[int, list[tuple[int, str]]]
    stores: Mapping[int, int]


def past_sales(days: PastDays, *, seed: int) -> list[dict[str, Any]]:
    """The documents of all days and stores, in the order of time."""
    draw = random.Random(seed)  # noqa: S311
    numbers = dict.fromkeys(days.stores, FIRST_NUMBER)
    documents: list[dict[str, Any]] = []
    for back in range(DAYS - 1, -1, -1):
        day = days.last - timedelta(days=back)
        for store, usual in days.stores.items():
            count = usual * WEEKDAY_BP[day.weekday()] // 100 + draw.randint(-3, 3)
            moments = sorted(_moment(draw, day) for _ in range(count))
            for moment in moments:
                documents.append(_sale(draw, days, store, numbers[store], moment))
                numbers[store] += 1
    return documents


def _moment(draw: random.Random, day: date) -> datetime:
    local = datetime(
        day.year, day.month, day.day, draw.choice(HOURS), draw.randint(0, 59), draw.randint(0, 59), tzinfo=UTC
    )
    return local - CHINA


def _sale(draw: random.Random, days: PastDays, store: int, number: int, at: datetime) -> dict[str, Any]:
    shopper = _shopper(draw, days, store)
    off_bp = TIER_BP.get(shopper[1], 0) if shopper else 0
    shelf = days.prices[store]
    lines: list[dict[str, int]] = []
    adjustments: list[dict[str, Any]] = []
    # Few goods are bought often: the square of an even draw leans to the front of the list.
    chosen = {int(len(shelf) * draw.random() ** 2) for _ in range(draw.choice((1, 1, 2, 2, 3, 3, 4, 6)))}
    for n, place in enumerate(sorted(chosen), start=1):
        product, price, weighed = shelf[place]
        qty = draw.randint(15, 250) * 10 if weighed else draw.choice((1, 1, 1, 2, 2, 3)) * _MILLI
        value = (2 * qty * price + _MILLI) // (2 * _MILLI)
        off = value * off_bp // _BP
        if off:
            adjustments.append({"line": n, "source": "tier", "amount_minor": off})
        lines.append(
            {
                "n": n,
                "product": product,
                "qty_milli": qty,
                "price_minor": price,
                "value_minor": value,
                "total_minor": value - off,
            }
        )
    total = sum(line["total_minor"] for line in lines)
    body: dict[str, Any] = {
        "kind": "history_sale",
        "store": store,
        "number": number,
        "occurred_at": at.isoformat().replace("+00:00", "Z"),
        "total_minor": total,
        "lines": lines,
    }
    if total:
        body["tenders"] = [{"kind": draw.choice(TENDERS), "amount_minor": total}]
    if adjustments:
        body["adjustments"] = adjustments
    if shopper:
        body["wallet"] = shopper[0]
    return {"id": str(document_id("demo", str(store), number, at)), "body": body}


def _shopper(draw: random.Random, days: PastDays, store: int) -> tuple[int, str] | None:
    """Six in ten show a card; of these one in ten is from another store."""
    if draw.randint(1, 10) > 6:
        return None
    home = store if draw.randint(1, 10) > 1 else draw.choice(sorted(days.stores))
    return draw.choice(days.members[home])
