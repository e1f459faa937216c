"""The steps of pricing as pure functions: what each takes off a line.

Always true: a step answers one non-negative amount a line, never more than is left of it, and a rule's
amounts stay within the bounds of its version, which the door checks again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from huiyuan.domain.model.card import Member
from huiyuan.domain.model.cart import BP, CartLine, ManualDiscount
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.quantity import MILLI
from huiyuan.domain.model.rules import RuleFamily, RuleVersion

EVERY_MEMBER: Final = "member"
"""The price list that is open to every member; a tier's or dealer level's own is named like its code."""


@dataclass(frozen=True, slots=True)
class ListOffer:
    """What a price list for members takes off one line; nothing without a name."""

    name: str = ""
    amount_minor: int = 0


def list_offer(line: CartLine, value: int, member: Member | None) -> ListOffer:
    """The list open to this member that takes most off: `member`, the tier's, the dealer level's; ties by
    name.

    What the goods cost there is rounded up, so that crumbs cost no less than the whole. A typed price is
    compared with no list.
    """
    if member is None or line.typed_minor is not None:
        return ListOffer()
    offers = [
        ListOffer(name, value - -(-line.qty_milli * price // MILLI))
        for name, price in line.product.lists
        if name in (EVERY_MEMBER, member.tier.code, member.dealer)
    ]
    best = min(offers, key=lambda offer: (-offer.amount_minor, offer.name), default=ListOffer())
    return best if best.amount_minor > 0 else ListOffer()


@dataclass(frozen=True, slots=True)
class TierOffer:
    """What one tier rule takes off each line, in minor units; `gain_minor` beyond what lists do anyway."""

    rule: RuleVersion
    amounts: tuple[int, ...]
    gain_minor: int

    @property
    def total_minor(self) -> int:
        return sum(self.amounts)


def tier_offer(
    rule: RuleVersion, values: Sequence[int], listed: Sequence[int], goods: Sequence[Product] = ()
) -> TierOffer:
    """`floor(value * max_bp / 10,000)` a line, capped a line and over the document in line order.

    A line that a price list lowers as much or more is left to the list: a line goes by one of both.

    Args:
        values: what each line is worth at the list; 0 where no rule may lower it.
        listed: what a price list for members takes off it.
        goods: what each line is, where the rule is limited to some.
    """
    left = rule.max_document_minor
    amounts: list[int] = []
    gain = 0
    for i, (value, by_list) in enumerate(zip(values, listed, strict=True)):
        covered = rule.scope.everything or (bool(goods) and rule.scope.covers(goods[i]))
        amount = value * (rule.max_bp or 0) // BP if covered else 0
        amount = amount if rule.max_line_minor is None else min(amount, rule.max_line_minor)
        amount = amount if left is None else min(amount, left)
        if amount <= by_list:
            amount = 0
        else:
            gain += amount - by_list
        left = None if left is None else left - amount
        amounts.append(amount)
    return TierOffer(rule=rule, amounts=tuple(amounts), gain_minor=gain)


def tier_offers(
    rules: Iterable[RuleVersion],
    values: Sequence[int],
    listed: Sequence[int],
    tier: int | None,
    goods: Sequence[Product] = (),
) -> list[TierOffer]:
    """What each tier rule that holds takes off this basket, the most gain first, ties to the lowest rule id.

    A rule's least total is judged later, by what is left after the manual discounts.
    """
    offers = (
        tier_offer(rule, values, listed, goods)
        for rule in rules
        if rule.family is RuleFamily.TIER and rule.holds_for(tier)
    )
    return sorted(
        (offer for offer in offers if offer.gain_minor),
        key=lambda offer: (-offer.gain_minor, offer.rule.rule),
    )


def manual_amount(manual: ManualDiscount, left_minor: int) -> int:
    """What the person at the till takes off what is left of a line; a rate rounds down."""
    if manual.rate_bp is not None:
        return left_minor * manual.rate_bp // BP
    return min(manual.amount_minor or 0, left_minor)
