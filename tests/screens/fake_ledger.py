"""A small ledger in memory: enough of the door's rules that a screen meets every answer it can get.

It imports no SQL and no repository; races, lots and chains are the real door's business and tested there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from huiyuan.domain.model.card import Balances, CardState, CardToken, Member, OpenedCard, Rest
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import BackLine, Document, Kind, ReturnLine, SaleLine
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import OpenShift
from huiyuan.domain.model.money import floor_share
from huiyuan.domain.model.passes import HeldPass
from huiyuan.domain.model.posted import (
    LineLeft,
    Posted,
    PostedDocument,
    PostingRow,
    WalletBalances,
)
from tests.screens.fake_life import LifeKinds
from tests.screens.fake_passes import FakePasses
from tests.screens.fake_phone import advance_back, paid_with, phone_postings
from tests.screens.fake_value import ValueKinds

PIN_TRIES = 5
NOON = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
HOSTILE = "[/x] [red]\x1b[2J\u202eabc"


@dataclass
class FakeCard:
    """A card and what its wallet holds."""

    id: int
    number: str
    state: CardState
    wallet: int | None = None
    member: Member | None = None
    balances: Balances = field(default_factory=Balances)
    pin: str | None = None
    wrong: int = 0
    passes: tuple[HeldPass, ...] = ()
    rest: Rest | None = None
    holder: str = ""

    def opened(self) -> OpenedCard:
        token = CardToken("number", hashlib.sha256(self.number.encode()).hexdigest())
        return OpenedCard(
            id=self.id, number=self.number, state=self.state, type="standard", version=1, wallet=self.wallet,
            member=self.member, balances=self.balances, pin_set=self.pin is not None, token=token,
            passes=self.passes, rest=self.rest, holder=self.holder,
        )  # fmt: skip


@dataclass
class Entry:
    """A document that stands."""

    document: Document
    posted: Posted
    returned: dict[int, int] = field(default_factory=dict)
    reversed_by: UUID | None = None


class FakeLedger(LifeKinds, FakePasses, ValueKinds):
    """Products, cards, the drawer and every document that was posted."""

    def __init__(
        self, *, products: Sequence[Product], cards: Sequence[FakeCard], pin_floor_minor: int
    ) -> None:
        self.products = {product.id: product for product in products}
        self.cards = list(cards)
        self.pin_floor_minor = pin_floor_minor
        self.entries: dict[UUID, Entry] = {}
        self.guesses: dict[UUID, tuple[int, str]] = {}
        self.approved: set[UUID] = set()
        self.shift: OpenShift | None = None
        self.shift_number = 0
        self.closed_shift: OpenShift | None = None
        self.cash_minor = 0
        self.float_minor = 0
        self.limits: dict[str, int] = {}
        self.denominations: tuple[int, ...] = ()
        self.counted_minor = 0
        self.gap_free_minor: int | None = None

    def of_kind(self, kind: Kind) -> list[Document]:
        """Every document of one kind, in the order they were posted."""
        return [entry.document for entry in self.entries.values() if entry.document.kind == kind]

    def card_of(self, wallet: int | None) -> FakeCard:
        """The card that opens `wallet`."""
        for card in self.cards:
            if card.wallet == wallet and wallet is not None:
                return card
        raise Refused("unknown_wallet", {"wallet": wallet})

    def post(self, document: Document, at: datetime) -> Posted:
        """Judge and book one document; the same id answers what it answered before."""
        if document.id in self.entries:
            known = self.entries[document.id]
            if known.document.to_body() != document.to_body():
                raise Refused("id_reused", {"number": known.document.number})
            return replace(known.posted, replayed=True)
        limit = self.limits.get(document.kind)
        if limit is not None and document.total_minor > limit and document.id not in self.approved:
            facts = {"permission": document.kind, "amount": document.total_minor, "limit": limit}
            raise Refused("approval_needed", facts)
        needs_shift = {Kind.SALE, Kind.RETURN, Kind.TOP_UP, Kind.CARD_ISSUE, Kind.SHIFT_CLOSE}
        if document.kind in needs_shift and (self.shift is None or document.shift != self.shift.id):
            raise Refused("shift_closed" if document.shift else "shift_missing", {"shift": document.shift})
        result = _Result()
        getattr(self, f"_{document.kind}")(document, result, at)
        posted = self._result(document, result, at)
        self.entries[document.id] = Entry(document, posted)
        return posted

    # Kinds

    def _sale(self, document: Document, result: _Result, _at: datetime) -> None:
        for line in document.lines:
            assert isinstance(line, SaleLine)
            product = self.products.get(line.product)
            if product is None:
                raise Refused("unknown_product", {"line": line.n, "product": line.product})
            if line.open and not product.open_price and document.id not in self.approved:
                facts = {"permission": "open_price", "line": line.n, "amount": line.price_minor}
                raise Refused("approval_needed", {**facts, "now": product.price_minor})
            if product.price_minor != line.price_minor and not line.open:
                facts = {"line": line.n, "product": line.product, "now": product.price_minor}
                raise Refused("price_changed", facts)
        if sum(t.amount_minor for t in document.tenders) != document.total_minor:
            raise Refused("unbalanced", {"lines": document.total_minor, "tendered": 0})
        stored = sum(t.amount_minor for t in document.tenders if t.kind == "stored")
        if stored:
            self._take_stored(document, stored, result)
        for tender in document.tenders:
            if tender.points:
                card = self.card_of(tender.wallet)
                left = card.balances.points - tender.points
                card.balances = replace(card.balances, points=left)
                result.touched.append(card)
        self._take_tenders(document, result)
        self._grant(document, result)

    def _take_stored(self, document: Document, stored: int, result: _Result) -> None:
        wallet = next(t.wallet for t in document.tenders if t.kind == "stored")
        card = self.card_of(wallet)
        proof = next((p for p in document.proofs if p.wallet == wallet), None)
        if proof is None or proof.token != card.opened().token.hmac:
            raise Refused("card_not_presented", {"wallet": wallet})
        if card.state != CardState.ACTIVE:
            raise Refused("card_not_active", {"wallet": wallet, "state": card.state})
        if stored > self.pin_floor_minor:
            self._judge_pin(card, proof.pin_attempt)
        held = card.balances
        if stored > held.stored_minor:
            facts = {"account": "stored", "wallet": wallet, "balance": held.stored_minor, "wanted": stored}
            raise Refused("insufficient", facts)
        principal = min(stored, held.principal)
        card.balances = replace(held, principal=held.principal - principal,
                                bonus=held.bonus - (stored - principal))  # fmt: skip
        result.touched.append(card)

    def _judge_pin(self, card: FakeCard, attempt: UUID | None) -> None:
        if card.wrong >= PIN_TRIES:
            raise Refused("pin_locked", {"wallet": card.wallet, "minutes": 15})
        if attempt is None:
            raise Refused("pin_needed", {"wallet": card.wallet, "floor": self.pin_floor_minor})
        if self.guesses.pop(attempt, (0, ""))[1] != card.pin:
            card.wrong += 1
            raise Refused("pin_wrong", {"wallet": card.wallet, "tries_left": PIN_TRIES - card.wrong})
        card.wrong = 0

    def _take_tenders(self, document: Document, result: _Result) -> None:
        for tender in document.tenders:
            if tender.kind == "cash":
                self.cash_minor += tender.amount_minor
                result.change += (tender.given_minor or tender.amount_minor) - tender.amount_minor
        result.postings += phone_postings(document)

    def _grant(self, document: Document, result: _Result) -> None:
        for grant in document.grants:
            card = self.card_of(document.wallet)
            held = card.balances
            if grant.kind == "points":
                card.balances = replace(held, points=held.points + grant.amount)
            elif grant.kind == "bonus":
                card.balances = replace(held, bonus=held.bonus + grant.amount)
            result.touched.append(card)

    def _top_up(self, document: Document, result: _Result, _at: datetime) -> None:
        card = self.card_of(document.wallet)
        if card.state != CardState.ACTIVE:
            raise Refused("card_not_active", {"wallet": card.wallet, "state": card.state})
        held = card.balances
        card.balances = replace(held, principal=held.principal + document.total_minor)
        result.touched.append(card)
        self._take_tenders(document, result)
        self._grant(document, result)

    def _card_moved(self, document: Document) -> FakeCard:
        """The card that the document moves, if it is what the document takes it for."""
        move = document.cards[0]
        card = next(card for card in self.cards if card.id == move.card)
        if card.state != move.was:
            raise Refused(
                "card_state", {"card": card.id, "was": move.was, "now": move.now, "state": card.state}
            )
        return card

    def _card_issue(self, document: Document, result: _Result, _at: datetime) -> None:
        if (move := document.cards[0]).wallet is not None and document.id not in self.approved:
            raise Refused("approval_needed", {"why": "wallet", "name": "李娜"})
        card = self._card_moved(document)
        card.state, card.wallet = CardState.ISSUED, 9000 + card.id
        card.member = next((c.member for c in self.cards if c.member and c.member.id == move.holder), None)
        result.wallet = card.wallet
        self._take_tenders(document, result)

    def _card_activation(self, document: Document, _result: _Result, _at: datetime) -> None:
        self._card_moved(document).state = CardState.ACTIVE

    def _stock_receipt(self, document: Document, _result: _Result, _at: datetime) -> None:
        if not document.stock:
            raise Refused("empty_document", {"section": "stock"})

    def _shift_open(self, document: Document, result: _Result, at: datetime) -> None:
        if self.shift is not None:
            raise Refused("shift_already_open", {"shift": self.shift.id})
        self.shift_number += 1
        self.shift = OpenShift(document.id, self.shift_number, at)
        self.cash_minor = self.float_minor = document.counted_minor or 0
        result.cash = self.cash_minor

    def _shift_close(self, document: Document, result: _Result, _at: datetime) -> None:
        counted = document.counted_minor or 0
        gap = abs(counted - self.cash_minor)
        if self.gap_free_minor is not None and gap > self.gap_free_minor:
            if not document.reason:
                raise Refused("variance_unexplained")
            if document.id not in self.approved:
                raise Refused("approval_needed", {"permission": "shift_variance"})
        self.counted_minor = counted
        result.expected, result.over_short = self.cash_minor, counted - self.cash_minor
        result.heads = hashlib.sha256(b"heads").hexdigest()
        self.closed_shift, self.shift, self.cash_minor = self.shift, None, 0

    def _coupon_issue(self, document: Document, _result: _Result, _at: datetime) -> None:
        assert document.coupons

    _coupon_void = _coupon_issue
    _coupon_transfer = _coupon_issue

    def _cash_in(self, document: Document, _result: _Result, _at: datetime) -> None:
        self.cash_minor += document.total_minor

    def _cash_drop(self, document: Document, _result: _Result, _at: datetime) -> None:
        if document.total_minor > self.cash_minor:
            raise Refused("cash_short", {"wanted": document.total_minor})
        self.cash_minor -= document.total_minor

    _cash_out = _expense = _cash_drop

    def _no_sale(self, document: Document, _result: _Result, _at: datetime) -> None:
        if not document.reason:
            raise Refused("reason_missing")

    def _advance(self, document: Document, result: _Result, _at: datetime) -> None:
        card = self.card_of(document.wallet)
        card.balances = replace(card.balances, advance=card.balances.advance + document.total_minor)
        result.touched.append(card)

    _advance_back = advance_back

    def _credit_payment(self, document: Document, result: _Result, _at: datetime) -> None:
        card = self.card_of(document.wallet)
        card.balances = replace(card.balances, credit=card.balances.credit + document.total_minor)
        result.touched.append(card)

    def _reversal(self, document: Document, result: _Result, _at: datetime) -> None:
        origin = self.entries.get(document.of) if document.of else None
        if origin is None:
            raise Refused("wrong_origin", {"of": document.of})
        if origin.reversed_by:
            raise Refused("already_reversed", {"of": document.of, "by": origin.reversed_by})
        if origin.returned:
            raise Refused("has_returns", {"of": document.of})
        for tender in origin.document.tenders:
            if tender.kind == "cash":
                self.cash_minor -= tender.amount_minor
            elif tender.kind == "stored":
                card = self.card_of(tender.wallet)
                card.balances = replace(
                    card.balances, principal=card.balances.principal + tender.amount_minor
                )
                result.touched.append(card)
        origin.reversed_by = document.id

    def _return(self, document: Document, result: _Result, _at: datetime) -> None:
        back = self._take_back(document, [row for row in document.lines if isinstance(row, ReturnLine)])
        self.cash_minor -= back
        result.total = back
        result.postings.append(PostingRow(1, "refund", "money", "revenue", "cash", back))

    def _exchange(self, document: Document, result: _Result, _at: datetime) -> None:
        """Every sale here was paid in cash: it is carried over in cash, and the rest goes back."""
        back = self._take_back(document, document.backs)
        over = min(back, document.total_minor)
        if over + sum(tender.amount_minor for tender in document.tenders) != document.total_minor:
            raise Refused("unbalanced", {"lines": document.total_minor, "tendered": over})
        self.cash_minor -= back - over
        result.postings.append(PostingRow(1, "refund", "money", "revenue", "cash", back, None, "cash"))
        result.postings.append(PostingRow(2, "tender", "money", "cash", "revenue", over, None, "cash"))
        self._take_tenders(document, result)
        self._grant(document, result)

    def _blind_return(self, document: Document, result: _Result, _at: datetime) -> None:
        if document.id not in self.approved:
            raise Refused("not_permitted", {"permission": "blind_return"})
        self.cash_minor -= document.total_minor
        result.postings.append(
            PostingRow(1, "tender", "money", "revenue", "cash", document.total_minor, None, "cash")
        )

    def _take_back(self, document: Document, lines: Sequence[ReturnLine | BackLine]) -> int:
        """What these lines had cost; they are returned from here on."""
        origin = self.entries.get(document.of) if document.of else None
        if origin is None or origin.document.kind not in {Kind.SALE, Kind.EXCHANGE}:
            raise Refused("wrong_origin", {"of": document.of})
        back = 0
        for line in lines:
            left = self.left_of(origin, line.of)
            if line.qty_milli > left.left_milli:
                raise Refused("returned_beyond_sold", {"line": line.of, "left": left.left_milli})
            back += floor_share(left.total_minor, line.qty_milli, left.qty_milli)
            origin.returned[line.of] = origin.returned.get(line.of, 0) + line.qty_milli
        return back

    def left_of(self, entry: Entry, n: int) -> LineLeft:
        """Line `n` of a sale with what can still come back."""
        line = next(line for line in entry.document.lines if line.n == n)
        assert isinstance(line, SaleLine)
        product = self.products[line.product]
        left = line.qty_milli - entry.returned.get(n, 0)
        return LineLeft(
            n=n, product=product.id, code=product.code, name=product.name, qty_milli=line.qty_milli,
            price_minor=line.price_minor, value_minor=line.value_minor, total_minor=line.total_minor,
            left_milli=left, left_minor=floor_share(line.total_minor, left, line.qty_milli),
        )  # fmt: skip

    def read_back(self, entry: Entry) -> PostedDocument:
        """A document as `api.document` answers it."""
        lines = entry.document.lines if entry.document.kind in {Kind.SALE, Kind.EXCHANGE} else ()
        paid = paid_with(entry.posted)
        back, gifts = sum(self.left_of(entry, line.n).left_minor for line in lines), entry.document.gifts
        return PostedDocument(
            entry.document, entry.posted, "王芳", tuple(self.left_of(entry, line.n) for line in lines),
            (replace(paid, left_minor=back),) if lines else (),
            entry.reversed_by, goods={row.product: self.products[row.product].name for row in gifts},
        )  # fmt: skip

    def _result(self, document: Document, result: _Result, at: datetime) -> Posted:
        count = len(self.entries) + 1
        head = hashlib.sha256(f"{count}{document.id}".encode()).hexdigest()
        balances = {card.wallet: card.balances for card in result.touched if card.wallet is not None}
        return Posted(
            id=document.id, kind=document.kind, number=document.number, receipt=f"S01-1-{document.number:06}",
            posted_at=at, business_date=at.date(),
            total_minor=document.total_minor if result.total is None else result.total,
            change_minor=result.change, postings=tuple(result.postings), lots=(),
            balances=tuple(WalletBalances(wallet, held) for wallet, held in balances.items()),
            cash_minor=result.cash, shift=document.shift, expected_minor=result.expected,
            over_short_minor=result.over_short, heads=result.heads, wallet=result.wallet, approved_by=None,
            chain_seq=count, digest=head, head=head,
            shift_number=self.shift_number if document.kind == Kind.SHIFT_OPEN else None,
        )  # fmt: skip


@dataclass
class _Result:
    """What a kind leaves for the answer."""

    touched: list[FakeCard] = field(default_factory=list)
    postings: list[PostingRow] = field(default_factory=list)
    change: int = 0
    total: int | None = None
    cash: int | None = None
    expected: int | None = None
    over_short: int | None = None
    heads: str | None = None
    wallet: int | None = None
