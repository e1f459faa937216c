"""The demo chain's rows by name, so that a test says `GOLD_CARD` and not a number."""

from __future__ import annotations

from typing import Final

from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.demo_data import (
    CARDS,
    MEMBERS,
    PRODUCTS,
    STAFF,
    STORE_1,
    STORE_2,
    TERMINALS,
    DemoCard,
    DemoProduct,
    DemoStaff,
    ean13,
)

CASHIER: Final = STAFF[0]  # in the region: sells in both stores
CASHIER_S01: Final = STAFF[1]  # in store 1 only
SUPERVISOR: Final = STAFF[2]
STOCK_KEEPER: Final = STAFF[3]
MANAGER: Final = STAFF[4]
SECOND_MANAGER: Final = STAFF[5]

TILL_1: Final = TERMINALS[0].role  # S01-01
TILL_2: Final = TERMINALS[1].role  # S01-02
TILL_3: Final = TERMINALS[2].role  # S02-01

CARD_PIN: Final = "123456"
GOLD_CARD: Final = CARDS[0]  # 1,000.00 and 100.00 bonus, 1,280 points, tier gold, PIN
SILVER_CARD: Final = CARDS[1]  # 500.00 and 50.00 bonus, tier silver, PIN
PLAIN_CARD: Final = CARDS[2]  # 200.00, no PIN
POOR_CARD: Final = CARDS[3]  # 35.00
EMPTY_CARD: Final = CARDS[5]  # active, nothing on it
BEARER_CARD: Final = CARDS[8]  # 200.00, no member
ISSUED_CARD: Final = CARDS[9]  # issued, not active
FROZEN_CARD: Final = CARDS[11]
LOST_CARD: Final = CARDS[12]
BLANK_CARD: Final = CARDS[13]
BLANK_BEARER_CARD: Final = CARDS[-1]

TIER_SILVER_RULE: Final = 1  # 5 %
TIER_GOLD_RULE: Final = 2  # 10 %
POINTS_RULE: Final = 3  # 1 point a yuan, members only
BONUS_RULE: Final = 4  # 10 % from 200.00
CARD_FEE_RULE: Final = 5  # 10.00

MILK: Final = "MILK-1L"  # 12.50, in store 2 11.80; 9 % tax
WATER: Final = "WATER-550"  # 2.00; a twelve-pack has its own bar code
COFFEE: Final = "COFFEE-S"  # a service, 28.00
APPLES: Final = "APPLE-KG"  # weighed, 11.98 a kilogram
HOSTILE: Final = "CUP-X"  # its name holds [/x]


def product_id(code: str) -> int:
    """The id of a demo product. Raises StopIteration for a code that is none."""
    return next(n for n, product in enumerate(PRODUCTS, start=1) if product.code == code)


def product(code: str) -> DemoProduct:
    """A demo product by its code."""
    return PRODUCTS[product_id(code) - 1]


def barcode(code: str) -> str:
    """The bar code of a single one, with its check digit."""
    return ean13(product(code).barcode)


def card_id(card: DemoCard) -> int:
    """The id of a demo card."""
    return CARDS.index(card) + 1


def wallet_id(card: DemoCard) -> int:
    """The wallet that a demo card opens. Raises ValueError for a blank one."""
    return [each for each in CARDS if each.state != "blank"].index(card) + 1


def token(card: DemoCard, kind: str = "number") -> bytes:
    """What the counter makes of a card that was presented."""
    return DEMO_INDEX_KEY.token(kind, card.number)


__all__ = [
    "CARDS",
    "MEMBERS",
    "PRODUCTS",
    "STAFF",
    "STORE_1",
    "STORE_2",
    "DemoCard",
    "DemoProduct",
    "DemoStaff",
    "ean13",
]
