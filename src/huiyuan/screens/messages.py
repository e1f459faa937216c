"""Messages: every answer a worker brings to a screen, one class a kind of news.

Always true: a message is made in the thread that worked and carries values only; the screen that receives
it owns all state. None compares or shows its values: that is what most of making its class would cost, and
the first frame waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:  # fields only: what they carry is not needed before it is there
    from collections.abc import Sequence
    from uuid import UUID

    from huiyuan.domain.model import errors
    from huiyuan.domain.model.card import AttachedMember, OpenedCard
    from huiyuan.domain.model.catalog import Product
    from huiyuan.domain.model.coupon import Coupon
    from huiyuan.domain.model.found import Found
    from huiyuan.domain.model.identity import Hello, SignedIn
    from huiyuan.domain.model.journal import Drained
    from huiyuan.domain.model.members import (
        CardType,
        MemberChange,
        MemberForm,
        MemberPage,
        MemberSaved,
        Statement,
    )
    from huiyuan.domain.model.posted import Posted, PostedDocument
    from huiyuan.domain.model.printing import PrinterState, PrintJob
    from huiyuan.domain.model.rules import RuleVersion
    from huiyuan.domain.model.shift import ShiftReport
    from huiyuan.domain.model.stock import StockMoves, StockOnHand
    from huiyuan.domain.model.till_events import TillEvents
    from huiyuan.domain.model.turnover import Turnover
    from huiyuan.screens.shop import Shop


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which question an answer belongs to; a newer one on the same subject makes it stale."""

    subject: str
    generation: int


@dataclass(eq=False, repr=False)
class Answered(Message):
    """A worker is done: `news` is delivered if `ticket` is still the newest of its subject."""

    ticket: Ticket
    news: Message


@dataclass(eq=False, repr=False)
class Overdue(Message):
    """No answer within the deadline."""

    ticket: Ticket


@dataclass(eq=False, repr=False)
class Refused(Message):
    """A definite no; `refusals` makes the sentence."""

    error: errors.Refused
    subject: str


@dataclass(eq=False, repr=False)
class Unknown(Message):
    """Sent, and no definite answer: the journal holds it, the same id is sent again."""

    document: UUID
    subject: str


@dataclass(eq=False, repr=False)
class NoLine(Message):
    """The line was down before anything was sent."""

    subject: str


@dataclass(eq=False, repr=False)
class Broken(Message):
    """A bug: raised again on the screen's own thread, so that the crash screen reports it."""

    error: BaseException


@dataclass(eq=False, repr=False)
class DocumentState(Message):
    """From the posting thread: a document is `sending`, `checking`, `answered` or `refused`."""

    document: UUID
    state: str


@dataclass(eq=False, repr=False)
class Started(Message):
    """The counter is put together: this is its shop."""

    shop: Shop


@dataclass(eq=False, repr=False)
class StartStep(Message, bubble=False):
    """What the start is doing now, as a sentence."""

    text: str


@dataclass(eq=False, repr=False)
class Greeted(Message):
    hello: Hello


@dataclass(eq=False, repr=False)
class Resent(Message):
    """What draining the journal did."""

    drained: Drained


@dataclass(eq=False, repr=False)
class PersonSignedIn(Message):
    signed: SignedIn


@dataclass(eq=False, repr=False)
class PersonSignedOut(Message):
    pass


@dataclass(eq=False, repr=False)
class ProductFound(Message):
    product: Product
    qty_milli: int


@dataclass(eq=False, repr=False)
class CouponOpened(Message):
    coupon: Coupon


@dataclass(eq=False, repr=False)
class CardOpened(Message):
    card: OpenedCard


@dataclass(eq=False, repr=False)
class RulesRead(Message):
    rules: Sequence[RuleVersion]


@dataclass(eq=False, repr=False)
class MembersFound(Message):
    """What the one box found for `text`."""

    text: str
    found: Found


@dataclass(eq=False, repr=False)
class LastSeenFolded(Message):
    """So many members count as seen on the day of the shift that was closed."""

    members: int


@dataclass(eq=False, repr=False)
class MemberAttached(Message):
    """A member who shows no card."""

    attached: AttachedMember


@dataclass(eq=False, repr=False)
class DocumentFound(Message):
    found: PostedDocument


@dataclass(eq=False, repr=False)
class ShiftRead(Message):
    report: ShiftReport


@dataclass(eq=False, repr=False)
class ShiftPrinted(Message):
    """Read for paper: it has its number."""

    report: ShiftReport


@dataclass(eq=False, repr=False)
class DocumentPosted(Message):
    """The document stands."""

    posted: Posted


@dataclass(eq=False, repr=False)
class Approved(Message):
    """A second person agreed to this document."""

    document: UUID


@dataclass(eq=False, repr=False)
class Withdrawn(Message):
    """A proposal was given up."""

    document: UUID


@dataclass(eq=False, repr=False)
class PinChanged(Message):
    pass


@dataclass(eq=False, repr=False)
class Decided(Message):
    """A parked document is off the list."""

    document: UUID


@dataclass(eq=False, repr=False)
class TurnoverRead(Message):
    report: Turnover


@dataclass(eq=False, repr=False)
class StockRead(Message):
    page: StockOnHand


@dataclass(eq=False, repr=False)
class MovesRead(Message):
    page: StockMoves


@dataclass(eq=False, repr=False)
class TillEventsRead(Message):
    found: TillEvents


@dataclass(eq=False, repr=False)
class ReportSaved(Message):
    """An export lies in `path`."""

    path: str


@dataclass(eq=False, repr=False)
class GivenUp(Message):
    """The server was told to stop counting."""


@dataclass(eq=False, repr=False)
class SlipMoved(Message, bubble=False):
    """From the printing thread: a slip was put, is being sent, or is at its end."""

    job: PrintJob


@dataclass(eq=False, repr=False)
class SlipKept(Message):
    """A slip is on the counter's disk, and is printed when its turn comes."""

    job: PrintJob


@dataclass(eq=False, repr=False)
class OwedKept(Message):
    """Slips of documents whose counter died before they were kept are on its disk now."""

    slips: int


@dataclass(eq=False, repr=False)
class PrinterStands(Message, bubble=False):
    """The printer stands otherwise than before, or as a check just found it."""

    state: PrinterState


@dataclass(eq=False, repr=False)
class SlipDecided(Message):
    """A person decided about a slip that waited."""

    job: UUID


@dataclass(eq=False, repr=False)
class MemberRead(Message):
    page: MemberPage


@dataclass(eq=False, repr=False)
class FormRead(Message):
    form: MemberForm


@dataclass(eq=False, repr=False)
class MemberKept(Message):
    saved: MemberSaved


@dataclass(eq=False, repr=False)
class HistoryRead(Message):
    changes: Sequence[MemberChange]
    at: int


@dataclass(eq=False, repr=False)
class StatementRead(Message):
    """A page of an account; `at` is its place among the pages read."""

    statement: Statement
    at: int


@dataclass(eq=False, repr=False)
class Revealed(Message):
    """One value in full; its repr is dull."""

    about: str
    value: str = field(repr=False)


@dataclass(eq=False, repr=False)
class NoteKept(Message):
    """A note was added or taken away."""


@dataclass(eq=False, repr=False)
class TypesRead(Message):
    types: Sequence[CardType]
