"""A member's money beside stored value: paid ahead for goods to come, and debts that are paid down."""

from __future__ import annotations

from dataclasses import replace

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document, Kind, Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import ADVANCE, Payment
from huiyuan.domain.usecases.moving import proof_of


def account_document(
    stamp: Stamp,
    *,
    kind: Kind,
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
    wallet = card.active_wallet()
    tenders = payment.whole()
    if kind is Kind.CREDIT_PAYMENT and payment.total_minor > card.balances.owed_minor:
        raise Refused("credit_overpaid", {"most": max(card.balances.owed_minor, 0)})
    if kind is Kind.ADVANCE and not reason.strip():
        raise Refused("reason_missing")
    return replace(
        stamp.in_shift(kind, payment.total_minor),
        wallet=wallet,
        tenders=tenders,
        reason=reason.strip() or None,
    )


def deposit_back_document(
    stamp: Stamp,
    *,
    card: OpenedCard,
    amount_minor: int,
    reason: str,
) -> Document:
    """A deposit, or a part of it, that goes back in cash as it will be posted; a second person approves it.

    Raises:
        Refused: `card_not_active` (wallet, state), `insufficient` (account, wallet, balance, wanted),
            `reason_missing`.
    """
    wallet = card.active_wallet()
    held = card.balances.advance
    if not 0 < amount_minor <= held:
        facts = {"account": ADVANCE, "wallet": wallet, "balance": held, "wanted": amount_minor}
        raise Refused("insufficient", facts)
    if not reason.strip():
        raise Refused("reason_missing")
    return replace(
        stamp.in_shift(Kind.ADVANCE_BACK, amount_minor),
        wallet=wallet,
        tenders=(Tender(kind=ADVANCE, amount_minor=amount_minor, wallet=wallet),),
        proofs=(proof_of(card),),
        reason=reason.strip(),
    )
