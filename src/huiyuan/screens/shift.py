"""Shift: open with a float, read while it runs (X), count and close (Z).

Always true: what should lie in the drawer is the server's sum; the count is typed before the difference is
told; the shift's id is the id of the document that opened it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import OpenShift
from huiyuan.domain.model.money import parse_minor
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.shift import ShiftReport
from huiyuan.domain.usecases.shift import cash_document, shift_close_document, shift_open_document
from huiyuan.screens import desk_messages, messages
from huiyuan.screens.ask import ask
from huiyuan.screens.closing import show_holding, what_holds
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.count import Counted, CountSheet, say_slips
from huiyuan.screens.dialogs.entry import Entry, ask_reason, read_amount
from huiyuan.screens.follows_paper import FollowsPaper
from huiyuan.screens.paper import report_slip, slip_of
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import ResultScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts, Prose
from huiyuan.screens.widgets.rows import Column, RowList

PAPER: Final = "paper"
MOVES: Final = (Kind.CASH_IN, Kind.CASH_DROP, Kind.CASH_OUT, Kind.EXPENSE)
ASIDE: Final = {
    Kind.CASH_IN: msg("Into the drawer, such as change from the safe."),
    Kind.CASH_DROP: msg("Out of the drawer into the safe."),
    Kind.CASH_OUT: msg("Out of the drawer, to somebody."),
    Kind.EXPENSE: msg("Out of the drawer, for something bought."),
}


class ShiftScreen(PostingScreen[OpenShift], FollowsPaper[OpenShift]):
    """Answers the shift that is open when it closes, None if none is."""

    SCOPE = "shift"
    TITLE_TEXT = msg("Shift")

    DEFAULT_CSS = """
    ShiftScreen #left { width: 35; height: 1fr; }
    ShiftScreen #right { width: 1fr; height: 1fr; }
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.document_id: UUID = shop.ids.new()
        self.report: ShiftReport | None = None
        self.counted: Counted | None = None
        self.closed: tuple[Document, Posted] | None = None

    @property
    def held(self) -> bool:
        """Also while the sums of the shift that just closed are being read."""
        return super().held or self.closed is not None

    def body(self) -> ComposeResult:
        """A field while closed, the report while open."""
        say = self.say
        yield Prose("", id="about")
        yield Field(say(msg("Float")), id="float")
        with Horizontal(id="report"):
            with VerticalScroll(id="left", can_focus=False):
                yield Facts(id="facts", width=18, label_width=14)
            yield RowList(
                [Column(say(msg("Kind"))), Column(say(msg("Count")), 6, "right"),
                 Column(say(msg("Amount")), 12, "right")],
                id="right",
                empty=say(msg("Nothing was booked yet.")),
            )  # fmt: skip

    def on_mount(self) -> None:
        """Closed: ask for the float. Open: read it."""
        self.show_state()
        self.action_refresh()
        ask(self, self.shop.desk.held_sales, then=desk_messages.HeldRead, subject="held")

    @on(desk_messages.HeldRead)
    def say_held(self, message: desk_messages.HeldRead) -> None:
        """Baskets put aside outlive a shift; whoever closes it should know."""
        if message.held and self.shop.shift is not None:
            text = msg("{count} baskets are put aside in this store. Look at the list before you close.")
            self.tell(self.say(text, count=len(message.held)), "warn")

    def show_state(self) -> None:
        """Field or report."""
        opened = self.shop.shift is not None
        self.query_one("#float", Input).parent.display = not opened  # type: ignore[union-attr]
        self.query_one("#report").display = opened
        if opened:
            self.query_one("#about", Prose).show("")
            self.query_one(RowList).focus()
            self.aside(self.say(msg("shift {number}"), number=self.shop.open_shift.number))
        else:
            self.query_one("#about", Prose).show(
                self.say(msg("No shift is open. Count the float into the drawer, type it, press Enter."))
            )
            self.query_one("#float", Input).focus()
            self.aside("")
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """Opening while closed, the rest while open."""
        if action == "enter":
            return self.shop.shift is None
        if action == "cash" and not any(self.shop.may(kind) for kind in MOVES):
            return False
        if action in {"refresh", "print", "close_shift", "cash", "no_sale"}:
            return self.shop.shift is not None and not self.held
        return super().applies(action)

    @on(Input.Submitted, "#float")
    def open_shift(self, event: Input.Submitted) -> None:
        """Zero is a float, nothing typed is not."""
        event.stop()
        if self.held:
            return
        try:
            float_minor = parse_minor(event.value, self.say.minor_digits, zero=True)
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        shop = self.shop
        self.submit(
            shift_open_document(
                stamp_of(shop, self.document_id),
                float_minor=float_minor,
            )
        )

    def action_refresh(self) -> None:
        """F5: the X report."""
        if self.shop.shift is not None:
            reads, shift = self.shop.reads, self.shop.shift.id
            ask(self, lambda: reads.shift_report(shift), then=messages.ShiftRead, subject="report")

    @on(messages.ShiftRead)
    def show_report(self, message: messages.ShiftRead) -> None:
        """Drawer left, kinds and tenders right."""
        say, report = self.say, message.report
        self.report = report
        rows = [
            (say(msg("Opened by")), report.opened_by),
            (say(msg("Opened at")), say.moment(report.opened_at)),
            (say(msg("Float")), say.money(report.float_minor)),
            (say(msg("Cash expected")), "--" if report.blind else say.money(report.expected_minor or 0)),
            (say(msg("Documents")), str(report.documents)),
        ]
        self.query_one("#facts", Facts).show(rows)
        listed = [(say.kind(k.kind), str(k.count), self.kept(k.total_minor)) for k in report.kinds]
        listed += [
            (f"  {say.tender(t.kind)}", str(t.count), self.kept(t.amount_minor)) for t in report.tenders
        ]
        self.query_one(RowList).show_rows(listed)
        self.refresh_bindings()

    def kept(self, minor: int | None) -> str:
        """An amount, or a dash for what the person may not know before the count."""
        return "--" if minor is None else self.say.figure(minor)

    def action_print(self) -> None:
        """F6: the next X of this shift, with its number."""
        if self.shop.shift is not None:
            reads, shift = self.shop.reads, self.shop.shift.id
            ask(self, lambda: reads.shift_print(shift), then=messages.ShiftPrinted, subject=PAPER)

    @on(messages.ShiftPrinted)
    def put_report(self, message: messages.ShiftPrinted) -> None:
        """X on paper; or the Z of the shift that just closed."""
        if self.closed is not None:
            self.show_result(*self.closed, message.report)
            return
        self.put_paper(report_slip(self.shop, message.report))

    def action_old(self) -> None:
        """F8: what was closed before."""
        from huiyuan.screens.old_shifts import OldShiftsScreen

        self.app.push_screen(OldShiftsScreen(self.shop))

    # Cash beside sales

    def action_cash(self) -> None:
        """F2: which way, how much, why."""
        kinds = [kind for kind in MOVES if self.shop.may(kind)]
        options = [f"{self.say.kind(kind)}  {self.say(ASIDE[kind])}" for kind in kinds]

        def chosen(index: int | None) -> None:
            if index is not None:
                self.ask_amount(kinds[index])

        self.app.push_screen(Choice(self.shop, self.say(msg("Cash in and out")), options), chosen)

    def ask_amount(self, kind: Kind) -> None:
        """How much, then why."""
        entry = Entry(
            self.shop, self.say.kind(kind), label=self.say(msg("Amount")), read=read_amount(self.shop),
            about=self.say(ASIDE[kind]),
        )  # fmt: skip

        def typed(amount_minor: int | None) -> None:
            if amount_minor is not None:
                self.ask_reason(kind, amount_minor)

        self.app.push_screen(entry, typed)

    def action_no_sale(self) -> None:
        """F3: the drawer opens, and it is written down who opened it and why."""
        self.ask_reason(Kind.NO_SALE, 0)

    def ask_reason(self, kind: Kind, amount_minor: int) -> None:
        """Why?"""
        aside = self.say.money(amount_minor) if amount_minor else ""
        ask_reason(self, self.say.kind(kind), partial(self.move_cash, kind, amount_minor), aside=aside)

    def move_cash(self, kind: Kind, amount_minor: int, reason: str) -> None:
        """Post it, once."""
        shop = self.shop
        if self.held or shop.shift is None:
            return
        self.submit(
            cash_document(
                stamp_of(shop), kind=kind, amount_minor=amount_minor,
                reason=reason,
            )
        )  # fmt: skip

    # Counting

    def action_close_shift(self) -> None:
        """F4: count first; the difference is told afterwards."""
        if not self.settled():
            return
        self.document_id = self.shop.ids.new()
        self.ask_count()

    def ask_count(self) -> None:
        """By notes and coins where the currency has them here, else one sum."""
        title = self.say(msg("Close shift"))
        if self.report is not None and (self.report.denominations or self.report.counted_tenders):
            note = say_slips(self.shop)
            self.app.push_screen(CountSheet(self.shop, title, self.report, note), self.close_counted)
            return
        entry = Entry(
            self.shop,
            title,
            label=self.say(msg("Cash counted")),
            read=lambda text: Counted(read_amount(self.shop, zero=True)(text)),
            about=self.say(msg("Count everything that lies in the drawer, the float with it.")),
        )
        self.app.push_screen(entry, self.close_counted)

    def settled(self) -> bool:
        """Nothing of this shift waits for an answer; else show all of it, before anything is counted."""
        if holding := what_holds(self.shop):
            show_holding(self, holding)
        return not holding

    def close_counted(self, counted: Counted | None) -> None:
        """Post the count."""
        if counted is not None:
            self.counted = counted
            self.close(None)

    def close(self, reason: str | None) -> None:
        """The same document with a reason where one was asked for."""
        shop, counted = self.shop, self.counted
        if counted is None or self.held or shop.shift is None or not self.settled():
            return
        self.submit(
            shift_close_document(
                stamp_of(shop, self.document_id),
                counted_minor=counted.cash_minor,
                counts=counted.rows,
                reason=reason,
                removed=shop.removals.waiting(),
            )
        )

    def ask_about_gap(self) -> None:
        """Count again, or say why; by how much it differs is not told."""
        say = self.say
        options = [say(msg("Count again")), say(msg("Say why, and close"))]

        def chosen(index: int | None) -> None:
            if index == 0:
                self.ask_count()
            elif index == 1:
                ask_reason(self, say(msg("Close shift")), self.close)

        about = say(msg("The count is not what was booked."))
        self.app.push_screen(Choice(self.shop, say(msg("Close shift")), options, about=about), chosen)

    @on(messages.Refused)
    def forget_closed(self, message: messages.Refused) -> None:
        """Somebody else at this drawer was faster: home reads how it stands."""
        if message.error.code == "variance_unexplained":
            self.ask_about_gap()
            return
        if message.subject == PAPER and self.closed is not None:
            self.show_result(*self.closed, None)
            return
        if message.error.code in {"shift_missing", "shift_closed"} and message.subject in {"report", PAPER}:
            self.set_shop(replace(self.shop, shift=None))
            self.show_state()

    def posted(self, document: Document, posted: Posted) -> None:
        """Opened: the report. Closed: over or short, and the digest of heads. Cash: its slip."""
        if document.kind == Kind.SHIFT_OPEN:
            number = posted.shift_number or posted.number  # a database of before does not say
            self.set_shop(replace(self.shop, shift=OpenShift(document.id, number, posted.posted_at)))
            self.show_result(document, posted, None)
        elif document.kind == Kind.SHIFT_CLOSE and document.shift is not None:
            self.set_shop(replace(self.shop, shift=None))
            # The sums of the whole shift stand on the Z slip; it is closed, so they do not move any more.
            self.closed = (document, posted)
            reads, shift = self.shop.reads, document.shift
            ask(self, lambda: reads.shift_print(shift), then=messages.ShiftPrinted, subject=PAPER)
        else:
            slip = slip_of(self.shop, document, posted)
            self.app.push_screen(
                ResultScreen(self.shop, document, posted, slip), lambda _: self.action_refresh()
            )

    def show_result(self, document: Document, posted: Posted, report: ShiftReport | None) -> None:
        """The slip; without the sums where the line did not bring them."""
        self.closed = None
        slip = slip_of(self.shop, document, posted) if report is None else report_slip(self.shop, report)
        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), self.after_result)

    @on(messages.NoLine)
    def close_without_sums(self, message: messages.NoLine) -> None:
        """The close stands; its slip has the count and the digest."""
        if message.subject == PAPER and self.closed is not None:
            self.show_result(*self.closed, None)

    def after_result(self, _nothing: None) -> None:
        """Home knows the rest."""
        self.dismiss(self.shop.shift)

    def leave(self) -> None:
        """With what is known of the shift."""
        self.dismiss(self.shop.shift)
