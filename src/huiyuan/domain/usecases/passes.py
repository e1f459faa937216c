"""Passes: selling one to a card, and using one by the card that is presented."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document, Grant, Kind, PassRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.passes import HeldPass, PassOffer
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.moving import proof_of

COUNT_MAX: Final = 1000
"""At once, sold or used."""


def _wallet_for(card: OpenedCard, *, unlimited: bool) -> int:
    """Raises Refused: `card_not_active`; `card_function` where cards of the type have no such passes."""
    wallet = card.active_wallet()
    function = "period" if unlimited else "passes"
    if not card.terms.may(function):
        raise Refused("card_function", {"wallet": wallet, "function": function})
    return wallet


def _check_count(count: int, rule: int) -> None:
    """Raises Refused: `pass_refused` (pass, why)."""
    if not 1 <= count <= COUNT_MAX:
        raise Refused("pass_refused", {"pass": rule, "why": "count"})


def pass_sale_document(
    stamp: Stamp,
    *,
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
    wallet = _wallet_for(card, unlimited=offer.unlimited)
    _check_count(count, offer.rule)
    due = offer.price_minor * count
    tenders = payment.whole()
    if payment.total_minor != due:
        raise Refused("pass_refused", {"pass": offer.rule, "why": "price", "most": due})
    return replace(
        stamp.in_shift(Kind.PASS_SALE, due),
        wallet=wallet,
        tenders=tenders,
        proofs=(proof_of(card, pin_attempt),) if payment.stored_minor else (),
        grants=(Grant("pass", offer.rule, offer.version, offer.uses * count),),
    )


def pass_use_document(
    stamp: Stamp,
    *,
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
    wallet = _wallet_for(card, unlimited=held.unlimited)
    _check_count(count, held.rule)
    if not held.unlimited and count > held.left:
        facts = {"account": "pass", "wallet": wallet, "balance": held.left, "wanted": count}
        raise Refused("insufficient", facts)
    if held.day_max is not None and held.used_today + count > held.day_max:
        raise Refused("pass_refused", {"pass": held.rule, "why": "day", "most": held.day_max})
    return replace(
        stamp.document(Kind.PASS_USE, 0),
        wallet=wallet,
        passes=(PassRow(held.rule, count),),
        proofs=(proof_of(card, pin_attempt),),
    )
