"""Open items: documents without an answer, and documents refused at resending that wait for a person.

Always true: nothing leaves this list by itself but through a definite answer, and nothing parked without a
name and a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.desk import Review
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.entry import ask_what_was_done
from huiyuan.screens.paged import ASKED, PagedScreen, page_of
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

RECEIPTS_NAMED = 5


def open_items(shop: Shop) -> int:
    """How many documents and payments have no answer or wait for a decision; no round trip."""
    return sum(shop.door.open_counts()) + shop.charges.open_count()


def settled_text(say: Wording, drained: Drained) -> str:
    """What was settled of before, with the receipts."""
    receipts = drained.receipts[:RECEIPTS_NAMED]
    more = " ..." if len(drained.receipts) > RECEIPTS_NAMED else ""
    return say(msg("{count} documents of before were settled: {receipts}."), count=drained.settled,
               receipts=", ".join(receipts) + more)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One row: `why` is empty while there is no answer; a review is about a sale that stands."""

    document: Document | None
    why: str
    review: Review | None = None

    @property
    def parked(self) -> bool:
        return bool(self.why)


@dataclass(eq=False, repr=False)
class ReviewsRead(Message):
    """What differed at sales of an outage, where a page has room for it; `at` is the place of that page."""

    reviews: Sequence[Review]
    at: int


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page begins: behind this one without an answer, this refused one, this review.

    A page behind a refused one has none without an answer any more, one behind a review nothing of here.
    """

    unsettled: UUID | None = None
    parked: UUID | None = None
    review: tuple[UUID, int] | None = None

    def behind(self, last: Document | ParkedDocument | Review) -> Start:
        """Where the page after `last` begins."""
        if isinstance(last, Document):
            return replace(self, unsettled=last.id)
        if isinstance(last, ParkedDocument):
            return replace(self, parked=last.document.id)
        return replace(self, review=(last.document, last.n))


REVIEWS: Final = {
    "price": msg("{receipt}: {product} costs {now} now, the slip says {paper}. The slip's price stands."),
    "product_gone": msg("{receipt}: {product} was withdrawn meanwhile. The sale stands."),
    "oversold": msg("{receipt}: {product} is below nothing in stock now ({on_hand}). Count it."),
    "points": msg("{receipt}: {points} points were not added, the card or the member changed. Look into it."),
    "card": msg(
        "{receipt}: card ..{last} of member {member} is {state} now; the sale stands without it and its"
        " points were not added. Ask whose card it was, add them by hand or not."
    ),
    "card_unknown": msg(
        "{receipt}: nobody knows the card that was read without the line; the sale stands without it and"
        " no points were added. The slip shows its last four."
    ),
    "card_member": msg(
        "{receipt}: member {member} of card ..{last} is frozen, merged or gone; the sale stands without it"
        " and its points were not added. Look into it."
    ),
    "late_shift": msg("{receipt}: its shift {shift} was closed already. It stands in a late shift."),
    "staff": msg("{receipt}: {name} ({staff}) was blocked or moved meanwhile. The sale stands."),
    "promotion": msg("{receipt}: {rule} was given once too often. The sale stands."),
}


CARD_WHY: Final = {"unknown": "card_unknown", "member": "card_member"}


def _of_card(say: Wording, facts: Mapping[str, Any]) -> dict[str, str]:
    """What is known of a card that was read without the line."""
    shown = {name: visible(str(facts.get(name) or "")) for name in ("last", "member")}
    return {**shown, "state": say.state(facts["why"])}


def review_text(say: Wording, review: Review) -> str:
    """What differed, in a sentence; names from outside are made visible."""
    facts = {name: visible(str(value)) for name, value in review.facts.items()}
    facts |= {name: say.money(review.facts[name]) for name in ("now", "paper") if name in review.facts}
    if "on_hand" in review.facts:
        facts["on_hand"] = say.quantity(review.facts["on_hand"])
    if review.what == "card":
        return say(REVIEWS[CARD_WHY.get(review.facts["why"], "card")], receipt=review.receipt,
                   **_of_card(say, review.facts))  # fmt: skip
    text = REVIEWS.get(review.what, msg("{receipt}: something differed. Look into it."))
    return say(text, receipt=review.receipt, **facts)


class UnsettledScreen(PagedScreen[None]):
    """The list; Enter on a refused document says what was done about it."""

    SCOPE = "unsettled"
    TITLE_TEXT = msg("Open items")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.items: list[Item] = []

    def body(self) -> ComposeResult:
        """List, and the sentence of the marked row."""
        say = self.say
        yield RowList(
            [Column(say(msg("Rung up at")), 16), Column(say(msg("Kind")), 12),
             Column(say(msg("No.")), 7, "right"), Column(say(msg("Amount")), 12, "right"),
             Column(say(msg("State")))],
            id="items",
            empty=say(msg("Everything is settled.")),
        )  # fmt: skip
        yield Prose("", id="why")
        yield Prose("", id="payments")

    def on_mount(self) -> None:
        """Read the journal; what is to be decided about sales of an outage is the server's to say."""
        self.show_items()

    def show_items(self) -> None:
        """The page that is shown, as it is now."""
        self.read(self.at)

    def read(self, at: int) -> None:
        """Of this counter's disk first; the server is asked where they leave room for reviews."""
        start, here = self.start_of(at), self.here(at)
        room, desk = ASKED - len(here), self.shop.desk
        asks = room > 0 and self.shop.signed is not None
        if asks:
            ask(
                self,
                lambda: desk.reviews(after=start.review, most=room),
                then=lambda found: ReviewsRead(found, at),
                subject="reviews",
            )
        if here or not at:
            self.show_page(at, here)
        elif not asks:
            self.read(at - 1)

    def start_of(self, at: int) -> Start:
        """Where page `at` begins."""
        return self.starts[at] or Start()

    def here(self, at: int) -> list[Document | ParkedDocument]:
        """What waits on this counter, of page `at`: those without an answer, then those that were refused."""
        start, door = self.start_of(at), self.shop.door
        if start.review is not None:
            return []
        found: list[Document | ParkedDocument] = []
        if start.parked is None:
            found += door.unsettled(after=start.unsettled, most=ASKED)
        return found + list(door.parked(after=start.parked, most=ASKED - len(found)))

    @on(ReviewsRead)
    def take_reviews(self, message: ReviewsRead) -> None:
        """Below what waits here."""
        every = [*self.here(message.at), *message.reviews]
        if not self.is_gone(message.at, every):
            self.show_page(message.at, every)

    def show_page(self, at: int, every: Sequence[Document | ParkedDocument | Review]) -> None:
        """A page, and whether another one follows."""
        say, (page, more) = self.say, page_of(every)
        mark = self.turned(at, self.start_of(at).behind(page[-1]) if more else None)
        self.items = [self.item_of(each) for each in page]
        rows = []
        for item in self.items:
            document, review = item.document, item.review
            if document is None:
                assert review is not None
                number = review.receipt.rpartition("-")[2].lstrip("0")
                rows.append((say.moment(review.occurred_at), say.kind("sale"), number,
                             say.figure(review.total_minor), say(msg("stands, decide"))))  # fmt: skip
                continue
            state = say(msg("refused, decide")) if item.parked else say(msg("no answer yet"))
            if not item.parked and document.offline_at is not None:
                state = say(msg("OFFLINE, not sent"))
            rows.append((say.moment(document.occurred_at), say.kind(document.kind), str(document.number),
                         say.figure(document.total_minor), state))  # fmt: skip
        self.query_one(RowList).show_rows(rows, mark=mark)
        self.show_why()
        self.show_payments()

    def show_payments(self) -> None:
        """Money asked of phones has a list of its own: "everything is settled" is not said over it."""
        say, count, rows = self.say, self.shop.charges.open_count(), self.query_one(RowList)
        text = say(msg("Open payments: {count}. F7 shows them."), count=count) if count else ""
        rows.empty = say(msg("No document waits.") if count else msg("Everything is settled."))
        rows.refresh()
        self.query_one("#payments", Prose).show(text)

    def on_screen_resume(self) -> None:
        """Back from the payments: there may be fewer."""
        self.show_payments()

    def item_of(self, each: Document | ParkedDocument | Review) -> Item:
        """With the sentence of what is to be decided."""
        if isinstance(each, Document):
            return Item(each, "")
        if isinstance(each, Review):
            return Item(None, review_text(self.say, each), each)
        return Item(each.document, sentence(self.say, Refused(each.code, each.facts)))

    @on(RowList.Marked)
    def show_why(self) -> None:
        """Why the marked one was refused."""
        index = self.query_one(RowList).marked
        self.query_one("#why", Prose).show("" if index is None else self.items[index].why)

    def applies(self, action: str) -> bool:
        """Sending again only if something has no answer, deciding only by somebody."""
        if action == "drain":
            return self.shop.door.open_counts()[0] > 0
        if action == "enter":
            return self.shop.signed is not None and any(item.parked for item in self.items)
        return super().applies(action)

    def action_printer(self) -> None:
        """F6."""
        from huiyuan.screens.printer import PrinterScreen

        self.app.push_screen(PrinterScreen(self.shop))

    def action_charges(self) -> None:
        """F7."""
        from huiyuan.screens.charges import ChargesScreen

        self.app.push_screen(ChargesScreen(self.shop))

    def action_drain(self) -> None:
        """F5."""
        ask(self, self.shop.door.drain, then=messages.Resent, subject=WRITE)

    @on(messages.Resent)
    def show_resent(self, message: messages.Resent) -> None:
        """What is left."""
        self.show_items()
        text = self.say(
            msg("{settled} settled, {left} still without an answer."),
            settled=message.drained.settled,
            left=message.drained.left,
        )
        self.tell(text, "info" if message.drained.left else "good")
        self.refresh_bindings()

    @on(RowList.Chosen)
    def decide(self, message: RowList.Chosen) -> None:
        """Only a refused one, and only by somebody who is signed in."""
        message.stop()
        item = self.items[message.index]
        if item.parked:
            ask_what_was_done(self, partial(self.write_decision, item), about=item.why)

    def write_decision(self, item: Item, note: str) -> None:
        """With the name of who decided."""
        door, by = self.shop.door, self.shop.person.staff.number
        document, review, desk = item.document, item.review, self.shop.desk

        def work() -> UUID:
            if document is not None:
                door.decide(document.id, by=by, note=note)
                return document.id
            assert review is not None
            desk.decide_review(review.document, review.n, reason=note)
            return review.document

        ask(self, work, then=messages.Decided, subject=WRITE)

    @on(messages.Decided)
    def show_decided(self) -> None:
        """It is off the list."""
        self.show_items()
        self.tell(self.say(msg("Decided. It stays in the journal and leaves this list.")), "good")
        self.refresh_bindings()
