"""Blank cards of this store: ranges with what can be done to them, and what was done; a batch is issued here.

Always true: a range is what was counted, and the server says so before anything moves; a batch goes on with
what is left of it, after a cut or another day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.batch_slip import IssuedPart, render_batch
from huiyuan.domain.model.custody import (
    Batch,
    CardRange,
    Custody,
    numbers_of,
    read_new_range,
    read_range,
)
from huiyuan.domain.model.document import Document, Fee, Kind, RangeRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.members import CardType
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.slip import SlipFacts
from huiyuan.domain.usecases.custody import batch_issue_document, custody_document
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, ask_reason
from huiyuan.screens.paper import put_slip
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.rows import Column, RowList

NEW_RANGE = msg(
    "The maker's first and last number, as 88000101 88000200 or 88000101-88000200; at most 10,000."
)
BATCH_MOST = 50
CHOICES_MOST = 9


@dataclass
class CustodyRead(Message):
    """How the cards stand."""

    custody: Custody


@dataclass
class BatchRead(Message):
    """The next cards of a range, and the fees."""

    batch: Batch
    fees: Sequence[Fee]


@dataclass
class CardsMade(Message):
    """So many new ones are known, from this number on."""

    count: int
    first: str


class CustodyScreen(PostingScreen[None]):
    """Ranges above, moves below."""

    SCOPE = "custody"
    TITLE_TEXT = msg("Blank cards")

    DEFAULT_CSS = """
    CustodyScreen #moves { height: 1fr; max-height: 8; margin: 1 0 0 0; }
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.custody: Custody | None = None
        self.wanted: tuple[str, str, int] | None = None
        self.issued = 0
        self.parts: list[IssuedPart] = []
        self.numbers: dict[int, str] = {}
        self.fresh = ""

    def body(self) -> ComposeResult:
        """Two lists."""
        say = self.say
        yield RowList(
            [Column(say(msg("Card type"))), Column(say(msg("From")), 18), Column(say(msg("To")), 18),
             Column(say(msg("Cards")), 8, "right"), Column(say(msg("State")), 14)],
            id="ranges",
            empty=say(msg("No blank cards here.")),
        )  # fmt: skip
        yield RowList(
            [Column(say(msg("Day")), 10), Column(say(msg("What"))), Column(say(msg("From")), 12),
             Column(say(msg("To")), 12), Column(say(msg("Cards")), 6, "right"),
             Column(say(msg("Difference")), 10, "right")],
            id="moves",
            empty=say(msg("Nothing was done with blank cards yet.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read them."""
        self.query_one("#ranges", RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        ask(self, self.shop.card_book.custody, then=CustodyRead, subject="custody")

    @on(CustodyRead)
    def show_custody(self, message: CustodyRead) -> None:
        """As they stand now."""
        say, self.custody = self.say, message.custody
        states = [
            say(msg("on its way")) if each.coming else say(msg("not received")) if each.uncounted
            else say(msg("in this store")) for each in message.custody.ranges
        ]  # fmt: skip
        self.query_one("#ranges", RowList).show_rows(
            [
                (each.type, each.first, each.last, f"{each.count:,}", state)
                for each, state in zip(message.custody.ranges, states, strict=True)
            ],
            mark=self.mark_of_fresh(message.custody),
        )
        self.query_one("#moves", RowList).show_rows(
            [
                (say.date(each.at), say.kind(each.what), each.first, each.last, f"{each.count:,}",
                 "" if each.expected is None else f"{each.count - each.expected:+,}")
                for each in message.custody.moves
            ]
        )  # fmt: skip
        self.refresh_bindings()

    def mark_of_fresh(self, custody: Custody) -> int | None:
        """The row of cards that were just written down, once; None: the mark stays."""
        fresh, self.fresh = self.fresh, ""
        rows = [
            n for n, each in enumerate(custody.ranges)
            if len(each.first) == len(fresh) and each.uncounted and each.first <= fresh <= each.last
        ]  # fmt: skip
        return rows[0] if rows else None

    def marked(self) -> CardRange | None:
        """The range under the mark."""
        rows = self.custody.ranges if self.custody else ()
        index = self.query_one("#ranges", RowList).marked if rows else None
        return None if index is None or index >= len(rows) else rows[index]

    def applies(self, action: str) -> bool:
        """What comes is received; what is here is handed over, destroyed, issued."""
        found = self.marked()
        if action == "receive":
            return not self.held and found is not None and (found.coming or found.uncounted)
        if action in {"hand_over", "void", "count"}:
            return not self.held and found is not None and not (found.coming or found.uncounted)
        if action == "batch":
            open_here = found is not None and not found.coming and self.shop.shift is not None
            return not self.held and open_here
        return super().applies(action)

    @on(RowList.Marked, "#ranges")
    def other_range(self) -> None:
        """The keys depend on what is marked."""
        self.refresh_bindings()

    @on(RowList.Chosen, "#moves")
    def tell_move(self, message: RowList.Chosen) -> None:
        """Enter: a row without its cuts, where they went, and who did it."""
        message.stop()
        say, each = self.say, (self.custody.moves if self.custody else ())[message.index]
        told = [say.moment(each.at), say.kind(each.what), f"{each.first} - {each.last}", each.to, each.who]
        self.tell(", ".join(filter(None, told)))

    def ask_range(self, kind: str, then: object) -> None:
        """The whole range, or a part of it typed."""
        found = self.marked()
        if found is None:
            return
        entry: Entry[tuple[str, str, int]] = Entry(
            self.shop,
            kind,
            aside=found.type,
            label=self.say(msg("Numbers")),
            read=read_range,
            value=f"{found.first} {found.last}",
            about=self.say(
                msg("First and last number, as 88000101 88000200; a third one is how many you counted.")
            ),
        )

        def go(typed: tuple[str, str, int] | None) -> None:
            if typed is not None and callable(then):
                then(typed)

        self.app.push_screen(entry, go)

    def send(
        self, kind: Kind, typed: tuple[str, str, int], *, unit: int | None = None, reason: str = ""
    ) -> None:
        """One document."""
        shop = self.shop
        self.submit_made(lambda: custody_document(
            stamp_of(shop), kind=kind, row=RangeRow(*typed, unit=unit), reason=reason,
        ))  # fmt: skip

    def action_receive(self) -> None:
        """F2."""
        self.ask_range(self.say(msg("Receive")), partial(self.send, Kind.CARD_RECEIVE))

    def action_hand_over(self) -> None:
        """F3: which, then to whom."""
        units = (self.custody.units if self.custody else ())[:CHOICES_MOST]

        def to_whom(typed: tuple[str, str, int]) -> None:
            def go(index: int | None) -> None:
                if index is not None:
                    self.send(Kind.CARD_HAND_OVER, typed, unit=units[index][0])

            names = [name for _, name in units]
            self.app.push_screen(Choice(self.shop, self.say(msg("Hand over to")), names), go)

        if units:
            self.ask_range(self.say(msg("Hand over")), to_whom)

    def action_void(self) -> None:
        """F4: with a reason."""
        self.ask_range(self.say(msg("Destroy")), partial(self.with_reason, Kind.CARD_VOID))

    def action_count(self) -> None:
        """F6: a count that differs needs a reason."""

        def counted(typed: tuple[str, str, int]) -> None:
            found = self.marked()
            whole = found is not None and typed == (found.first, found.last, found.count)
            if whole:
                self.send(Kind.CARD_COUNT, typed)
            else:
                self.with_reason(Kind.CARD_COUNT, typed)

        self.ask_range(self.say(msg("Count them")), counted)

    def with_reason(self, kind: Kind, typed: tuple[str, str, int]) -> None:
        """Why."""
        ask_reason(self, self.say.kind(kind), lambda reason: self.send(kind, typed, reason=reason))

    # New ones

    def action_new_cards(self) -> None:
        """F8: of which type."""
        ask(self, self.shop.members.card_types, then=messages.TypesRead, subject="types")

    @on(messages.TypesRead)
    def choose_type(self, message: messages.TypesRead) -> None:
        """Then which numbers stand on them."""
        types = message.types[:CHOICES_MOST]

        def go(index: int | None) -> None:
            if index is not None:
                self.ask_numbers(types[index])

        title = self.say(msg("New cards"))
        self.app.push_screen(Choice(self.shop, title, [each.name for each in types]), go)

    def ask_numbers(self, kind: CardType) -> None:
        """First and last; written down at once, received by F2 when they were counted."""
        book = self.shop.card_book
        entry: Entry[tuple[str, str, int]] = Entry(
            self.shop, self.say(msg("New cards")), aside=kind.name, label=self.say(msg("Numbers")),
            read=read_new_range,
            about=self.say(NEW_RANGE),
        )  # fmt: skip

        def make(typed: tuple[str, str, int] | None) -> None:
            if typed is not None:
                numbers = numbers_of(typed[0], typed[1])
                ask(
                    self, lambda: book.stock_in(kind.code, numbers),
                    then=lambda count: CardsMade(count, numbers[0]), subject=WRITE,
                )  # fmt: skip

        self.app.push_screen(entry, make)

    @on(CardsMade)
    def say_made(self, message: CardsMade) -> None:
        """They lie nowhere yet; the mark goes onto them, so that F2 is theirs."""
        self.fresh = message.first
        self.action_refresh()
        text = msg("{count} new cards are written down. Count them, then F2 receives them here.")
        self.tell(self.say(text, count=message.count), "good")

    # Many at once

    def action_batch(self) -> None:
        """F7: issue a range to whoever brings the cards."""
        self.issued = 0
        self.ask_range(self.say(msg("Issue a batch")), self.next_batch)

    def next_batch(self, typed: tuple[str, str, int]) -> None:
        """What is left of it."""
        self.wanted = typed
        book = self.shop.card_book

        def read() -> BatchRead:
            batch = book.batch(typed[0], typed[1], BATCH_MOST)
            if not batch.cards:
                return BatchRead(batch, ())
            return BatchRead(batch, book.issue_terms(batch.cards[0][0], holder=None, wallet=None).fees)

        ask(self, read, then=lambda found: found, subject="batch")

    @on(BatchRead)
    def issue_batch(self, message: BatchRead) -> None:
        """The first asks, the others follow."""
        shop, say = self.shop, self.say
        self.numbers.update(message.batch.cards)
        if not message.batch.cards:
            self.wanted = None
            self.print_list()
            self.tell(
                say(msg("{count} cards are issued; none of the range is left."), count=self.issued), "good"
            )
            self.action_refresh()
            return
        try:
            document = batch_issue_document(
                stamp_of(shop), batch=message.batch,
                fees=message.fees,
            )  # fmt: skip
        except Refused as refused:
            self.wanted = None
            self.tell(sentence(say, refused), "error")
            return
        if self.issued:
            self.submit(document)
            return
        each = document.total_minor // len(message.batch.cards)
        question = say(
            msg("{count} cards are issued to whoever brings them; take {amount} in cash. Go on?"),
            count=message.batch.left, amount=say.money(each * message.batch.left),
        )  # fmt: skip

        def go(sure: bool | None) -> None:
            if sure:
                self.submit(document)

        self.app.push_screen(Confirm(shop, say(msg("Issue a batch")), question), go)

    def print_list(self) -> None:
        """What was issued since the last list, into the printer's queue; of a batch that was cut, too."""
        shop, say = self.shop, self.say
        if self.parts:
            facts = SlipFacts(
                hello=shop.greeting, staff_name=shop.person.staff.name,
                language=shop.slip_language or say.lang, columns=shop.slip_columns,
                posted_at_local=say.moment(shop.server_now()),
            )  # fmt: skip
            put_slip(self, shop, render_batch(self.parts, facts))
            self.parts = []

    def posted(self, document: Document, posted: Posted) -> None:
        """The list as it is now; of a batch the next part."""
        if document.kind is Kind.CARD_ISSUE and self.wanted is not None:
            self.issued += len(document.cards)
            numbers = tuple(self.numbers.get(each.card, str(each.card)) for each in document.cards)
            self.parts.append(IssuedPart(posted.receipt, numbers, posted.total_minor))
            self.tell(self.say(msg("{count} cards are issued."), count=self.issued))
            self.next_batch(self.wanted)
            return
        self.tell(
            self.say(msg("{kind}: {receipt}."), kind=self.say.kind(document.kind), receipt=posted.receipt),
            "good",
        )
        self.action_refresh()
