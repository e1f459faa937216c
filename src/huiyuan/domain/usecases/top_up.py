"""Topping up: money paid in becomes principal, and the rule's bonus comes on top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.points import pass_gifts
from huiyuan.domain.model.recharge import Offer, Purchase, recharge_offers, waiting_for_purchase
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import STORED, Payment


def offers_for(
    card: OpenedCard,
    *,
    amount_minor: int,
    rules: Iterable[RuleVersion],
    purchase: Purchase | None = None,
) -> tuple[Offer, ...]:
    """What the rules give on top of so much money (minor units) on this card, the best first: one of them."""
    return recharge_offers(
        rules,
        amount_minor=amount_minor,
        tier=card.member.tier.id if card.member else None,
        card_type=card.type,
        terms=card.terms,
        purchase=purchase,
    )


def asking_for_purchase(
    card: OpenedCard, *, amount_minor: int, rules: Iterable[RuleVersion]
) -> tuple[RuleVersion, ...]:
    """Rules that give something on so much money (minor units) to who shows the receipt of a purchase."""
    return waiting_for_purchase(
        rules,
        amount_minor=amount_minor,
        tier=card.member.tier.id if card.member else None,
        card_type=card.type,
        terms=card.terms,
    )


def top_up_document(
    stamp: Stamp,
    *,
    card: OpenedCard,
    payment: Payment,
    rules: Iterable[RuleVersion],
    offer: Offer | None = None,
    purchase: Purchase | None = None,
    goods: bool = True,
    buyer: int | None = None,
    coupons: tuple[CouponRow, ...] = (),
) -> Document:
    """The top-up as it will be posted, with what the offer gives, and every pass that comes with so much.

    Args:
        card: the card presented; its wallet gets the money.
        buyer: the member who pays, where it is not whoever the card belongs to.
        offer: what a rule gives on top, as `recharge_offers` found it for this card and amount.
        purchase: whose receipt was shown; it goes along where the offer asks for one.
        goods: False where the customer does without the offer's goods.
        payment: tenders that pay `payment.total_minor` exactly, none of them stored value.

    Raises:
        Refused: `card_not_active` (wallet, state), `unbalanced`, `tender_not_allowed`.
    """
    wallet = card.active_wallet()
    tenders = payment.whole()
    if payment.stored_minor:
        raise Refused("tender_not_allowed", {"tender": STORED})
    tier = card.member.tier.id if card.member else None
    passes = pass_gifts(rules, amount_minor=payment.total_minor, tier=tier, terms=card.terms)
    return replace(
        stamp.in_shift(Kind.TOP_UP, payment.total_minor),
        wallet=wallet,
        tenders=tenders,
        grants=(offer.grants if offer else ()) + passes,
        coupons=coupons,
        gifts=offer.gifts if offer and goods else (),
        bought=purchase.document if offer and offer.with_purchase and purchase else None,
        buyer=buyer,
    )
