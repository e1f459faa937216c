"""A counter as the product wires it, without screens: lines, journal, door, sign-in and reads of one seat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from uuid import UUID

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.identity import Hello, SignedIn
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.pricing.order import Priced, price_cart
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.ports import Door, Ids, Journal, Reads, SignIn
from huiyuan.domain.usecases import checkout, shift, top_up
from huiyuan.repositories.connection import HeldSession, Line, LineSettings
from huiyuan.repositories.counter.clock import CounterClock, CounterIds
from huiyuan.repositories.counter.journal import CounterJournal
from huiyuan.repositories.counter.kept_answers import KeptAnswers
from huiyuan.repositories.counter.known_staff import KnownStaff
from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.door import PostingDoor
from huiyuan.repositories.reads import DatabaseReads
from huiyuan.repositories.staff_session import StaffSession
from tests import facts


@dataclass(frozen=True, slots=True)
class OpenedSeat:
    """A seat before anybody sits on it: what the last run left unsent is sent, or `parked`."""

    hello: Hello
    drained: Drained
    parked: Sequence[ParkedDocument]


def open_seat(door: Door, sign_in: SignIn) -> OpenedSeat:
    """As the app begins: ask where this is, and resend what has no answer yet; nobody is signed in."""
    return OpenedSeat(sign_in.hello(), door.drain(), door.parked())


@dataclass(slots=True)
class Counter(AbstractContextManager["Counter"]):
    """One seat. `states` collects what the door's watcher was told."""

    post_line: Line
    read_line: Line
    held: HeldSession
    journal: Journal
    door: Door
    seat: SignIn
    reads: Reads
    clock: CounterClock
    ids: Ids
    close_all: Callable[[], None]
    states: list[tuple[UUID, str]] = field(default_factory=list)
    signed: SignedIn | None = None
    rules: Sequence[RuleVersion] = ()
    shift: UUID | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close_all()

    def start(self, who: facts.DemoStaff | None = facts.CASHIER) -> OpenedSeat:
        """Open the seat; sign `who` in, or nobody."""
        opened = open_seat(self.door, self.seat)
        self.shift = opened.hello.shift.id if opened.hello.shift else None
        if who is not None:
            self.door.drain()
            self.signed = self.seat.sign_in(staff_number=who.number, pin=who.pin)
            self.rules = self.reads.rules()
            self.shift = self.signed.shift.id if self.signed.shift else None
        return opened

    @property
    def session(self) -> int:
        assert self.signed is not None
        return self.signed.session

    def stamp(self, id: UUID | None = None) -> Stamp:
        """What a document begins with here now."""
        return Stamp(
            id or self.ids.new(), self.door.next_number(), self.clock.now(), self.session, self.shift
        )

    @property
    def open_shift_id(self) -> UUID:
        assert self.shift is not None
        return self.shift

    def card(self, card: facts.DemoCard) -> OpenedCard:
        """Present a demo card."""
        return self.reads.open_card(token_kind="number", text=card.number)

    def open_shift(self, *, float_minor: int = 20_000) -> Posted:
        """Open the drawer's shift."""
        posted = self.door.post(shift.shift_open_document(self.stamp(), float_minor=float_minor))
        self.shift = posted.id
        return posted

    def close_shift(self, *, counted_minor: int) -> Posted:
        """Close it."""
        return self.door.post(shift.shift_close_document(self.stamp(), counted_minor=counted_minor))

    def priced(self, *codes: str, card: OpenedCard | None = None) -> Priced:
        """A priced cart of these products, one each."""
        cart = Cart().with_card(card)
        for code in codes:
            cart = cart.add(self.reads.find_product(code))
        return price_cart(cart, self.rules)

    def sale(self, *codes: str, card: facts.DemoCard | None = None, id: UUID | None = None) -> Document:
        """The document of a sale: paid by the card's stored value, or in cash without one."""
        opened = self.card(card) if card else None
        priced = self.priced(*(codes or (facts.WATER,)), card=opened)
        payment = Payment(priced.total_minor)
        if opened is not None and opened.wallet is not None:
            held = opened.balances.stored_minor
            payment = payment.with_stored(priced.total_minor, wallet=opened.wallet, balance_minor=held)
        else:
            payment = payment.with_cash(priced.total_minor)
        return checkout.sale_document(
            self.stamp(id),
            priced=priced,
            payment=payment,
        )

    def top_up(self, card: facts.DemoCard, amount_minor: int) -> Document:
        """The document of a top-up in cash."""
        opened = self.card(card)
        offers = top_up.offers_for(opened, amount_minor=amount_minor, rules=self.rules)
        return top_up.top_up_document(
            self.stamp(),
            card=opened,
            payment=Payment(amount_minor).with_cash(amount_minor),
            rules=self.rules,
            offer=next(iter(offers), None),
        )

    def told(self, document: UUID) -> list[str]:
        """The states that the watcher was told of `document`."""
        return [state for each, state in self.states if each == document]


def open_counter(
    url: str,
    folder: Path,
    *,
    deadline_s: int = 10,
    patience_s: int = 20,
    journal: Callable[[Path, CounterClock], CounterJournal] | None = None,
) -> Counter:
    """Wire a counter over the database at `url` with its files in `folder`."""
    clock, ids, held = CounterClock(), CounterIds(), HeldSession()
    settings = LineSettings(url, connect_timeout_s=3, deadline_s=deadline_s)
    post_line = Line(settings, held, name="post")
    read_line = Line(settings, held, name="read")
    answers = KeptAnswers(folder)
    made = journal(folder, clock) if journal else CounterJournal(folder, now=clock.now)
    door = PostingDoor(post_line, made, held, patience_s=patience_s, drain_s=3)

    def close_all() -> None:
        door.stop()
        post_line.close()
        read_line.close()
        made.close()

    counter = Counter(
        post_line=post_line,
        read_line=read_line,
        held=held,
        journal=made,
        door=door,
        seat=StaffSession(
            post_line,
            read_line,
            held,
            ids=ids,
            now=clock.now,
            kept=answers,
            known=KnownStaff(folder, now=clock.now),
        ),
        reads=DatabaseReads(read_line.ask, token_of=DEMO_INDEX_KEY.token, kept=answers),
        clock=clock,
        ids=ids,
        close_all=close_all,
    )
    door.watch(lambda document, state: counter.states.append((document, state)))
    return counter
