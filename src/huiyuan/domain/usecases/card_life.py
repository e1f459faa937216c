"""Documents about the life of a card, a membership, an application: built from what the desk knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from huiyuan.domain.model.card import CardState, OpenedCard
from huiyuan.domain.model.card_life import CardLife, LifeMove, MemberLife, OpenFee, PastCard
from huiyuan.domain.model.document import (
    ApplicationMove,
    CardMove,
    Document,
    Fee,
    IdentityRow,
    Kind,
    MemberMove,
)
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.cards import paid_fees


def _document(
    kind: Kind, stamp: Stamp, *, fees: Sequence[Fee], payment: Payment | None, reason: str, needs_shift: bool
) -> Document:
    total, tenders = paid_fees(fees, payment)
    return replace(
        stamp.in_shift(kind, total) if needs_shift else stamp.document(kind, total),
        reason=reason or None,
        fees=tuple(fees),
        tenders=tenders,
    )


def card_move_document(
    stamp: Stamp,
    card: CardLife,
    move: LifeMove,
    *,
    reason: str = "",
    identity: IdentityRow | None = None,
    new_type: int | None = None,
    replacement: OpenedCard | None = None,
    payment: Payment | None = None,
    waived: bool = False,
) -> Document:
    """A move of one card.

    Args:
        replacement: the blank card that takes over, where the move replaces.
        payment: the fees exactly; None where there are none, or where they are `waived`.

    Raises:
        Refused: `reason_missing`, `identity_missing` (member, name), `card_state` (card, was, now, state),
            `unbalanced` (lines, tendered), `tender_not_allowed` (tender).
    """
    if move.reason and not reason:
        raise Refused("reason_missing")
    if move.identity and identity is None and card.holder is not None:
        raise Refused("identity_missing", {"member": card.holder.number, "name": card.holder.name})
    rows = [CardMove(card=card.id, was=str(card.state), now=move.now, type=new_type)]
    if move.now == CardState.REPLACED:
        rows.append(_taking_over(card, replacement))
    fees = tuple(_free(fee) for fee in move.fees) if waived else move.fees
    return replace(
        _document(move.kind, stamp, fees=fees, payment=payment, reason=reason, needs_shift=move.shift),
        cards=tuple(rows),
        identity=(identity,) if identity else (),
    )


def _taking_over(card: CardLife, blank: OpenedCard | None) -> CardMove:
    if blank is None or blank.state is not CardState.BLANK:
        state = str(blank.state) if blank else ""
        raise Refused("card_state", {"card": blank.id if blank else 0, "was": "blank", "state": state})
    now = card.state if card.state in {CardState.ISSUED, CardState.ACTIVE} else card.before
    return CardMove(
        card=blank.id,
        was=str(CardState.BLANK),
        now=str(now),
        holder=card.holder.id if card.holder else None,
        wallet=card.wallet,
    )


def member_move_document(
    stamp: Stamp, member: MemberLife, move: LifeMove, *, reason: str, identity: IdentityRow | None = None
) -> Document:
    """A move of a membership. Raises Refused: `reason_missing`, `identity_missing` (member, name)."""
    if not reason:
        raise Refused("reason_missing")
    if move.identity and identity is None:
        raise Refused("identity_missing", {"member": member.number, "name": member.name})
    return replace(
        _document(move.kind, stamp, fees=(), payment=None, reason=reason, needs_shift=False),
        members=(MemberMove(member=member.id, was=member.state, now=move.now),),
        identity=(identity,) if identity else (),
    )


def application_document(
    stamp: Stamp, *, member: int, card_type: int, papers: str, identity: IdentityRow
) -> Document:
    """Somebody asks for a card of a type; which papers were shown, in words."""
    row = ApplicationMove(was="new", now="applied", type=card_type, holder=member, papers=papers)
    return replace(
        _document(Kind.CARD_APPLICATION, stamp, fees=(), payment=None, reason="", needs_shift=False),
        applications=(row,),
        identity=(identity,),
    )


def judgement_document(
    stamp: Stamp, kind: Kind, *, application: int, was: str, now: str, reason: str = ""
) -> Document:
    """An application is approved, rejected or withdrawn. Raises Refused: `reason_missing`."""
    if kind is not Kind.CARD_APPROVAL and not reason:
        raise Refused("reason_missing")
    return replace(
        _document(kind, stamp, fees=(), payment=None, reason=reason, needs_shift=False),
        applications=(ApplicationMove(application=application, was=was, now=now),),
    )


def annual_fee_document(
    stamp: Stamp, due: OpenFee, *, payment: Payment | None, waived: bool = False
) -> Document:
    """A fee of a year, paid exactly or waived. Raises Refused: `unbalanced`, `tender_not_allowed`."""
    fee = _free(due.fee) if waived else due.fee
    return _document(Kind.ANNUAL_FEE, stamp, fees=(fee,), payment=payment, reason="", needs_shift=True)


def expiry_document(stamp: Stamp, cards: Sequence[PastCard]) -> Document:
    """Cards past their last day are written down as expired."""
    rows = (CardMove(card=each.id, was=str(each.was), now=str(CardState.EXPIRED)) for each in cards)
    return replace(
        _document(Kind.CARD_EXPIRY, stamp, fees=(), payment=None, reason="", needs_shift=False),
        cards=tuple(rows),
    )


def _free(fee: Fee) -> Fee:
    return replace(fee, amount_minor=0)
