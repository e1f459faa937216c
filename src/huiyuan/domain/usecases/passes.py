"""Passes: selling one to a card, and using one by the card that is presented."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.card import CardState, OpenedCard
from huiyuan.domain.model.document import Document, Grant, Kind, PassRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.passes import HeldPass, PassOffer
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.moving import proof_of


def _wallet(card: OpenedCard) -> int:
    if card.wallet is None or card.state is not CardState.ACTIVE:
        raise Refused("card_not_active", {"wallet": card.wallet, "state": str(card.state)})
    return card.wallet


def pass_sale_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    card: OpenedCard,
    offer: PassOffer,
    count: int,
    payment: Payment,
    pin_attempt: UUID | None = None,
) -> Document:
    """`count` whole passes for the wallet of a card, paid by `payment`; stored value with the card's proof.

    Raises:
        Refused: `card_not_active`, `card_function`, `unbalanced`, `pass_refused` (`price`, `count`).
    """
    wallet = _wallet(card)
    function = "period" if offer.unlimited else "passes"
    if not card.terms.may(function):
        raise Refused("card_function", {"wallet": wallet, "function": function})
    if not 1 <= count <= 1000:
        raise Refused("pass_refused", {"pass": offer.rule, "why": "count"})
    due = offer.price_minor * count
    if payment.due_minor or not payment.tenders:
        tendered = payment.total_minor - payment.due_minor
        raise Refused("unbalanced", {"lines": payment.total_minor, "tendered": tendered})
    if payment.total_minor != due:
        raise Refused("pass_refused", {"pass": offer.rule, "why": "price", "most": due})
    return Document(
        id=id,
        kind=Kind.PASS_SALE,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=due,
        shift=shift,
        wallet=wallet,
        tenders=payment.tenders,
        proofs=(proof_of(card, pin_attempt),) if payment.stored_minor else (),
        grants=(Grant("pass", offer.rule, offer.version, offer.uses * count),),
    )


def pass_use_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    card: OpenedCard,
    held: HeldPass,
    count: int,
    pin_attempt: UUID | None = None,
) -> Document:
    """`count` uses of a pass by the card presented; no money, no shift.

    Raises:
        Refused: `card_not_active`, `card_function`, `insufficient` (account pass), `pass_refused`
            (`count`, `day`).
    """
    wallet = _wallet(card)
    function = "period" if held.unlimited else "passes"
    if not card.terms.may(function):
        raise Refused("card_function", {"wallet": wallet, "function": function})
    if not 1 <= count <= 1000:
        raise Refused("pass_refused", {"pass": held.rule, "why": "count"})
    if not held.unlimited and count > held.left:
        facts = {"account": "pass", "wallet": wallet, "balance": held.left, "wanted": count}
        raise Refused("insufficient", facts)
    if held.day_max is not None and held.used_today + count > held.day_max:
        raise Refused("pass_refused", {"pass": held.rule, "why": "day", "most": held.day_max})
    return Document(
        id=id,
        kind=Kind.PASS_USE,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=0,
        wallet=wallet,
        passes=(PassRow(held.rule, count),),
        proofs=(proof_of(card, pin_attempt),),
    )
