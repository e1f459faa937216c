"""Topping up: money paid in becomes principal, and the rule's bonus comes on top."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.card import CardState, OpenedCard
from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.points import bonus_grant
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.tender import STORED, Payment
from huiyuan.domain.ports import Door


def top_up_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    card: OpenedCard,
    payment: Payment,
    rules: Iterable[RuleVersion],
    buyer: int | None = None,
    coupons: tuple[CouponRow, ...] = (),
) -> Document:
    """The top-up as it will be posted; the best bonus rule for this member is granted.

    Args:
        card: the card presented; its wallet gets the money.
        buyer: the member who pays, where it is not whoever the card belongs to.
        payment: tenders that pay `payment.total_minor` exactly, none of them stored value.

    Raises:
        Refused: `card_not_active` (wallet, state), `unbalanced`, `tender_not_allowed`.
    """
    if card.wallet is None or card.state is not CardState.ACTIVE:
        raise Refused("card_not_active", {"wallet": card.wallet, "state": str(card.state)})
    if payment.due_minor or not payment.tenders:
        tendered = payment.total_minor - payment.due_minor
        raise Refused("unbalanced", {"lines": payment.total_minor, "tendered": tendered})
    if payment.stored_minor:
        raise Refused("tender_not_allowed", {"tender": STORED})
    tier = card.member.tier.id if card.member else None
    bonus = bonus_grant(rules, amount_minor=payment.total_minor, tier=tier, card_type=card.type)
    return Document(
        id=id,
        kind=Kind.TOP_UP,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=payment.total_minor,
        shift=shift,
        wallet=card.wallet,
        tenders=payment.tenders,
        grants=(bonus,) if bonus else (),
        coupons=coupons,
        buyer=buyer,
    )


def top_up(
    door: Door,
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    card: OpenedCard,
    payment: Payment,
    rules: Iterable[RuleVersion],
) -> Posted:
    """Add money to the card's wallet, once per `id`.

    Raises:
        Refused: as `top_up_document`; `balance_cap` (wallet, cap, would_be) and others from the door.
        Unreachable, OutcomeUnknown: from the door.
    """
    return door.post(
        top_up_document(
            id=id,
            number=number,
            at=at,
            session=session,
            shift=shift,
            card=card,
            payment=payment,
            rules=rules,
        )
    )
