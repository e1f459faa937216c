"""A member's money beside stored value: paid ahead for goods to come, and debts that are paid down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.card import CardState, OpenedCard
from huiyuan.domain.model.document import Document, Kind, Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.tender import ADVANCE, Payment
from huiyuan.domain.usecases.moving import proof_of


def account_document(
    *,
    kind: Kind,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    card: OpenedCard,
    payment: Payment,
    reason: str = "",
) -> Document:
    """A deposit (`advance`) or the payment of a debt (`credit_payment`) as it will be posted.

    Args:
        card: the card presented; its wallet is paid for.
        payment: tenders that pay `payment.total_minor` exactly.
        reason: what a deposit is for.

    Raises:
        Refused: `card_not_active` (wallet, state), `unbalanced`, `credit_overpaid` (most), `reason_missing`.
    """
    if card.wallet is None or card.state is not CardState.ACTIVE:
        raise Refused("card_not_active", {"wallet": card.wallet, "state": str(card.state)})
    if payment.due_minor or not payment.tenders:
        tendered = payment.total_minor - payment.due_minor
        raise Refused("unbalanced", {"lines": payment.total_minor, "tendered": tendered})
    if kind is Kind.CREDIT_PAYMENT and payment.total_minor > card.balances.owed_minor:
        raise Refused("credit_overpaid", {"most": max(card.balances.owed_minor, 0)})
    if kind is Kind.ADVANCE and not reason.strip():
        raise Refused("reason_missing")
    return Document(
        id=id,
        kind=kind,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=payment.total_minor,
        shift=shift,
        wallet=card.wallet,
        tenders=payment.tenders,
        reason=reason.strip() or None,
    )


def deposit_back_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    card: OpenedCard,
    amount_minor: int,
    reason: str,
) -> Document:
    """A deposit, or a part of it, that goes back in cash as it will be posted; a second person approves it.

    Raises:
        Refused: `card_not_active` (wallet, state), `insufficient` (account, wallet, balance, wanted),
            `reason_missing`.
    """
    if card.wallet is None or card.state is not CardState.ACTIVE:
        raise Refused("card_not_active", {"wallet": card.wallet, "state": str(card.state)})
    held = card.balances.advance
    if not 0 < amount_minor <= held:
        facts = {"account": ADVANCE, "wallet": card.wallet, "balance": held, "wanted": amount_minor}
        raise Refused("insufficient", facts)
    if not reason.strip():
        raise Refused("reason_missing")
    return Document(
        id=id,
        kind=Kind.ADVANCE_BACK,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=amount_minor,
        shift=shift,
        wallet=card.wallet,
        tenders=(Tender(kind=ADVANCE, amount_minor=amount_minor, wallet=card.wallet),),
        proofs=(proof_of(card),),
        reason=reason.strip(),
    )
