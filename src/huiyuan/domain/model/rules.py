"""Rules as they are published: a version never changes, and its bounds are what the door checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from huiyuan.domain.model.promotion import EVERYTHING, Promotion, Scope


class RuleFamily(StrEnum):
    TIER = "tier"
    PROMOTION = "promotion"
    POINTS = "points"
    BONUS = "bonus"
    FEE = "fee"
    REDEEM = "redeem"
    BLIND_RETURN = "blind_return"
    COUPON = "coupon"
    CARD_TYPE = "card_type"
    PASS = "pass"  # noqa: S105
    RECHARGE = "recharge"
    SPENDING = "spending"
    SETTLEMENT = "settlement"
    CASH_BACK = "cash_back"


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version in force for this store.

    `tiers` None holds for every tier and for no member at all. `max_bp` is per 10,000 of a line's value
    (tier, promotion), of the top-up (bonus) or of what points may pay (redeem). `points_rate` is points per
    10,000 minor units, earned or spent.
    `min_minor` is the least total for which the rule holds. `term_days` None: the lot never expires.
    `promotion` is the body of a promotion; `scope` are the goods to which a tier's discount is limited.
    """

    rule: int
    version: int
    family: RuleFamily
    name: str
    tiers: tuple[int, ...] | None = None
    max_bp: int | None = None
    max_line_minor: int | None = None
    max_document_minor: int | None = None
    points_rate: int | None = None
    min_minor: int = 0
    amount_minor: int | None = None
    term_days: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    promotion: Promotion | None = None
    scope: Scope = EVERYTHING

    def holds_for(self, tier: int | None) -> bool:
        """True if this version holds for a member of `tier`, or for nobody (None)."""
        return self.tiers is None or (tier is not None and tier in self.tiers)
