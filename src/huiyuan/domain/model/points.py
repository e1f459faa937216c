"""Points and bonus: which rule gives most, and how much. The simple rule; every grant names its version.

Always true: a grant never exceeds what its version's bounds allow, because it is worked out from them.
"""

from __future__ import annotations

from collections.abc import Iterable

from huiyuan.domain.model.document import Grant
from huiyuan.domain.model.rules import RuleFamily, RuleVersion


def points_for(rule: RuleVersion, eligible_minor: int) -> int:
    """`floor(eligible * rate / 10,000)` whole points; 0 below the rule's least total."""
    if rule.points_rate is None or eligible_minor < max(rule.min_minor, 0):
        return 0
    return eligible_minor * rule.points_rate // 10_000


def bonus_for(rule: RuleVersion, amount_minor: int) -> int:
    """`floor(amount * max_bp / 10,000)` minor units, within the version's cap; 0 below its least top-up."""
    if rule.max_bp is None or amount_minor < rule.min_minor:
        return 0
    bonus = amount_minor * rule.max_bp // 10_000
    return bonus if rule.max_document_minor is None else min(bonus, rule.max_document_minor)


def points_grant(rules: Iterable[RuleVersion], *, eligible_minor: int, tier: int | None) -> Grant | None:
    """The points rule that gives this tier most, ties to the lowest rule id; None if nothing is earned."""
    offers = [
        (points_for(rule, eligible_minor), -rule.rule, rule)
        for rule in rules
        if rule.family is RuleFamily.POINTS and rule.holds_for(tier)
    ]
    return _best(offers, "points")


def bonus_grant(rules: Iterable[RuleVersion], *, amount_minor: int, tier: int | None) -> Grant | None:
    """The bonus rule that gives most on this top-up, ties to the lowest rule id; None if none gives."""
    offers = [
        (bonus_for(rule, amount_minor), -rule.rule, rule)
        for rule in rules
        if rule.family is RuleFamily.BONUS and rule.holds_for(tier)
    ]
    return _best(offers, "bonus")


def _best(offers: list[tuple[int, int, RuleVersion]], kind: str) -> Grant | None:
    if not offers:
        return None
    amount, _, rule = max(offers, key=lambda offer: offer[:2])
    return Grant(kind=kind, rule=rule.rule, version=rule.version, amount=amount) if amount > 0 else None
