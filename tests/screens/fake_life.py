"""The card desk of the fake shop: moves as the domain's table has them, one fee due, one application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from huiyuan.domain.model.card import CARD_MOVES, CardState
from huiyuan.domain.model.card_life import (
    CardApplication,
    CardLife,
    Holder,
    LifeEvent,
    LifeMove,
    MemberLife,
    NamedType,
    OpenFee,
    PastCard,
)
from huiyuan.domain.model.document import Document, Fee, IdentityRow, Kind
from huiyuan.domain.model.errors import Refused
from tests.lives import KNOWN, REASON
from tests.screens.pages import page

if TYPE_CHECKING:
    from tests.screens.fake_ledger import FakeCard
    from tests.screens.fake_shop import FakeShop

REPLACEMENT = Fee("replacement", 90, 1, 1_000)
MEMBER_MOVES = {
    "active": ((Kind.MEMBER_FREEZE, "frozen"), (Kind.MEMBER_CANCELLATION, "cancelled")),
    "frozen": ((Kind.MEMBER_UNFREEZE, "active"), (Kind.MEMBER_CANCELLATION, "cancelled")),
    "cancelled": ((Kind.MEMBER_RESTORE, "active"),),
}
FRESH = frozenset({CardState.BLANK, CardState.ISSUED})
TYPES = (NamedType(2, "金卡"), NamedType(3, "年卡"))


def _move(kind: Kind, now: str) -> LifeMove:
    with_fee = kind is Kind.CARD_REPLACEMENT
    return LifeMove(
        kind, str(now), "card_issue", str(kind) in REASON, str(kind) in KNOWN, with_fee,
        (REPLACEMENT,) if with_fee else (),
    )  # fmt: skip


_NEAREST_FIRST = ("void", "blank", "issued", "active", "expired", "frozen", "lost", "replaced", "closed")


def _gives_back(was: CardState, now: CardState) -> bool:
    """A move to a state nearer to use: it has to be the one that the card was in before."""
    return _NEAREST_FIRST.index(now) < _NEAREST_FIRST.index(was)


class FakeCardDesk:
    """Asks the fake ledger; `events` are the moves that were posted there."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.before: dict[int, CardState] = {}
        self.states: dict[int, str] = {}
        self.numbers: list[tuple[str, str]] = []
        self.waiting: list[CardApplication] = []
        self.open_fees = [
            OpenFee(
                Fee("annual", 91, 1, 3_000, 1, 2026), "88000001", "李娜", "M0001", "记名卡", date(2026, 3, 1)
            )
        ]
        self.past_cards = [PastCard(4, CardState.ACTIVE)]

    def card(self, *, token_kind: str, text: str) -> CardLife:
        self.fake.travel()
        assert token_kind
        card = next((each for each in self.fake.ledger.cards if each.number == text), None)
        if card is None:
            raise Refused("unknown_card", {"card": text})
        before = self.before.get(card.id, CardState.ACTIVE)
        moves = [
            _move(kind, now)
            for kind, pairs in CARD_MOVES.items()
            for was, now in sorted(pairs)
            if was is card.state
            and was is not CardState.BLANK
            and kind is not Kind.CARD_EXPIRY
            and (not _gives_back(was, now) or now is before)
        ]
        story = tuple(
            LifeEvent(entry.posted.posted_at, "旗舰店", "王芳", str(doc.kind), row.was, row.now,
                      entry.posted.receipt, doc.reason or "")
            for entry in reversed(self.fake.ledger.entries.values())
            for doc in (entry.document,)
            for row in doc.cards
            if row.card == card.id
        )  # fmt: skip
        return CardLife(
            id=card.id, number=card.number, state=card.state, before=before, type=NamedType(1, "记名卡"),
            registered=True, main=True, wallet=card.wallet,
            holder=Holder(
                card.member.id, card.member.number, card.member.name,
                self.states.get(card.member.id, "active"),
            ) if card.member else None,
            valid_to=None if card.state in FRESH else date(2027, 12, 31),
            issued_on=date(2025, 3, 9), months=12, replaced_by="",
            moves=tuple(moves), types=TYPES, story=story,
        )  # fmt: skip

    def member(self, member: int) -> MemberLife:
        self.fake.travel()
        page = self.fake.members.page(member)
        state = self.states.get(member, "active")
        moves = tuple(_move(kind, now) for kind, now in MEMBER_MOVES[state])
        return MemberLife(member, page.number, page.name, state, moves, TYPES, ())

    def identity(self, holder: int, *, paper: str, number: str) -> IdentityRow:
        self.numbers.append((paper, number))
        return IdentityRow(holder, paper, "a" * 64 if number else None)

    def fees_open(self, most: int, *, after: OpenFee | None) -> Sequence[OpenFee]:
        self.fake.travel()
        return page(self.open_fees, lambda each: each, after, most)

    def past(self, most: int) -> Sequence[PastCard]:
        self.fake.travel()
        return self.past_cards[:most]

    def applications(self, member: int | None) -> Sequence[CardApplication]:
        self.fake.travel()
        return [each for each in self.waiting if member in {None, each.member}]


class LifeKinds:
    """What the fake ledger does with documents about lives: it moves the cards and keeps the rest."""

    cards: list[FakeCard]
    approved: set[Any]

    def _life(self, document: Document, result: Any, at: datetime) -> None:
        del result, at
        for row in document.cards:
            card = next(each for each in self.cards if each.id == row.card)
            if card.state != row.was:
                raise Refused("card_state", {"card": card.id, "state": card.state})
        due = REPLACEMENT.amount_minor if document.kind == Kind.CARD_REPLACEMENT else 0
        if document.total_minor < due and document.id not in self.approved:
            raise Refused("fee_wrong", {"fee": "replacement", "due": due})
        old = next((row for row in document.cards if row.now == CardState.REPLACED), None)
        for row in document.cards:
            card = next(each for each in self.cards if each.id == row.card)
            if row.was == CardState.BLANK and old is not None:
                gone = next(each for each in self.cards if each.id == old.card)
                card.member, card.wallet, card.balances, card.pin = (
                    gone.member, gone.wallet, gone.balances, gone.pin,
                )  # fmt: skip
            card.state = CardState(row.now)

    _card_lost = _card_found = _card_freeze = _card_unfreeze = _card_replacement = _life
    _card_renewal = _card_expiry = _card_type_change = _card_pin_reset = _card_pin_unlock = _life
    _card_cancellation = _card_restore = _life
    _member_freeze = _member_unfreeze = _member_cancellation = _member_restore = _life
    _card_application = _card_approval = _card_rejection = _card_withdrawal = _annual_fee = _life
