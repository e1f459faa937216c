"""Kinds of cards, passes and gifts of the whole demo chain, and its blank cards with who has which numbers.

Always true: each rule is as its desk would publish it; blank cards came into a store by a document there, so
the desk for blank cards says who counted them in; a registered card that ends holds no stored value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from huiyuan.repositories.demo_coupons import MANAGER, SECOND
from huiyuan.repositories.demo_rules import publish
from huiyuan.repositories.demo_seat import seated
from huiyuan.repositories.secrets import IndexKey

GOLD: Final = 3


@dataclass(frozen=True, slots=True)
class DemoCardType:
    """A type of cards; its blank ones have numbers from `first` on (BOXES)."""

    code: str
    name: str
    first: int
    terms: Mapping[str, Any]

    def numbers(self, place: int, count: int) -> list[str]:
        """`count` numbers from the one at `place` on, which counts from 1."""
        return [str(self.first + place - 1 + each) for each in range(count)]


SUPPLEMENTARY: Final = DemoCardType(
    "supplementary",
    "家庭附属卡",
    88_000_101,
    {
        "who": "supplementary",
        "functions": ["discount", "points", "stored", "passes"],
        "sale_max_minor": 10_000,
        "day_max_minor": 30_000,
    },
)
GROUP: Final = DemoCardType(
    "group",
    "企业团体卡",
    88_000_201,
    {"who": "group", "functions": ["discount", "points", "stored", "passes"], "day_max_minor": 50_000},
)
YEAR: Final = DemoCardType(
    "year",
    "一年期卡",
    88_000_301,
    {"who": "personal", "functions": ["discount", "points", "passes", "period"], "valid_months": 12},
)
GIFT: Final = DemoCardType(
    "gift",
    "礼品卡",
    88_000_401,
    {"who": "bearer", "functions": ["stored"], "balance_max_minor": 100_000, "valid_months": 36},
)
TYPES: Final = (SUPPLEMENTARY, GROUP, YEAR, GIFT)
BOXES: Final = (("t_s01_c02", 1, 10), ("t_s02_c01", 11, 10), ("t_s03_c01", 21, 5))
"""At which seat they were counted in, from which place on, how many."""

TEN_COFFEES: Final = "十次咖啡卡"
COFFEE_MONTH: Final = "咖啡月卡"
INSTALMENTS: Final = "充 500 送 60"
COFFEE: Final = "COFFEE-S"
COFFEE_BAGS: Final = "COFFEE-10"
_COUNTED_IN: Final = UUID("01980000-0000-7000-8000-0000ca5d0000")


def _rules(goods: Mapping[str, int]) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Family, name, body, and what else `publish` is told; `goods` are ids by code."""
    coffee = {"product": goods[COFFEE]}
    bags = [{"product": goods[COFFEE_BAGS], "qty_milli": 1_000}]
    of_a_year = {"kind": "annual_fee", "code": "supplementary", "who": "supplementary"}
    return [
        *(("card_type", each.name, {"type": each.code, **each.terms}, {}) for each in TYPES),
        ("fee", "附属卡年费", {**of_a_year, "types": [SUPPLEMENTARY.code]}, {"amount_minor": 2_000}),
        ("pass", TEN_COFFEES, {"count": 10, "price_minor": 23_800, **coffee}, {"term_days": 365}),
        (
            "pass",
            COFFEE_MONTH,
            {"unlimited": True, "price_minor": 39_900, "day_max": 1, **coffee},
            {"term_days": 30},
        ),
        (
            "recharge",
            INSTALMENTS,
            {
                "steps": [{"from_minor": 50_000, "give_minor": 6_000}],
                "months": 6,
                "card_types": ["registered", GROUP.code],
            },
            {"max_document_minor": 6_000, "term_days": 365},
        ),
        ("recharge", "充千送咖啡", {"steps": [{"from_minor": 100_000}], "goods": bags}, {}),
        # In force for longer than a month, so that there is something to give back for the one that is over.
        (
            "cash_back",
            "金卡月返 1%",
            {},
            {"max_bp": 100, "min_minor": 20_000, "tiers": [GOLD], "term_days": 90, "since": 62},
        ),
    ]


def seed_card_types(connection: Connection[Any], *, index_key: IndexKey) -> None:
    """Publish them all, and bring blank cards of every type into the stores, as a superuser."""
    goods = dict(connection.execute("select code, id from shop.product").fetchall())
    known = {name for (name,) in connection.execute("select name from shop.rule").fetchall()}
    with connection.transaction():
        for family, name, body, columns in _rules(goods):
            if name not in known:
                publish(connection, family, name, body, **columns)
    for box, (role, place, count) in enumerate(BOXES):
        with seated(connection, role, staff=MANAGER, second=SECOND) as seat:
            for kind, each in enumerate(TYPES):
                numbers = each.numbers(place, count)
                there = connection.execute("select from shop.card c where c.number = %s", (numbers[0],))
                if not there.rowcount:
                    cards = json.dumps([_blank(number, index_key) for number in numbers])
                    seat.ask("select api.card_stock_in(%s, %s)", each.code, cards)
                whole = {"first": numbers[0], "last": numbers[-1], "count": count}
                document = UUID(int=_COUNTED_IN.int + box * len(TYPES) + kind)
                seat.post(document, "card_receive", 0, {"ranges": [whole]})


def _blank(number: str, index_key: IndexKey) -> dict[str, Any]:
    tokens = [{"kind": kind, "token": index_key.token(kind, number).hex()} for kind in ("number", "barcode")]
    return {"number": number, "tokens": tokens}
