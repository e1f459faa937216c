"""What the domain asks of the world, as Protocols. Every method lists what it can refuse.

Any method that talks to the server may raise `Unreachable`; it is listed only where more is to be said.
All of them block; screens call them from `ask.py` only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.approval import Proposal, Proposed
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import Hello, SignedIn
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.domain.model.posted import Posted, PostedDocument, RecentDocument
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.shift import ShiftReport
from huiyuan.domain.model.staff import Colleague

OnState = Callable[[UUID, str], None]
"""Told, from the posting thread, where a document stands: `sending`, `checking`, `answered`, `refused`.

`checking` means: no answer came, the same id is being sent again. There is no state called failed.
"""


class Door(Protocol):
    """The only way to write. A document goes through once, whatever the line does."""

    def post(self, document: Document) -> Posted:
        """Journal `document`, send it, and keep sending the same id until a definite answer.

        Raises:
            Refused: any code of docs/LEDGER.md section 5, `journal_unwritable`, `read_only`.
            Unreachable: the line was down before anything was journalled or sent.
            OutcomeUnknown: patience ran out or the app is closing; the journal holds the document.
        """
        ...

    def settle(self, document: UUID) -> Posted:
        """Send a journalled document of unknown outcome again.

        Raises:
            Refused: a definite no; from here on its number is free.
            OutcomeUnknown: still no answer.
            KeyError: the journal does not hold it as unsent.
        """
        ...

    def propose(self, document: Document) -> Proposed:
        """Lay `document` before a second person; post the same document after the approval.

        Its receipt number stays taken meanwhile. Raises Refused: `malformed`, `wrong_session`,
        `too_many_open`, `not_signed_in`, `journal_unwritable`, `read_only`.
        """
        ...

    def withdraw(self, document: UUID) -> None:
        """Give up a proposal, so that its receipt number is free again."""
        ...

    def guess_pin(self, *, attempt: UUID, document: UUID, wallet: int, pin: str) -> None:
        """Commit the customer's guess before the posting that judges it (`Proof.pin_attempt`).

        Raises Refused: `not_signed_in`, `pin_locked`, `pin_not_set`, `unknown_wallet`.
        """
        ...

    def watch(self, on_state: OnState) -> None:
        """Tell `on_state` where each document stands, from the thread that posts."""
        ...

    def next_number(self) -> int:
        """The receipt sequence for the next document of this terminal; no round trip."""
        ...

    def drain(self) -> Drained:
        """Resend, in order, what has no answer. Needs no person signed in; called before sign-in.

        A definite refusal is parked, never dropped. Stops at the first one without an answer and says how
        many are left. Raises Refused: `journal_unwritable`.
        """
        ...

    def unsettled(self) -> Sequence[Document]:
        """Documents whose outcome is unknown, oldest first; no round trip."""
        ...

    def parked(self) -> Sequence[ParkedDocument]:
        """What was refused at resending and waits for a person; no round trip."""
        ...

    def decide(self, document: UUID, *, by: str, note: str) -> None:
        """A person has seen a parked document and says what was done about it.

        Raises Refused: `journal_unwritable`, `reason_missing` (the note is empty). KeyError: not parked.
        """
        ...


class SignIn(Protocol):
    """Who sits here. The server holds the session; this end holds a token in memory only."""

    def hello(self) -> Hello:
        """Chain, store, seat, shift, next receipt number. Raises Refused: `unknown_terminal`."""
        ...

    def sign_in(self, *, staff_number: str, pin: str) -> SignedIn:
        """Open a session. Raises Refused: `wrong_pin` (tries_left), `locked` (minutes)."""
        ...

    def resume(self) -> None:
        """Attach fresh connections to the session. Raises Refused: `not_signed_in` if it has ended."""
        ...

    def sign_out(self) -> None:
        """End the session at the server and forget the token. Never refuses."""
        ...

    def lock(self) -> None:
        """Leave the seat: the session ends at the server, the screen may keep its basket. Never refuses."""
        ...

    def change_pin(self, *, old_pin: str, new_pin: str) -> None:
        """Own PIN. Raises Refused: `wrong_pin`, `locked`, `not_signed_in`, `malformed`."""
        ...

    def set_card_pin(self, card: OpenedCard, *, pin: str) -> None:
        """First or new PIN of a presented card's wallet. Raises Refused: `not_permitted`, `unknown_card`."""
        ...

    def proposals(self) -> Sequence[Proposal]:
        """The person's own of the last day, and for an approver what waits in his stores.

        Raises Refused: `not_signed_in`.
        """
        ...

    def approve(self, asked: Proposed) -> None:
        """Approve with the session that is signed in.

        Raises Refused: `own_proposal`, `not_permitted`, `approval_needed`, `wrong_store`,
        `unknown_proposal`, `proposal_closed` (state), `not_signed_in`.
        """
        ...

    def approve_here(self, asked: Proposed, *, staff_number: str, pin: str) -> None:
        """A second person approves at this counter; the first one stays signed in.

        Raises Refused: as `sign_in` and `approve`.
        """
        ...

    def decline(self, asked: Proposed) -> None:
        """Say no to a proposal. Raises Refused: as `approve`."""
        ...


class Reads(Protocol):
    """Questions, answered in turn: a scan is never overtaken by the next one."""

    def open_card(self, *, token_kind: str, text: str) -> OpenedCard:
        """A card was presented: kind is number, barcode, magstripe, uid or ndef.

        Raises Refused: `unknown_card`, `not_permitted`, `not_signed_in`.
        """
        ...

    def find_product(self, code: str) -> Product:
        """By code or barcode. Raises Refused: `unknown_product`, `not_signed_in`."""
        ...

    def rules(self) -> Sequence[RuleVersion]:
        """Every rule version in force for this store. Raises Refused: `not_signed_in`."""
        ...

    def document(self, document: UUID) -> PostedDocument:
        """Raises Refused: `wrong_origin` (not of this store), `not_signed_in`."""
        ...

    def find_document(self, receipt: str) -> PostedDocument:
        """By the printed number. Raises Refused: `wrong_origin`, `not_signed_in`."""
        ...

    def recent(self, most: int) -> Sequence[RecentDocument]:
        """The last documents of this drawer's open shift, newest first. Raises Refused: `not_signed_in`."""
        ...

    def shift_report(self, shift: UUID) -> ShiftReport:
        """The X report. Raises Refused: `shift_missing`, `not_permitted`, `not_signed_in`."""
        ...


class StaffBook(Protocol):
    """The people of this store. Every method may raise Refused `not_permitted`, `not_signed_in`."""

    def everybody(self) -> tuple[Sequence[Colleague], Sequence[tuple[str, str]]]:
        """Everybody in reach by number, and code and name of every duty there is."""
        ...

    def add(self, *, number: str, name: str, duty: str, pin: str) -> None:
        """Let somebody work in this store.

        Raises Refused: `number_taken`, `unknown_duty`, `above_own_duty`, `unclean_text`, `pin_format`,
        `pin_too_simple`.
        """
        ...

    def reset_pin(self, *, number: str, pin: str) -> None:
        """A new PIN for somebody else, whose sessions end.

        Raises Refused: `unknown_staff`, `own_account`, `above_own_duty`, `pin_format`, `pin_too_simple`.
        """
        ...

    def leave(self, *, number: str) -> None:
        """Somebody does not work here any more. Raises Refused: `unknown_staff`, `own_account`."""
        ...


class Journal(Protocol):
    """The counter's own disk: written before sending, answered after.

    Every writing method raises Refused `journal_unwritable` if the disk does not take it.
    """

    def write(self, document: Document) -> None:
        """Have `document` on disk before its first byte leaves; again for a refused one that is retried."""
        ...

    def answer(self, posted: Posted) -> None:
        """The door took it."""
        ...

    def refuse(self, document: UUID, refused: Refused) -> None:
        """A definite no while the customer stood there; its number is free again."""
        ...

    def park(self, document: UUID, refused: Refused) -> None:
        """A definite no at resending; it keeps its number and is shown until somebody decides."""
        ...

    def propose(self, document: Document) -> None:
        """Waits for an approver; keeps its number."""
        ...

    def decide(self, document: UUID, *, by: str, note: str) -> None:
        """Raises KeyError if it is not parked."""
        ...

    def unsent(self) -> Sequence[Document]:
        """Written and without an answer, in the order they were written."""
        ...

    def parked(self) -> Sequence[ParkedDocument]:
        """Oldest first."""
        ...

    def highest_number(self) -> int:
        """The highest receipt sequence that is taken here; 0 if none."""
        ...


class ReceiptPrinter(Protocol):
    """Paper, a file or the screen. A jam never undoes a sale."""

    def print_receipt(self, receipt: Receipt) -> None:
        """Raises OutOfPaper or PrinterUnavailable."""
        ...


class Clock(Protocol):
    """The counter's clock: shown, decides nothing."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...


class Ids(Protocol):
    """Makes ids that sort by time (UUIDv7)."""

    def new(self) -> UUID:
        """A new document or attempt id; never the same twice."""
        ...
