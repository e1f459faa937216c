"""What a new chain begins with: duties and their permissions, tiers, tenders, taxes, card types, rules.

Rows only, in both languages where a person reads them. Everything here can be changed later, except the
balance caps of the card types, which are the law's (MOFCOM order 9/2012).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Words:
    """A name in the two languages of the screens."""

    zh: str
    en: str

    def in_language(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


# Permission:          cashier, supervisor, manager, stock
# A number is the most a document may total (minor units), ANY is no limit, NONE is not allowed at all.
ANY: Final = -1
NONE: Final = -2
DUTY_NAMES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "cashier": Words("收银员", "Cashier"),
        "supervisor": Words("值班主管", "Supervisor"),
        "manager": Words("经理", "Manager"),
        "stock": Words("仓管员", "Stock keeper"),
    }
)
PERMISSIONS: Final[Mapping[str, tuple[int, int, int, int]]] = MappingProxyType(
    {
        "sale": (ANY, ANY, ANY, NONE),
        "return": (20_000, 200_000, ANY, NONE),
        "reverse": (50_000, 500_000, ANY, NONE),
        "blind_return": (NONE, 500_000, ANY, NONE),
        "top_up": (200_000, 500_000, ANY, NONE),
        "card_issue": (ANY, ANY, ANY, NONE),
        "card_activate": (ANY, ANY, ANY, NONE),
        "card_pin": (ANY, ANY, ANY, NONE),
        "card_lost": (ANY, ANY, ANY, NONE),
        "card_freeze": (ANY, ANY, ANY, NONE),
        "card_replace": (ANY, ANY, ANY, NONE),
        "card_renew": (ANY, ANY, ANY, NONE),
        "card_fee": (ANY, ANY, ANY, NONE),
        "card_apply": (ANY, ANY, ANY, NONE),
        "card_unfreeze": (NONE, ANY, ANY, NONE),
        "card_type": (NONE, ANY, ANY, NONE),
        "card_cancel": (NONE, ANY, ANY, NONE),
        "card_restore": (NONE, ANY, ANY, NONE),
        "card_review": (NONE, ANY, ANY, NONE),
        "member_state": (NONE, ANY, ANY, NONE),
        "card_pin_reset": (NONE, ANY, ANY, NONE),
        "invoice": (ANY, ANY, ANY, NONE),
        "shift": (ANY, ANY, ANY, NONE),
        "shift_expected": (NONE, ANY, ANY, NONE),
        "shift_variance": (1_000, 20_000, ANY, NONE),
        "cash_in": (ANY, ANY, ANY, NONE),
        "cash_drop": (ANY, ANY, ANY, NONE),
        "cash_out": (20_000, 200_000, ANY, NONE),
        "expense": (20_000, 200_000, ANY, NONE),
        "no_sale": (ANY, ANY, ANY, NONE),
        "discount": (ANY, ANY, ANY, NONE),
        "open_price": (NONE, ANY, ANY, NONE),
        "adjust": (NONE, 50_000, ANY, NONE),
        "approve": (NONE, 500_000, ANY, NONE),
        "stock_receive": (NONE, ANY, ANY, ANY),
        "members": (ANY, ANY, ANY, NONE),
        "member_tier": (NONE, ANY, ANY, NONE),
        "reveal": (NONE, ANY, ANY, NONE),
        "cards_stock": (NONE, ANY, ANY, ANY),
        "catalog": (NONE, NONE, ANY, ANY),
        "prices": (NONE, NONE, ANY, NONE),
        "rules": (NONE, NONE, ANY, NONE),
        "coupon_issue": (NONE, 500_000, ANY, NONE),
        "coupon_void": (NONE, ANY, ANY, NONE),
        "group_order": (ANY, ANY, ANY, NONE),
        "value_transfer": (50_000, 500_000, ANY, NONE),
        "settlement": (10_000, 500_000, ANY, NONE),
        "member_merge": (NONE, ANY, ANY, NONE),
        "bonus_release": (ANY, ANY, ANY, NONE),
        "credit": (NONE, NONE, ANY, NONE),
        "card_limit": (NONE, NONE, ANY, NONE),
        "advance_back": (NONE, 500_000, ANY, NONE),
        "report": (NONE, ANY, ANY, NONE),
        "settings": (NONE, NONE, ANY, NONE),
        "staff": (NONE, NONE, ANY, NONE),
        "terminals": (NONE, NONE, ANY, NONE),
    }
)
RATES_BP: Final[Mapping[tuple[str, str], int]] = MappingProxyType(
    {
        ("cashier", "discount"): 500,
        ("supervisor", "discount"): 2_000,
        ("manager", "discount"): 10_000,
        ("supervisor", "open_price"): 3_000,
    }
)
"""Most of a line's value that a discount by hand may take, and the most by which a typed price may leave the
list, per 10,000; a price typed without a limit needs no list price at all."""

TIERS: Final = (("basic", Words("普通", "Basic"), 1), ("silver", Words("银卡", "Silver"), 2))
TENDERS: Final = (  # kind, account, reference needed
    ("cash", "cash", False),
    ("bank_card", "tender", True),
    ("mobile", "tender", True),
    ("stored", "stored", False),
    ("points", "points", False),
    ("prepaid", "prepaid", True),
    ("voucher", "voucher", True),
    ("credit", "credit", False),
    ("advance", "advance", False),
)
TAXES: Final = (("free", 0), ("vat6", 600), ("vat13", 1_300))
CARD_TYPES: Final = (  # code, name, registered, most a wallet may hold
    ("registered", Words("记名卡", "Registered card"), True, 500_000),
    ("bearer", Words("不记名卡", "Bearer card"), False, 100_000),
)


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """A rule of the first day; `terms` are columns of `shop.rule_version`."""

    family: str
    name: Words
    terms: Mapping[str, Any]


RULES: Final = (
    DefaultRule("points", Words("消费积分", "Points"), {"points_rate": 100, "term_days": 730}),
    DefaultRule(  # 100 points pay 1.00, for half of a sale at most
        "redeem", Words("积分抵现", "Points pay"), {"points_rate": 10_000, "max_bp": 5_000, "min_minor": 100}
    ),
)


def permission_rows() -> list[tuple[str, str, int | None, int | None]]:
    """Rows of `sec.permission`: duty, permission, limit in minor units, limit per 10,000."""
    return [
        (duty, permission, None if most == ANY else most, RATES_BP.get((duty, permission)))
        for permission, by_duty in PERMISSIONS.items()
        for duty, most in zip(DUTY_NAMES, by_duty, strict=True)
        if most != NONE
    ]
