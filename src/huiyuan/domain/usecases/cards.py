"""Cards: issuing a blank one to a holder, and activating an issued one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.card import CardState, OpenedCard, may_move
from huiyuan.domain.model.document import CardMove, Document, Fee, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.domain.model.tender import STORED, Payment
from huiyuan.domain.ports import Door


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


def card_issue_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
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
    total = sum(fee.amount_minor for fee in fees)
    tendered = sum(tender.amount_minor for tender in payment.tenders)
    if tendered != total:
        raise Refused("unbalanced", {"lines": total, "tendered": tendered})
    if payment.stored_minor:
        raise Refused("tender_not_allowed", {"tender": STORED})
    return Document(
        id=id,
        kind=Kind.CARD_ISSUE,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=total,
        shift=shift,
        tenders=payment.tenders,
        fees=fees,
        cards=(move,),
    )


def issue_card(
    door: Door,
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    card: OpenedCard,
    holder: int | None,
    rules: Iterable[RuleVersion],
    payment: Payment,
    wallet: int | None = None,
) -> Posted:
    """Issue a card, once per `id`; `Posted.wallet` is the wallet it opens.

    Raises:
        Refused: as `card_issue_document`; `fee_wrong` and others from the door.
        Unreachable, OutcomeUnknown: from the door.
    """
    return door.post(
        card_issue_document(
            id=id,
            number=number,
            at=at,
            session=session,
            shift=shift,
            card=card,
            holder=holder,
            rules=rules,
            payment=payment,
            wallet=wallet,
        )
    )


def card_activation_document(
    *, id: UUID, number: int, at: datetime, session: int, card: OpenedCard
) -> Document:
    """An issued card becomes active; no money, no shift. Raises Refused: `card_state`."""
    return Document(
        id=id,
        kind=Kind.CARD_ACTIVATION,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=0,
        cards=(_move(Kind.CARD_ACTIVATION, card, CardState.ACTIVE),),
    )


def activate_card(
    door: Door, *, id: UUID, number: int, at: datetime, session: int, card: OpenedCard
) -> Posted:
    """Activate a card, once per `id`. Raises Refused `card_state`; Unreachable, OutcomeUnknown."""
    return door.post(card_activation_document(id=id, number=number, at=at, session=session, card=card))


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
