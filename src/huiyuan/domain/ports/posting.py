"""The one way to write, and what a counter keeps on its own disk about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.approval import Proposed
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.domain.model.offline import OfflineCaps, Outage
from huiyuan.domain.model.posted import Posted

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

    def keep_offline(self, document: Document, caps: OfflineCaps) -> None:
        """Journal a sale that is rung up without the line; it is sent before anything new of this terminal.

        Raises Refused: `offline_refused` (why, most), `journal_unwritable`, `read_only`.
        """
        ...

    def outage(self) -> Outage | None:
        """What was sold without the line and is not sent yet; no round trip, no disk."""
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

    def unsettled(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Document]:
        """Documents whose outcome is unknown, oldest first, at most `most` behind `after`; no round trip."""
        ...

    def parked(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[ParkedDocument]:
        """What was refused at resending and waits for a person, in the same way; no round trip."""
        ...

    def open_counts(self) -> tuple[int, int]:
        """How many documents have no answer, and how many wait for a person; no round trip."""
        ...

    def decide(self, document: UUID, *, by: str, note: str) -> None:
        """A person has seen a parked document and says what was done about it.

        Raises Refused: `journal_unwritable`, `reason_missing` (the note is empty). KeyError: not parked.
        """
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

    def rung_offline(self) -> Sequence[Document]:
        """What was sold without the line in the last day, answered or not."""
        ...

    def unsent(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Document]:
        """Written and without an answer, in the order they were written: at most `most` behind `after`."""
        ...

    def parked(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[ParkedDocument]:
        """Oldest first, in the same way."""
        ...

    def open_counts(self) -> tuple[int, int]:
        """How many are without an answer, how many are parked."""
        ...

    def highest_number(self) -> int:
        """The highest receipt sequence that is taken here; 0 if none."""
        ...
