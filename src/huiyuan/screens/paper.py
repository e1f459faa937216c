"""Paper in words: how the printer stands, where a slip stands, and putting slips for printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol
from uuid import UUID

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import Member, OpenedCard
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.identity import Hello
from huiyuan.domain.model.message import INSTEAD
from huiyuan.domain.model.passes import countless
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.printing import USABLE, JobState, PrinterState, PrintJob
from huiyuan.domain.model.receipt import Receipt, pulse_of
from huiyuan.domain.model.shift import ShiftReport
from huiyuan.domain.model.shift_slip import render_report
from huiyuan.domain.model.slip import SlipFacts, render_slip
from huiyuan.domain.usecases.printing import put_owed
from huiyuan.screens import messages
from huiyuan.screens.ask import Asker, ask
from huiyuan.screens.coupon_paper import coupon_slips
from huiyuan.screens.shop import Shop
from huiyuan.screens.wording import Wording

PULSE: Final = 0xD0_0A_3E_00_00_00
"""In the random bits of an id: the kick of the drawer for a document whose slip is not printed."""
OWED: Final = "owed"
"""The subject of asking for slips that are owed: whatever goes wrong there is no news at the counter."""

PRINTER_STATES: Final = {
    PrinterState.NONE: msg("no printer"),
    PrinterState.UNASKED: msg("not asked yet"),
    PrinterState.READY: msg("ready"),
    PrinterState.PAPER_LOW: msg("paper is running out"),
    PrinterState.NO_PAPER: msg("no paper"),
    PrinterState.COVER_OPEN: msg("cover open"),
    PrinterState.OFFLINE: msg("not ready"),
    PrinterState.UNREACHABLE: msg("cannot be reached"),
    PrinterState.SILENT: msg("gives no answer"),
    PrinterState.GARBLED: msg("answers nonsense"),
}
PRINTER_ADVICE: Final = {
    PrinterState.PAPER_LOW: msg("Have a roll ready, and change it before the next customer."),
    PrinterState.NO_PAPER: msg("Put paper in and close the cover; what waits is printed by itself."),
    PrinterState.COVER_OPEN: msg("Close the cover; what waits is printed by itself."),
    PrinterState.OFFLINE: msg("Look at its lamps and buttons; switch it off and on."),
    PrinterState.UNREACHABLE: msg("Is it switched on, is its cable in, is its address right?"),
    PrinterState.SILENT: msg("Another till may be printing. If it stays so, switch it off and on."),
    PrinterState.GARBLED: msg("Something else answers there, or the cable is bad. Check the address."),
    PrinterState.NONE: msg("This counter shows its slips on the screen only."),
}
FAULTS: Final = {
    "cut": msg("the line broke in the middle"),
    "unproven": msg("no answer behind the slip"),
    "interrupted": msg("the counter stopped meanwhile"),
}
JOB_STATES: Final = {
    JobState.QUEUED: msg("waiting"),
    JobState.SENDING: msg("being printed"),
    JobState.FAILED: msg("not printed, tried again"),
    JobState.UNKNOWN: msg("perhaps printed, look"),
    JobState.SENT: msg("sent"),
    JobState.PRINTED: msg("printed"),
    JobState.DISCARDED: msg("given up"),
}
HEALTHY: Final = USABLE | {PrinterState.NONE}


Papers = Callable[[], Sequence[tuple[UUID, Receipt]]]


class NamedRule(Protocol):
    """A rule with its name: a version, a series of coupons, a pass on offer."""

    @property
    def rule(self) -> int: ...

    @property
    def name(self) -> str: ...


def slip_of(
    shop: Shop,
    document: Document,
    posted: Posted,
    *,
    names: Mapping[int, str] | None = None,
    served: Mapping[int, str] | None = None,
    stock_names: Mapping[int, str] | None = None,
    card: OpenedCard | None = None,
    card_number: str | None = None,
    old_card: str | None = None,
    to_card: str | None = None,
    merged: tuple[str, str] | None = None,
    member: Member | None = None,
    holder: str | None = None,
    rules: Sequence[NamedRule] = (),
    of_receipt: str | None = None,
    applied_for: str | None = None,
    red_letter: Sequence[str] = (),
    gifts_back: Mapping[int, int] | None = None,
    staff_name: str | None = None,
    hello: Hello | None = None,
) -> Receipt:
    """The slip of a document that stands, for this seat's paper and language.

    Args:
        names: of the goods, by line number; `served` who served it; `stock_names` by product id.
        card: the card that was presented; `card_number` where only its number is known; `old_card` the one
            whose place it took, `to_card` that took the value; `merged` numbers: who stays, who goes.
        member: who was named without a card; `holder` where only the name is known.
        rules: their names are printed as the reasons of what was taken off.
        of_receipt: the printed number of the document that this one takes back.
        applied_for: the name of the card type that an application is about.
        red_letter: numbers of its invoices to be red-lettered; `gifts_back` thousandths by product id.
        staff_name: who booked it, if not the person signed in; `hello` whose head, if not this store's.
    """
    known = card.member if card else member
    facts = SlipFacts(
        hello=hello or shop.greeting,
        staff_name=shop.person.staff.name if staff_name is None else staff_name,
        language=shop.slip_language or shop.say.lang,
        columns=shop.slip_columns,
        product_names=tuple((names or {}).items()),
        served_by=tuple((served or {}).items()),
        stock_names=tuple((stock_names or {}).items()),
        rule_names=tuple((rule.rule, rule.name) for rule in rules),
        countless=countless(rules),
        card_number=card.number if card else card_number,
        old_card=old_card,
        to_card=to_card,
        merged=merged,
        member_name=known.name if known else holder,
        member_tier=known.tier.name if known else None,
        of_receipt=of_receipt,
        applied_for=applied_for,
        red_letter=tuple(red_letter),
        gifts_back=tuple((gifts_back or {}).items()),
        posted_at_local=shop.say.moment(posted.posted_at),
    )
    return render_slip(document, posted, facts)


def report_slip(shop: Shop, report: ShiftReport) -> Receipt:
    """X of an open shift, Z of a closed one; a second print of a Z is a copy."""
    say = shop.say
    facts = SlipFacts(
        hello=shop.greeting,
        staff_name=shop.person.staff.name,
        language=shop.slip_language or say.lang,
        columns=shop.slip_columns,
        posted_at_local=say.moment(shop.server_now()),
    )
    closed = say.moment(report.closed_at) if report.closed_at is not None else ""
    return render_report(report, facts, opened=say.moment(report.opened_at), closed=closed)


def sent_instead(document: Document) -> bool:
    """The member has the slip sent and none on paper; a sale without the line is on paper in any case."""
    return document.message == INSTEAD and document.offline_at is None


def put_slip(
    screen: Asker,
    shop: Shop,
    slip: Receipt,
    *,
    job: UUID | None = None,
    papers: Papers = lambda: (),
    on_paper: bool = True,
) -> UUID:
    """Have a slip kept and printed in its turn; `SlipKept` says that it is on disk.

    Args:
        job: the document's id for its first slip; None makes an id of its own, for copies and reports.
        papers: coupons that go with it. They are kept first: while the slip is owed, so are they.
        on_paper: False where the member has it sent instead.
    """
    jobs, id = shop.print_jobs, job or shop.ids.new()

    def work() -> PrintJob:
        for own, paper in papers():
            jobs.put(own, paper)
        kept = jobs.put(id, slip, on_paper=on_paper)
        if not on_paper and slip.opens_drawer:
            jobs.put(UUID(int=id.int ^ PULSE), pulse_of(slip))
        return kept

    ask(screen, work, then=messages.SlipKept, subject="print")
    return id


def put_owed_slips(screen: Asker, shop: Shop) -> None:
    """Have slips kept that documents of this counter still owe; nothing is asked while none is."""

    def slip(receipt: str) -> tuple[UUID, Receipt]:
        found = shop.reads.find_document(receipt)
        names = {line.n: line.name for line in found.lines}
        served = found.served
        made = slip_of(
            shop,
            found.document,
            found.posted,
            names=names,
            served=served,
            stock_names=found.goods,
            staff_name=found.staff_name,
        )
        if found.document.coupons and found.document.wallet is None:
            series = shop.reads.coupons_of(found.document.id)
            for job, paper in coupon_slips(shop, found.document, found.posted, series):
                shop.print_jobs.put(job, paper)
        if sent_instead(found.document):
            shop.print_jobs.put(found.document.id, made, on_paper=False)
        return found.document.id, made

    if shop.signed is not None and shop.print_jobs.owed():
        ask(screen, lambda: put_owed(shop.print_jobs, slip), then=messages.OwedKept, subject=OWED)


def printer_words(say: Wording, state: PrinterState) -> str:
    """How the printer stands."""
    return say(PRINTER_STATES[state])


def paper_trouble(shop: Shop) -> str:
    """What is the matter with the printer and what to do about it; empty while nothing is."""
    say, state = shop.say, shop.printer.state()
    if state is PrinterState.NONE or state not in PRINTER_ADVICE:
        return ""
    text = msg("Printer: {state}. {advice}")
    return say(text, state=printer_words(say, state), advice=say(PRINTER_ADVICE[state]))


def fault_words(say: Wording, job: PrintJob) -> str:
    """Why a slip is where it is; empty if nothing went wrong."""
    if not job.fault:
        return ""
    if job.fault in FAULTS:
        return say(FAULTS[job.fault])
    return printer_words(say, PrinterState(job.fault))


def job_news(say: Wording, job: PrintJob, *, stands: bool = True, folder: str = "") -> tuple[str, str]:
    """The sentence about a slip that was just rung up, and its severity; both empty if there is no news.

    Args:
        stands: a document stands behind it, which is said first where the paper is in trouble.
        folder: where slips are written, for a counter whose printer is a folder.
    """
    text, severity = "", "info"
    if job.state is JobState.FAILED:
        text = say(
            msg("The slip waits ({why}) and is printed by itself when the printer can. At once: F5."),
            why=fault_words(say, job),
        )
        severity = "warn"
    elif job.state is JobState.UNKNOWN:
        text = say(
            msg("Look at the paper ({why}): if the slip is not there, F5 prints a copy."),
            why=fault_words(say, job),
        )
        severity = "warn"
    elif job.state is JobState.SENDING:
        text = say(msg("Printing ..."))
    elif job.state is JobState.SENT:
        text = say(msg("Slip sent to the printer."))
    elif job.state is JobState.PRINTED and folder:
        text = say(msg("Slip written to {folder}."), folder=folder)
    elif job.state is JobState.PRINTED:
        text, severity = say(msg("Slip printed.")), "good"
    if severity == "warn" and stands:
        text = say(msg("It stands. {more}"), more=text)
    return text, severity
