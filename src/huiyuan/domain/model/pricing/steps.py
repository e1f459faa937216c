"""The steps of pricing as pure functions: what each takes off a line.

Always true: a step answers one non-negative amount a line, never more than is left of it, and a rule's
amounts stay within the bounds of its version, which the door checks again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huiyuan.domain.model.cart import BP, CartLine
from huiyuan.domain.model.rules import RuleFamily, RuleVersion


@dataclass(frozen=True, slots=True)
class TierOffer:
    """What one tier rule takes off each line, in minor units."""

    rule: RuleVersion
    amounts: tuple[int, ...]

    @property
    def total_minor(self) -> int:
        return sum(self.amounts)


def tier_offer(rule: RuleVersion, values: Sequence[int]) -> TierOffer:
    """`floor(value * max_bp / 10,000)` a line, capped a line and over the document in line order."""
    left = rule.max_document_minor
    amounts: list[int] = []
    for value in values:
        amount = value * (rule.max_bp or 0) // BP
        amount = amount if rule.max_line_minor is None else min(amount, rule.max_line_minor)
        if left is not None:
            amount = min(amount, left)
            left -= amount
        amounts.append(amount)
    return TierOffer(rule=rule, amounts=tuple(amounts))


def tier_offers(rules: Iterable[RuleVersion], values: Sequence[int], tier: int | None) -> list[TierOffer]:
    """What each tier rule that holds takes off this basket, the most first, ties to the lowest rule id.

    A rule's least total is judged later, by what is left after the manual discounts.
    """
    offers = (
        tier_offer(rule, values) for rule in rules if rule.family is RuleFamily.TIER and rule.holds_for(tier)
    )
    return sorted(
        (offer for offer in offers if offer.total_minor),
        key=lambda offer: (-offer.total_minor, offer.rule.rule),
    )


def manual_amount(line: CartLine, left_minor: int) -> int:
    """What the person at the till takes off what is left of a line; a rate rounds down."""
    if line.manual is None:
        return 0
    if line.manual.rate_bp is not None:
        return left_minor * line.manual.rate_bp // BP
    return min(line.manual.amount_minor or 0, left_minor)
