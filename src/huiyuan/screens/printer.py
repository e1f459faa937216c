"""Printer: how it stands, which slips wait and why, a test page, a copy of any receipt of this store.

Always true: what may be on paper already is printed again only by a person's word, and then as a copy; a slip
that is given up carries a name and a reason; nothing here touches a document.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.printing import READY_TO_SEND, JobState, PrintJob
from huiyuan.domain.model.receipt import SlipPaper, as_copy, printer_test
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.entry import Entry, ask_reason
from huiyuan.screens.paged import ASKED
from huiyuan.screens.paper import JOB_STATES, PRINTER_ADVICE, fault_words, printer_words, put_slip, slip_of
from huiyuan.screens.row_pages import RowsHere
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList


class PrinterScreen(RowsHere[None, PrintJob]):
    """Slips that wait, oldest first; a person decides about the marked one."""

    SCOPE = "printer"
    TITLE_TEXT = msg("Printer")

    DEFAULT_CSS = """
    PrinterScreen #printer { text-style: bold; }
    PrinterScreen #advice { margin-bottom: 1; }
    """

    def body(self) -> ComposeResult:
        """The printer, the list, what the marked one means."""
        say = self.say
        yield Prose("", id="printer")
        yield Prose("", id="advice")
        yield RowList(
            [Column(say(msg("Since")), 9), Column(say(msg("Receipt")), 16), Column(say(msg("State")), 24),
             Column(say(msg("Tries")), 6, "right"), Column(say(msg("Why")))],
            id="jobs",
            empty=say(msg("No slip waits.")),
        )  # fmt: skip

    def begin(self) -> None:
        """What is known, then what the printer says."""
        super().begin()
        self.action_check()

    def reading(self, after: UUID | None) -> Callable[[], Sequence[PrintJob]]:
        """Oldest first."""
        jobs = self.shop.print_jobs
        return lambda: jobs.waiting(after=after, most=ASKED)

    def unpack(self, found: Sequence[PrintJob]) -> Sequence[PrintJob]:
        """With the printer as it stands."""
        say, state = self.say, self.shop.printer.state()
        self.query_one("#printer", Prose).show(say(msg("Printer: {state}"), state=printer_words(say, state)))
        self.query_one("#advice", Prose).show(say(PRINTER_ADVICE[state]) if state in PRINTER_ADVICE else "")
        return found

    def place_of(self, row: PrintJob) -> UUID:
        """The slip."""
        return row.id

    def cells_of(self, row: PrintJob) -> tuple[str, ...]:
        """Since when, which, how it stands."""
        say = self.say
        return (
            say.clock(row.put_at), row.receipt.number, say(JOB_STATES[row.state]), str(row.tries),
            fault_words(say, row),
        )  # fmt: skip

    def applies(self, action: str) -> bool:
        """What the marked slip allows; names are signed, so only somebody signed in decides."""
        job = self.marked()
        if action in {"confirm", "discard", "receipt"} and self.shop.signed is None:
            return False
        if action == "enter":
            return job is not None and (job.state in READY_TO_SEND or job.state is JobState.UNKNOWN)
        if action == "confirm":
            return job is not None and job.state is JobState.UNKNOWN
        if action == "discard":
            return job is not None and job.state is not JobState.SENDING
        return super().applies(action)

    @on(messages.SlipMoved)
    @on(messages.PrinterStands)
    def show_news(self) -> None:
        """Something went on beside this screen."""
        self.refresh_status()
        self.action_refresh()

    # Deciding

    def decide(self, job: PrintJob | None, work: Callable[[UUID], None]) -> None:
        """Do `work` for a slip; one that moved on meanwhile stays where it is."""
        if job is None:
            return

        def done() -> UUID:
            with contextlib.suppress(KeyError):
                work(job.id)
            return job.id

        ask(self, done, then=messages.SlipDecided, subject="slip")

    @on(messages.SlipDecided)
    def show_decided(self) -> None:
        """The list as it is now."""
        self.action_refresh()

    def open_row(self, row: PrintJob) -> None:
        """A waiting one is tried at once, an unknown one comes again as a copy."""
        if self.applies("enter"):
            self.decide(row, self.shop.print_jobs.again)

    def action_confirm(self) -> None:
        """F3: it is on paper."""
        jobs, by = self.shop.print_jobs, self.shop.person.staff.number
        self.decide(self.marked(), lambda job: jobs.confirm(job, by=by))

    def action_discard(self) -> None:
        """F4: why is it given up?"""
        job = self.marked()
        if job is None:
            return
        title = self.say(msg("Give up the slip {receipt}"), receipt=job.receipt.number)
        about = self.say(msg("The document stands. A copy can be printed later."))
        ask_reason(self, title, partial(self.discard, job), about=about)

    def discard(self, job: PrintJob, reason: str) -> None:
        """With the name of who decided."""
        jobs, by = self.shop.print_jobs, self.shop.person.staff.number
        self.decide(job, lambda slip: jobs.discard(slip, by=by, note=reason))

    # The printer

    def action_check(self) -> None:
        """F5: ask it."""
        printer = self.shop.printer
        ask(self, printer.check, then=messages.PrinterStands, subject="check")

    def action_test(self) -> None:
        """F6: a page that shows width, characters and height."""
        shop = self.shop
        if shop.hello is None:
            return
        language = shop.slip_language or self.say.lang
        paper = SlipPaper(language, shop.slip_columns, shop.hello.chain.minor_digits)
        page = printer_test(paper, encoding=shop.slip_encoding, at=self.say.moment(shop.server_now()))
        put_slip(self, shop, page)

    def action_receipt(self) -> None:
        """F7: which one?"""
        entry = Entry(
            self.shop,
            self.say(msg("Copy of a receipt")),
            label=self.say(msg("Receipt number")),
            read=str.strip,
            about=self.say(msg("As it is printed on the slip, such as S01-1-000042.")),
        )
        self.app.push_screen(entry, self.find_receipt)

    def find_receipt(self, number: str | None) -> None:
        """Ask the server."""
        if number:
            reads = self.shop.reads
            ask(self, lambda: reads.find_document(number), then=messages.DocumentFound, subject="receipt")

    @on(messages.DocumentFound)
    def print_copy(self, message: messages.DocumentFound) -> None:
        """As it was booked, marked as a copy."""
        found = message.found
        names = {line.n: line.name for line in found.lines}
        slip = slip_of(
            self.shop, found.document, found.posted, names=names, stock_names=found.goods,
            staff_name=found.staff_name,
        )  # fmt: skip
        put_slip(self, self.shop, as_copy(slip))
        self.tell(self.say(msg("A copy of {receipt} is printed."), receipt=found.posted.receipt))
