"""The rules in force of the fake shop."""

from __future__ import annotations

from huiyuan.domain.model.rules import RuleFamily, RuleVersion


def standard_rules() -> list[RuleVersion]:
    """One of each family that a till meets."""
    return [
        RuleVersion(1, 1, RuleFamily.TIER, "金卡九五折", tiers=(2,), max_bp=500),
        RuleVersion(2, 1, RuleFamily.POINTS, "每元一分", tiers=(2,), points_rate=100),
        RuleVersion(3, 1, RuleFamily.BONUS, "充500送50", max_bp=1000, min_minor=50000),
        RuleVersion(5, 1, RuleFamily.REDEEM, "百分抵一元", max_bp=5000, points_rate=10000),
        RuleVersion(
            4,
            1,
            RuleFamily.FEE,
            "工本费",
            amount_minor=1000,
            body={"code": "card_issue", "kind": "card_issue"},
        ),
        RuleVersion(
            6, 1, RuleFamily.PASS, "洗车十次", body={"count": 10, "price_minor": 30000}, term_days=365
        ),
    ]
