"""Result: the document stands. What the customer gets back, what the card holds now, the slip.

Always true: everything here comes from the door's answer; a printer that does not take the slip undoes
nothing; a key held down does not carry a person past the change due.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from huiyuan.config.i18n import msg
from huiyuan.domain.model.charge import Charge
from huiyuan.domain.model.document import Document, Grant, Kind
from huiyuan.domain.model.document_rows import Settlement
from huiyuan.domain.model.invoice import INVOICED
from huiyuan.domain.model.paid_back import paid_back, rounded_back_minor, taken_in_minor
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.printing import READY_TO_SEND, JobState, PrinterState, PrintJob
from huiyuan.domain.model.receipt import Receipt, as_copy
from huiyuan.domain.model.slip import own_balances
from huiyuan.screens import messages, paying_news
from huiyuan.screens.ask import ask
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.invoice_words import red_letter_text, want_invoice
from huiyuan.screens.life_words import FEE_WORDS
from huiyuan.screens.outbox_sending import SLIP_WAYS, send_soon
from huiyuan.screens.paper import Papers, job_news, put_slip, sent_instead, slip_of
from huiyuan.screens.phone_refund import ask_for, refund_text
from huiyuan.screens.recharge_words import LATER
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Facts, Paper, Prose
from huiyuan.screens.wording import SOURCES_READ, Wording

__all__ = ["ResultScreen", "slip_of"]

GIVES_BACK: Final = frozenset(
    {Kind.RETURN, Kind.REVERSAL, Kind.BLIND_RETURN, Kind.EXCHANGE, Kind.ADVANCE_BACK}
)
LEAST_SHOWN_S: Final = 0.6
HEAD_DIGITS: Final = 8
HEADS_DIGITS: Final = 16
POINT: Final = "POINT"


def given_back(document: Document, posted: Posted) -> list[tuple[str, int]]:
    """Account and minor units of everything that is handed back."""
    back: dict[str, int] = {}
    for posting, amount in paid_back(document, posted):
        back[posting.credit] = back.get(posting.credit, 0) + amount
    return list(back.items())


def uses_back(document: Document, posted: Posted) -> int:
    """Uses of a pass that a void gives back."""
    undone = document.kind == Kind.REVERSAL
    return sum(row.amount for row in posted.postings if undone and row.credit.startswith("pass:"))


def granted(
    say: Wording, grant: Grant, posted: Posted, countless: frozenset[int] = frozenset()
) -> tuple[str, str]:
    """Money, points or uses, each as what it is; `countless` are passes that have no count."""
    if grant.kind == "bonus":
        return say(msg("Bonus")), say.money(grant.amount)
    if grant.kind == "pass":
        return say(msg("Pass uses")), say(msg("any")) if grant.rule in countless else f"+{grant.amount}"
    label = msg("Points earned") if posted.head else msg("Points, added later")
    return say(label), f"+{grant.amount:,}"


def settled(say: Wording, row: Settlement) -> list[tuple[str, str]]:
    """How a card was paid back, and what ended with it."""
    way = say.tender("cash") if row.method == "cash" else say(msg("Bank account"))
    rows = [(say(msg("Back: {tender}"), tender=way), say.money(row.amount_minor))]
    if row.reference:
        rows.append((say(msg("Reference")), row.reference))
    if row.forfeit_minor:
        rows.append((say(msg("Bonus lost")), say.money(row.forfeit_minor)))
    if row.points:
        rows.append((say(msg("Points lost")), f"{row.points:,}"))
    return rows


def taken_facts(say: Wording, document: Document) -> list[tuple[str, str]]:
    """How it was paid, what of it was rounded or kept, which fees were let go."""
    rows = [
        (say.tender(t.kind), say.money(t.amount_minor if t.given_minor is None else t.given_minor))
        for t in (document.tenders if document.kind != Kind.BLIND_RETURN else ())  # named as what goes back
    ]
    free = [fee for fee in document.fees if not fee.amount_minor]
    rows += [(say.word(FEE_WORDS, fee.code), say(msg("waived"))) for fee in free]
    for tender in document.tenders:
        if tender.rounded_minor:
            rows.append((say(msg("Rounding of cash")), say.money(tender.rounded_minor)))
        if tender.kept_minor:
            rows.append((say(msg("Kept on the card")), say.money(tender.kept_minor)))
    return rows


def balance_facts(say: Wording, document: Document, posted: Posted) -> list[tuple[str, str]]:
    """What the customer's card holds now, and what it owes."""
    rows = []
    for row in own_balances(document, posted):
        held = row.balances
        rows.append((say(msg("Stored value now")), say.money(held.stored_minor)))
        rows.append((say(msg("  of it bonus")), say.money(held.bonus)))
        rows.append((say(msg("Points now")), f"{held.points:,}"))
        if held.points_debt:
            rows.append((say(msg("Points owed")), f"{held.points_debt:,}"))
        if held.advance:
            rows.append((say(msg("Paid ahead now")), say.money(held.advance)))
        if held.owed_minor > 0:
            rows.append((say(msg("Owed now")), say.money(held.owed_minor)))
    return rows


def result_facts(
    say: Wording, document: Document, posted: Posted, *, countless: frozenset[int] = frozenset()
) -> list[tuple[str, str]]:
    """Label and figure of everything a person may be asked about."""
    rows = [
        (say(msg("Receipt")), posted.receipt),
        (say(msg("Booked at") if posted.head else msg("Rung up at")), say.moment(posted.posted_at)),
    ]
    if posted.total_minor or document.tenders:
        rows.append((say(msg("Total")), say.money(posted.total_minor)))
    rows += taken_facts(say, document)
    if source := next((row.source for row in document.proofs if row.source), None):
        rows.append((say(msg("Card read")), say.word(SOURCES_READ, source)))
    for paid in document.settlements:
        rows += settled(say, paid)
    if taken := taken_in_minor(document, posted):
        rows.append((say(msg("Cash received")), say.money(taken)))
    if uses := uses_back(document, posted):
        rows.append((say(msg("Pass uses")), f"+{uses}"))
    for account, amount in given_back(document, posted):
        rows.append((say(msg("Back: {tender}"), tender=say.account(account)), say.money(amount)))
    if rounded := rounded_back_minor(document, posted):
        rows.append((say(msg("Rounding of cash")), say.money(rounded)))
    rows += [granted(say, grant, posted, countless) for grant in document.grants]
    if (later := posted.later) is not None:
        text = say(LATER[later.every], count=later.parts, amount=say.money(later.part_minor))
        rows.append((say(msg("Bonus later")), text))
    if document.promises:
        rows.append((say(msg("Points, added later")), say(msg("by tier"))))
    if document.coupons and document.kind in {Kind.SALE, Kind.EXCHANGE}:
        whose = (
            msg("{count}, on the member's page") if document.wallet is not None else msg("{count} on paper")
        )
        rows.append((say(msg("Coupons earned")), say(whose, count=len(document.coupons))))
    rows += balance_facts(say, document, posted)
    if document.kind == Kind.SHIFT_CLOSE and posted.expected_minor is not None:
        rows.append((say(msg("Cash expected")), say.money(posted.expected_minor)))
        rows.append((say(msg("Cash counted")), say.money(document.counted_minor or 0)))
        rows.append((say(msg("Over or short")), say.money(posted.over_short_minor or 0)))
    if document.message:
        rows.append((say(msg("Slip")), say(SLIP_WAYS[document.message])))
    if document.reason:
        rows.append((say(msg("Reason")), document.reason))
    if posted.approved_by is not None:
        rows.append((say(msg("Approved")), say(msg("by a second person"))))
    if posted.head:
        rows.append((say(msg("Chain head")), posted.head[:HEAD_DIGITS]))
    if posted.heads and document.kind == Kind.SHIFT_CLOSE:
        rows.append((say(msg("Digest of heads")), posted.heads[:HEADS_DIGITS]))
    return rows


def counted_headline(say: Wording, over_short_minor: int) -> str:
    """How the drawer compares with what should lie in it."""
    if over_short_minor < 0:
        return say(msg("Shift closed. {amount} are missing."), amount=say.money(-over_short_minor))
    if over_short_minor > 0:
        return say(msg("Shift closed. {amount} are too much."), amount=say.money(over_short_minor))
    return say(msg("Shift closed. The drawer is right."))


def settled_headline(say: Wording, row: Settlement) -> str:
    """Where the money goes now."""
    if row.method == "cash":
        return say(msg("Paid back. Give {amount} in cash."), amount=say.money(row.amount_minor))
    return say(msg("Paid back: {amount} goes to the bank account."), amount=say.money(row.amount_minor))


def headline(say: Wording, document: Document, posted: Posted) -> str:
    """The one thing to do now, in a sentence."""
    cash = any(tender.kind == "cash" for tender in document.tenders)
    if not posted.head:
        return say(
            msg("Paid, OFFLINE. Give {amount} change. It is booked when the line is back."),
            amount=say.money(posted.change_minor),
        )
    if cash and (document.kind in {Kind.SALE, Kind.EXCHANGE} or posted.change_minor):
        return say(msg("Paid. Give {amount} change."), amount=say.money(posted.change_minor))
    if document.kind == Kind.SHIFT_CLOSE:
        return counted_headline(say, posted.over_short_minor or 0)
    if document.settlements:
        return settled_headline(say, document.settlements[0])
    if document.kind in GIVES_BACK:
        in_cash = dict(given_back(document, posted)).get("cash", 0)
        if in_cash:
            return say(msg("Taken back. Give {amount} in cash."), amount=say.money(in_cash))
    if taken := taken_in_minor(document, posted):
        return say(msg("Taken back. Take {amount} in cash."), amount=say.money(taken))
    if document.kind is Kind.REVERSAL and not posted.total_minor:
        return say(msg("Taken back. It stands."))
    if document.kind in {Kind.RETURN, Kind.REVERSAL}:
        return say(msg("Taken back: {amount}. It stands."), amount=say.money(posted.total_minor))
    return say(msg("{kind}: it stands."), kind=say.kind(document.kind))


class ResultScreen(ShopScreen[None]):
    """Facts left, slip right; Enter goes on."""

    SCOPE = "result"
    TITLE_TEXT = msg("Done")

    DEFAULT_CSS = """
    ResultScreen #headline { text-style: bold reverse; height: auto; margin: 1 1; color: $text-success; }
    ResultScreen #red-letter { color: $text-warning; margin-bottom: 1; }
    ResultScreen #next-step { margin-bottom: 1; }
    ResultScreen #left { width: 1fr; height: 1fr; }
    ResultScreen #right { width: 37; height: 1fr; scrollbar-gutter: stable; }
    """

    def __init__(
        self, shop: Shop, document: Document, posted: Posted, slip: Receipt, *, papers: Papers | None = None,
        refunds: Sequence[Charge] = (), red_letter: Sequence[str] = (),
        countless: frozenset[int] = frozenset(), next_step: str = "",
    ) -> None:  # fmt: skip
        super().__init__(shop)
        self.countless = countless
        self.next_step = next_step
        self.refunds = refunds
        self.red_letter = red_letter
        self.about_refunds: tuple[str, str] | None = None
        self.papers: Papers = papers or tuple
        self.document = document
        self.posted = posted
        self.slip = slip
        self.job: PrintJob | None = None
        self.wanted = document.id
        self.shown_at = monotonic()

    def body(self) -> ComposeResult:
        """What to do, figures, paper."""
        with Horizontal():
            with VerticalScroll(id="left", can_focus=False):
                yield Prose(headline(self.say, self.document, self.posted), id="headline")
                if self.next_step:
                    yield Prose(self.next_step, id="next-step")
                if self.red_letter:
                    yield Prose(red_letter_text(self.say, self.red_letter), id="red-letter")
                facts = result_facts(self.say, self.document, self.posted, countless=self.countless)
                yield Facts(facts, width=18, label_width=20)
            with VerticalScroll(id="right", can_focus=True):
                yield Paper(self.slip.lines, columns=self.slip.columns)

    def on_mount(self) -> None:
        """Print at once, once: the document's id is the job's."""
        if self.document.tenders:
            figure = self.say.figure
            self.shop.display.show_change(figure(self.posted.total_minor), figure(self.posted.change_minor))
        self.shown_at = monotonic()
        self.aside(f"{self.say.kind(self.document.kind)} {self.posted.receipt}")
        paper = not sent_instead(self.document)
        put_slip(self, self.shop, self.slip, job=self.document.id, papers=self.papers, on_paper=paper)
        send_soon(self, self.shop, self.document)
        if self.refunds and self.shop.gateway.configured:
            work = partial(ask_for, self.shop, self.refunds)
            ask(self, work, then=paying_news.RefundsAsked, subject="refunds")
        elif self.refunds:
            self.tell_refunds(self.refunds)

    @on(paying_news.RefundsAsked)
    def show_refunds(self, message: paying_news.RefundsAsked) -> None:
        """Where the money is."""
        self.tell_refunds(message.refunds)

    def tell_refunds(self, refunds: Sequence[Charge]) -> None:
        """The first that needs somebody, else the first."""
        told = [refund_text(self.say, each, by_hand=not self.shop.gateway.configured) for each in refunds]
        self.about_refunds = next((each for each in told if each[1] == "warn"), told[0])
        self.tell(*self.about_refunds)

    @on(messages.SlipKept)
    def note_kept(self, message: messages.SlipKept) -> None:
        """On disk; it may be printed by now."""
        if self.job is None or self.job.id != message.job.id:
            self.job = message.job

    @on(messages.Refused)
    def note_not_kept(self, message: messages.Refused) -> None:
        """The disk did not take it; F5 tries once more."""
        if message.subject == "print":
            self.wanted = self.job.id if self.job else self.document.id

    @on(messages.SlipMoved)
    def say_moved(self, message: messages.SlipMoved) -> None:
        """A jam is said; the document stands whatever the paper does."""
        self.refresh_status()
        job = message.job
        if job.id != self.wanted:
            return
        self.job = job
        if self.shop.printer.state() is not PrinterState.NONE:
            text, severity = job_news(self.say, job, folder=self.shop.slip_folder)
            if severity == "warn" or self.about_refunds is None:
                self.tell(text, severity)

    def action_next(self) -> None:
        """Enter, but not the one that was held down to get here."""
        if monotonic() - self.shown_at >= LEAST_SHOWN_S:
            self.dismiss(None)

    def action_reprint(self) -> None:
        """F5: a slip that waits is tried now, an unknown one again as a copy; one that is out is copied."""
        job, jobs = self.job, self.shop.print_jobs
        if job is None:
            put_slip(self, self.shop, self.slip, job=self.document.id, papers=self.papers)
        elif job.id != self.wanted or job.state is JobState.SENDING:
            return  # a copy is on its way
        elif job.state in READY_TO_SEND or job.state is JobState.UNKNOWN:
            id = job.id

            def work() -> UUID:
                with contextlib.suppress(KeyError):  # it moved on meanwhile
                    jobs.again(id)
                return id

            ask(self, work, then=messages.SlipDecided, subject="print")
        else:
            self.wanted = put_slip(self, self.shop, as_copy(self.slip))

    def applies(self, action: str) -> bool:
        """An invoice is of a document that stands and took money."""
        if action == "invoice":
            return bool(self.posted.head) and self.document.kind in INVOICED and self.posted.total_minor > 0
        return super().applies(action)

    def action_invoice(self) -> None:
        """F7: the buyer wants an invoice."""
        want_invoice(self, self.document.id)

    def action_printer(self) -> None:
        """F6."""
        from huiyuan.screens.printer import PrinterScreen

        self.app.push_screen(PrinterScreen(self.shop))

    def action_back(self) -> None:
        """Esc goes on as well."""
        self.action_next()
