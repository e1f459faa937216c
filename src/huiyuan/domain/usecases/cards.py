"""Cards: issuing a blank one to a holder, and activating an issued one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from huiyuan.domain.model.card import CardState, OpenedCard, may_move
from huiyuan.domain.model.document import CardMove, Document, Fee, Kind, Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import STORED, Payment


def fees_due(rules: Iterable[RuleVersion], *, kind: Kind, cards: int = 1) -> tuple[Fee, ...]:
    """The fees that rules in force ask for `cards` cards in a document of `kind`, each exactly."""
    return tuple(
        Fee(
            code=str(rule.body["code"]),
            rule=rule.rule,
            version=rule.version,
            amount_minor=rule.amount_minor * cards,
        )
        for rule in rules
        if rule.family is RuleFamily.FEE and rule.body.get("kind") == kind and rule.amount_minor
    )


def paid_fees(fees: Iterable[Fee], payment: Payment | None) -> tuple[int, tuple[Tender, ...]]:
    """The sum of fees in minor units, and the tenders that pay it exactly; None pays nothing.

    Raises:
        Refused: `unbalanced` (lines, tendered); `tender_not_allowed` (tender): stored value pays no fee.
    """
    tenders = payment.tenders if payment else ()
    total = sum(fee.amount_minor for fee in fees)
    if (tendered := sum(tender.amount_minor for tender in tenders)) != total:
        raise Refused("unbalanced", {"lines": total, "tendered": tendered})
    if any(tender.kind == STORED for tender in tenders):
        raise Refused("tender_not_allowed", {"tender": STORED})
    return total, tenders


def card_issue_document(
    stamp: Stamp,
    *,
    card: OpenedCard,
    holder: int | None,
    rules: Iterable[RuleVersion],
    payment: Payment,
    wallet: int | None = None,
    fees: tuple[Fee, ...] | None = None,
) -> Document:
    """A blank card becomes an issued one and opens a wallet.

    Args:
        holder: the member's id; None for a bearer card.
        payment: tenders for the fees, exactly; empty where there are none.
        wallet: the wallet that the card opens, of a main card or a group; None opens a new one.
        fees: what the door asks for this card and holder; None: every fee of the rules.

    Raises:
        Refused: `card_state` (card, was, now, state), `unbalanced` (lines, tendered), `tender_not_allowed`.
    """
    move = _move(Kind.CARD_ISSUE, card, CardState.ISSUED, holder=holder, wallet=wallet)
    fees = fees_due(rules, kind=Kind.CARD_ISSUE) if fees is None else fees
    total, tenders = paid_fees(fees, payment)
    return replace(
        stamp.in_shift(Kind.CARD_ISSUE, total),
        tenders=tenders,
        fees=fees,
        cards=(move,),
    )


def card_activation_document(stamp: Stamp, *, card: OpenedCard) -> Document:
    """An issued card becomes active; no money, no shift. Raises Refused: `card_state`."""
    return replace(
        stamp.document(Kind.CARD_ACTIVATION, 0),
        cards=(_move(Kind.CARD_ACTIVATION, card, CardState.ACTIVE),),
    )


def _move(
    kind: Kind,
    card: OpenedCard,
    now: CardState,
    *,
    holder: int | None = None,
    wallet: int | None = None,
) -> CardMove:
    if not may_move(kind, card.state, now):
        facts = {"card": card.id, "was": str(card.state), "now": str(now), "state": str(card.state)}
        raise Refused("card_state", facts)
    return CardMove(card=card.id, was=str(card.state), now=str(now), holder=holder, wallet=wallet)
