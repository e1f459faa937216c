"""Value between cards, members that become one, a card paid back, bonus that is due: the documents."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document, Kind, Proof
from huiyuan.domain.model.document_rows import CashBack, Merge, Release, Settlement, Transfer
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.settling import PaidOut
from huiyuan.domain.model.stamp import Stamp


def proof_of(card: OpenedCard, pin_attempt: UUID | None = None) -> Proof:
    """That this card lay here. Raises Refused `card_not_presented` for a card without a wallet."""
    if card.wallet is None:
        raise Refused("card_not_presented", {"wallet": None})
    token = card.token
    return Proof(token.kind, token.hmac, card.wallet, pin_attempt, token.source or None)


def transfer_document(
    stamp: Stamp,
    *,
    giver: OpenedCard,
    taker: OpenedCard,
    amount_minor: int,
    pin_attempt: UUID | None = None,
) -> Document:
    """So much of one card's stored value goes to another one; both lie on the counter.

    Raises:
        Refused: `card_not_active` (wallet, state), `transfer_refused` (why: same, bearer, amount),
            `insufficient`.
    """
    gives, takes = giver.active_wallet(), taker.active_wallet()
    if gives == takes:
        raise Refused("transfer_refused", {"why": "same"})
    if giver.member is not None and taker.member is None:
        raise Refused("transfer_refused", {"why": "bearer"})
    if amount_minor <= 0:
        raise Refused("transfer_refused", {"why": "amount"})
    held = giver.balances.stored_minor
    if amount_minor > held:
        raise Refused("insufficient", {"account": "stored", "balance": held, "wanted": amount_minor})
    return replace(
        stamp.document(Kind.VALUE_TRANSFER, amount_minor),
        transfers=(Transfer(gives, takes, amount_minor),),
        proofs=(proof_of(giver, pin_attempt), proof_of(taker)),
    )


def settlement_document(
    stamp: Stamp,
    *,
    card: OpenedCard,
    out: PaidOut,
    reason: str,
    reference: str = "",
    pin_attempt: UUID | None = None,
) -> Document:
    """A card is paid back: in cash, or, with a `reference`, to a bank account of the same name.

    Raises:
        Refused: `settlement_refused` (why: nothing, cash), `card_not_presented`, `reason_missing`.
    """
    proof = proof_of(card, pin_attempt)
    if not (out.paid_minor or out.forfeit_minor or out.points):
        raise Refused("settlement_refused", {"why": "nothing"})
    if not reference and not out.in_cash:
        raise Refused("settlement_refused", {"why": "cash", "most": out.cash_most_minor})
    if not reason.strip():
        raise Refused("reason_missing")
    assert proof.wallet is not None
    row = Settlement(
        wallet=proof.wallet,
        method="bank" if reference else "cash",
        amount_minor=out.paid_minor,
        forfeit_minor=out.forfeit_minor or None,
        points=out.points or None,
        reference=reference or None,
        rule=out.rule,
        version=out.version,
    )
    return replace(
        stamp.in_shift(Kind.SETTLEMENT, out.paid_minor),
        reason=reason.strip(),
        settlements=(row,),
        proofs=(proof,),
    )


def merge_document(stamp: Stamp, *, goes: int, stays: int, reason: str) -> Document:
    """Two members become one. Raises Refused `merge_refused` (why: same), `reason_missing`."""
    if goes == stays:
        raise Refused("merge_refused", {"why": "same"})
    if not reason.strip():
        raise Refused("reason_missing")
    return replace(
        stamp.document(Kind.MEMBER_MERGE, 0),
        reason=reason.strip(),
        merges=(Merge(goes, stays),),
    )


def due_document(stamp: Stamp, *, row: Release | CashBack) -> Document:
    """A part of a promised bonus, or a month's cash back, as it is booked."""
    part = isinstance(row, Release)
    return replace(
        stamp.document(Kind.BONUS_RELEASE if part else Kind.CASH_BACK, row.amount_minor),
        releases=(row,) if isinstance(row, Release) else (),
        cash_backs=(row,) if isinstance(row, CashBack) else (),
    )
