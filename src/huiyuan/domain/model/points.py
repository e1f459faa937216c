"""Points and bonus: which rule gives most, and how much. The simple rule; every grant names its version.

Always true: a grant never exceeds what its version's bounds allow, because it is worked out from them.
"""

from __future__ import annotations

from collections.abc import Iterable

from huiyuan.domain.model.document import Grant
from huiyuan.domain.model.passes import PLAIN, CardTerms
from huiyuan.domain.model.rules import RuleFamily, RuleVersion


def excepts(rule: RuleVersion) -> bool:
    """Whether what points paid earns no points by this rule."""
    return rule.body.get("except_points") is True


def points_for(rule: RuleVersion, total_minor: int, earning_minor: int | None = None) -> int:
    """`floor(earning * rate / 10,000)` whole points; 0 where the total is below the rule's least.

    `earning_minor` is the part of the total that earns, None for all of it.
    """
    if rule.points_rate is None or total_minor < max(rule.min_minor, 0):
        return 0
    return (total_minor if earning_minor is None else earning_minor) * rule.points_rate // 10_000


def bonus_for(rule: RuleVersion, amount_minor: int) -> int:
    """`floor(amount * max_bp / 10,000)` minor units, within the version's cap; 0 below its least top-up."""
    if rule.max_bp is None or amount_minor < rule.min_minor:
        return 0
    bonus = amount_minor * rule.max_bp // 10_000
    return bonus if rule.max_document_minor is None else min(bonus, rule.max_document_minor)


def points_grant(
    rules: Iterable[RuleVersion], *, eligible_minor: int, tier: int | None, points_minor: int = 0
) -> Grant | None:
    """The points rule that gives this tier most, ties to the lowest rule id; None if nothing is earned.

    `points_minor` of the total is paid by points, and earns nothing where a rule says `except_points`.
    """
    offers = [
        (
            points_for(rule, eligible_minor, eligible_minor - points_minor if excepts(rule) else None),
            -rule.rule,
            rule,
        )
        for rule in rules
        if rule.family is RuleFamily.POINTS and rule.holds_for(tier)
    ]
    return _best(offers, "points")


def pass_gifts(
    rules: Iterable[RuleVersion], *, amount_minor: int, tier: int | None, terms: CardTerms = PLAIN
) -> tuple[Grant, ...]:
    """Every pass that a top-up of so much (minor units) brings onto a card of these terms, lowest rule first.

    The door bounds each by the same version: `top_up_minor` reached, its `count` of uses once.
    """
    return tuple(
        Grant("pass", each.rule, each.version, int(each.body.get("count", 1)))
        for each in sorted(rules, key=lambda rule: rule.rule)
        if each.family is RuleFamily.PASS and each.holds_for(tier) and "top_up_minor" in each.body
        if amount_minor >= max(int(each.body["top_up_minor"]), each.min_minor)
        if terms.may("period" if each.body.get("unlimited") else "passes")
    )


def _best(offers: list[tuple[int, int, RuleVersion]], kind: str) -> Grant | None:
    if not offers:
        return None
    amount, _, rule = max(offers, key=lambda offer: offer[:2])
    return Grant(kind=kind, rule=rule.rule, version=rule.version, amount=amount) if amount > 0 else None
