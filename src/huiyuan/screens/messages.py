"""Messages: every answer a worker brings to a screen, one class a kind of news.

Always true: a message is made in the thread that worked and carries values only; the screen that receives
it owns all state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from textual.message import Message

from huiyuan.domain.model import errors
from huiyuan.domain.model.card import AttachedMember, OpenedCard
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.found import Found
from huiyuan.domain.model.identity import Hello, SignedIn
from huiyuan.domain.model.journal import Drained
from huiyuan.domain.model.members import (
    CardPage,
    CardType,
    Doubtful,
    MemberChange,
    MemberForm,
    MemberPage,
    MemberSaved,
    Purchase,
    Statement,
)
from huiyuan.domain.model.posted import Posted, PostedDocument, RecentDocument
from huiyuan.domain.model.printing import PrinterState, PrintJob
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.shift import ShiftReport
from huiyuan.domain.model.staff import Colleague
from huiyuan.domain.model.stock import StockMoves, StockOnHand
from huiyuan.domain.model.turnover import Turnover


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which question an answer belongs to; a newer one on the same subject makes it stale."""

    subject: str
    generation: int


@dataclass
class Answered(Message):
    """A worker is done: `news` is delivered if `ticket` is still the newest of its subject."""

    ticket: Ticket
    news: Message


@dataclass
class Overdue(Message):
    """No answer within the deadline."""

    ticket: Ticket


@dataclass
class Refused(Message):
    """A definite no; `refusals` makes the sentence."""

    error: errors.Refused
    subject: str


@dataclass
class Unknown(Message):
    """Sent, and no definite answer: the journal holds it, the same id is sent again."""

    document: UUID
    subject: str


@dataclass
class NoLine(Message):
    """The line was down before anything was sent."""

    subject: str


@dataclass
class Broken(Message):
    """A bug: raised again on the screen's own thread, so that the crash screen reports it."""

    error: Exception


@dataclass
class DocumentState(Message):
    """From the posting thread: a document is `sending`, `checking`, `answered` or `refused`."""

    document: UUID
    state: str


@dataclass
class Greeted(Message):
    hello: Hello


@dataclass
class Resent(Message):
    """What draining the journal did."""

    drained: Drained


@dataclass
class PersonSignedIn(Message):
    signed: SignedIn


@dataclass
class PersonSignedOut(Message):
    pass


@dataclass
class ProductFound(Message):
    product: Product
    qty_milli: int


@dataclass
class CardOpened(Message):
    card: OpenedCard


@dataclass
class RulesRead(Message):
    rules: Sequence[RuleVersion]


@dataclass
class MembersFound(Message):
    """What the one box found for `text`."""

    text: str
    found: Found


@dataclass
class LastSeenFolded(Message):
    """So many members count as seen on the day of the shift that was closed."""

    members: int


@dataclass
class MemberAttached(Message):
    """A member who shows no card."""

    attached: AttachedMember


@dataclass
class DocumentFound(Message):
    found: PostedDocument


@dataclass
class RecentRead(Message):
    documents: Sequence[RecentDocument]


@dataclass
class ShiftRead(Message):
    report: ShiftReport


@dataclass
class DocumentPosted(Message):
    """The document stands."""

    posted: Posted


@dataclass
class GuessCommitted(Message):
    """The card PIN's guess is at the server; the posting will judge it."""

    attempt: UUID
    wallet: int


@dataclass
class Approved(Message):
    """A second person agreed to this document."""

    document: UUID


@dataclass
class Withdrawn(Message):
    """A proposal was given up."""

    document: UUID


@dataclass
class PinChanged(Message):
    pass


@dataclass
class Decided(Message):
    """A parked document is off the list."""

    document: UUID


@dataclass
class StaffListed(Message):
    people: Sequence[Colleague]
    duties: Sequence[tuple[str, str]]


@dataclass
class StaffChanged(Message):
    number: str


@dataclass
class TurnoverRead(Message):
    report: Turnover


@dataclass
class StockRead(Message):
    page: StockOnHand


@dataclass
class MovesRead(Message):
    page: StockMoves


@dataclass
class ReportSaved(Message):
    """An export lies in `path`."""

    path: str


@dataclass
class GivenUp(Message):
    """The server was told to stop counting."""


@dataclass
class SlipMoved(Message, bubble=False):
    """From the printing thread: a slip was put, is being sent, or is at its end."""

    job: PrintJob


@dataclass
class SlipKept(Message):
    """A slip is on the counter's disk, and is printed when its turn comes."""

    job: PrintJob


@dataclass
class PrinterStands(Message, bubble=False):
    """The printer stands otherwise than before, or as a check just found it."""

    state: PrinterState


@dataclass
class SlipDecided(Message):
    """A person decided about a slip that waited."""

    job: UUID


@dataclass
class MemberRead(Message):
    page: MemberPage


@dataclass
class FormRead(Message):
    form: MemberForm


@dataclass
class MemberKept(Message):
    saved: MemberSaved


@dataclass
class HistoryRead(Message):
    changes: Sequence[MemberChange]


@dataclass
class StatementRead(Message):
    """A page of an account; `at` is its place among the pages read."""

    statement: Statement
    at: int


@dataclass
class PurchasesRead(Message):
    """A page of purchases; `at` is its place among the pages read."""

    purchases: Sequence[Purchase]
    at: int


@dataclass
class Revealed(Message):
    """One value in full; its repr is dull."""

    about: str
    value: str = field(repr=False)


@dataclass
class NoteKept(Message):
    """A note was added or taken away."""


@dataclass
class DoubtfulRead(Message):
    rows: Sequence[Doubtful]


@dataclass
class CardRead(Message):
    page: CardPage


@dataclass
class TypesRead(Message):
    types: Sequence[CardType]
