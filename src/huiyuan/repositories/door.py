"""The door's client: a document goes through once, whatever the line does.

Always true: the journal holds a document before its first byte leaves; after a cut the same id is sent again
until the answer is definite; a receipt number is free again only after a definite no. One statement, one
round trip where nothing goes wrong.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from huiyuan.domain.model.approval import Proposed
from huiyuan.domain.model.document import SHAPE, Document
from huiyuan.domain.model.errors import OutcomeUnknown, Refused, Unreachable
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.domain.model.offline import OfflineCaps, Outage, outage_of, refuse_offline
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.ports import Baskets, Journal, OnState, Removals
from huiyuan.repositories import sign_in
from huiyuan.repositories.connection import (
    TRY_AGAIN,
    HeldSession,
    Line,
    LineCut,
    LineSilent,
    ServerSaidNo,
    code_of,
)

_log = logging.getLogger(__name__)
Answer = Mapping[str, Any]

# Short at first, because most cuts are a server that restarts; then a steady two seconds.
SILENCE_S: Final = 8.0
"""So long a document is tried over a line that neither refuses nor answers; then a person hears of it."""
BACKOFF_S: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
_POST: Final = "select api.post(%s, %s::int, %s)"
_RESEND: Final = "select api.resend(%s, %s::int, %s)"


class PostingDoor:
    """Fills the Door port over the post line and the journal.

    Args:
        line: the line that posts; nothing else may use it while a document is under way.
        journal: the seat's journal.
        held: session token, chain and next receipt number of this seat.
        patience_s: how long `post` and `settle` try before they answer `OutcomeUnknown`.
        drain_s: how long draining tries one document.
        baskets: learn which document sells the basket before the journal holds it.
        removals: forget what a document carried when it has an answer.
    """

    def __init__(
        self,
        line: Line,
        journal: Journal,
        held: HeldSession,
        *,
        patience_s: int = 60,
        drain_s: int = 5,
        baskets: Baskets | None = None,
        removals: Removals | None = None,
    ) -> None:
        self._line = line
        self._journal = journal
        self._held = held
        self._patience_s = patience_s
        self._drain_s = drain_s
        self._baskets = baskets
        self._removals = removals
        self._gate = threading.RLock()
        self._stopping = threading.Event()
        self._watcher: OnState = _nobody
        self._proposed: set[UUID] = set()
        self._outage = outage_of(journal.unsent())

    def watch(self, on_state: OnState) -> None:
        """Tell `on_state` where each document stands, from the thread that posts."""
        self._watcher = on_state

    def stop(self) -> None:
        """Finish the statement in flight and try no further; what has no answer stays in the journal."""
        self._stopping.set()

    def post(self, document: Document) -> Posted:
        """Journal, send, and send again until a definite answer. Raises: see the port."""
        with self._gate:
            if self._stopping.is_set():
                raise Unreachable
            self._line.open()
            if self._outage is not None and self.drain().left:  # nothing new before what was sold without it
                raise Unreachable
            if self._baskets is not None:
                self._baskets.selling(document.id)
            self._journal.write(document)
            return self._until_answer(document, uncertain=False)

    def keep_offline(self, document: Document, caps: OfflineCaps) -> None:
        """Have a sale on disk that goes out at the return of the line. Raises: see the port."""
        refuse_offline(document, caps, self._journal.rung_offline())
        if self._baskets is not None:
            self._baskets.selling(document.id)
        self._journal.write(document)
        self._forget(document)
        self._outage = outage_of(self._journal.unsent())

    def outage(self) -> Outage | None:
        """As of the last sale or try; no round trip."""
        return self._outage

    def settle(self, document: UUID) -> Posted:
        """Send a journalled document of unknown outcome again. Raises: see the port."""
        with self._gate:
            for unsent in self._journal.unsent():
                if unsent.id == document:
                    return self._until_answer(unsent, uncertain=True)
        raise KeyError(document)

    def propose(self, document: Document) -> Proposed:
        """Lay `document` before a second person. Raises: see the port."""
        with self._gate:
            self._line.open()
            self._journal.propose(document)
            try:
                asked = self._line.talk(lambda connection: sign_in.propose(connection, document))
            except Refused as refused:
                self._journal.refuse(document.id, refused)
                raise
            self._proposed.add(document.id)
            return asked

    def withdraw(self, document: UUID) -> None:
        """Give up a proposal. Raises Refused `journal_unwritable`, KeyError."""
        self._journal.refuse(document, Refused("withdrawn"))
        self._proposed.discard(document)

    def guess_pin(self, *, attempt: UUID, document: UUID, wallet: int, pin: str) -> None:
        """Commit the customer's guess before the posting that judges it. Raises: see the port."""
        chain = self._held.chain
        if chain is None:
            raise Refused("not_signed_in")
        tried = 0

        def work(connection: psycopg.Connection[Any]) -> None:
            nonlocal tried
            tried += 1
            try:
                sign_in.pin_begin(
                    connection, chain=chain, attempt=attempt, document=document, wallet=wallet, pin=pin
                )
            except Refused as refused:
                if refused.code != "id_reused" or tried == 1:
                    raise

        with self._gate:
            self._line.talk(work)

    def next_number(self) -> int:
        """The receipt sequence for the next document; no round trip."""
        return max(self._held.next_number, self._journal.highest_number() + 1)

    def drain(self) -> Drained:
        """Resend, in order, what has no answer; stops at the first one without. Raises: see the port."""
        with self._gate:
            try:
                return self._drain()
            finally:
                self._outage = outage_of(self._journal.unsent())

    def _drain(self) -> Drained:
        parked = 0
        receipts: list[str] = []
        for document in self._journal.unsent():
            try:
                answer = self._resend(document)
            except (Unreachable, LineCut):
                left = len(self._journal.unsent())
                return Drained(len(receipts), parked, left, tuple(receipts))
            refused = _refusal(answer)
            if refused is not None:
                self._journal.park(document.id, refused)
                parked += 1
            else:
                receipts.append(self._accept(answer).receipt)
                self._forget(document)
        return Drained(len(receipts), parked, receipts=tuple(receipts))

    def unsettled(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Document]:
        """Documents whose outcome is unknown, oldest first; no round trip."""
        return self._journal.unsent(after=after, most=most)

    def parked(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[ParkedDocument]:
        """What was refused at resending and waits for a person; no round trip."""
        return self._journal.parked(after=after, most=most)

    def open_counts(self) -> tuple[int, int]:
        """How many documents have no answer, and how many wait for a person; no round trip."""
        return self._journal.open_counts()

    def decide(self, document: UUID, *, by: str, note: str) -> None:
        """A person has seen a parked document. Raises: see the port."""
        self._journal.decide(document, by=by, note=note)

    def _until_answer(self, document: Document, *, uncertain: bool) -> Posted:
        """Try until a definite answer. `uncertain`: some try may have reached the server unanswered."""
        self._tell(document.id, "checking" if uncertain else "sending")
        busy: Exception = Refused("busy")
        silent_from = time.monotonic() + SILENCE_S
        for pause_s in self._pauses(self._patience_s):
            try:
                return self._conclude(document, self._send(document, uncertain=uncertain))
            except LineCut:
                uncertain = True
            except ServerSaidNo as error:
                busy = Refused("busy", {"sqlstate": error.sqlstate})
            except Unreachable as unreachable:
                busy = unreachable
                if not uncertain or (isinstance(unreachable, LineSilent) and time.monotonic() > silent_from):
                    break
            if uncertain:
                self._tell(document.id, "checking")
            if self._stopping.wait(pause_s):
                break
        if uncertain:
            raise OutcomeUnknown(document.id)
        self._give_up(document, busy)
        raise busy

    def _send(self, document: Document, *, uncertain: bool) -> Answer:
        """One try. An error that does not pass is an answer: the statement left nothing behind.

        Raises:
            LineCut, Unreachable, ServerSaidNo: of a reason that passes.
        """
        try:
            return self._line.run(_sending(_POST, document))
        except ServerSaidNo as error:
            return _answer_of(error)
        except Refused as refused:
            if not uncertain:
                return {"refused": refused.code, "facts": dict(refused.facts)}
        # The session ended while the outcome was unknown: the seat's login alone asks what became of it.
        try:
            return self._line.run(_sending(_RESEND, document), signed_in=False)
        except ServerSaidNo as error:
            return _answer_of(error)

    def _resend(self, document: Document) -> Answer:
        """Send a document of an earlier run again. Raises LineCut or Unreachable after `drain_s`."""
        last: Exception = Unreachable()
        for pause_s in self._pauses(self._drain_s):
            try:
                return self._line.run(_sending(_RESEND, document), signed_in=False)
            except ServerSaidNo as error:
                if error.sqlstate not in TRY_AGAIN:
                    return _answer_of(error)
                last = LineCut()
            except (LineCut, Unreachable) as cut:
                last = cut
            if self._stopping.wait(pause_s):
                break
        raise last

    def _conclude(self, document: Document, answer: Answer) -> Posted:
        refused = _refusal(answer)
        if refused is None:
            posted = self._accept(answer)
            self._forget(document)
            self._tell(document.id, "answered")
            return posted
        if refused.code == "number_used":
            self._held.next_number = max(self._held.next_number, int(refused.facts["next"]))
        self._give_up(document, refused)
        if refused.code == "removed_wrong":  # a line of a server that was restored: no sale waits for it
            self._forget(document)
        if refused.code == "approval_needed" and document.id in self._proposed:
            self._journal.propose(document)  # sent before the approver answered: it keeps its number
        raise refused

    def _forget(self, document: Document) -> None:
        """What rode on it has arrived."""
        if self._removals is not None and document.removed:
            self._removals.forget(document.removed)

    def _accept(self, answer: Answer) -> Posted:
        """It stands. A journal that cannot write this down sends it again later and hears the same."""
        posted = Posted.from_result(answer)
        self._held.next_number = max(self._held.next_number, posted.number + 1)
        with contextlib.suppress(Refused, KeyError):
            self._journal.answer(posted)
        return posted

    def _give_up(self, document: Document, reason: Exception) -> None:
        refused = reason if isinstance(reason, Refused) else Refused("unreachable")
        with contextlib.suppress(Refused, KeyError):  # what was answered before stays answered
            self._journal.refuse(document.id, refused)
        self._tell(document.id, "refused")

    def _tell(self, document: UUID, state: str) -> None:
        """A watcher that fails must not stop a document half way."""
        try:
            self._watcher(document, state)
        except Exception:  # noqa: BLE001  (whatever a screen does wrong, it is written to the log)
            _log.exception("nobody could be told that a document is %s", state)

    def _pauses(self, most_s: int) -> Iterator[float]:  # seconds for Event.wait, not money
        until = time.monotonic() + most_s
        step = 0
        while True:
            pause_s = BACKOFF_S[min(step, len(BACKOFF_S) - 1)]
            yield pause_s
            step += 1
            if time.monotonic() >= until:
                return


def _nobody(document: UUID, state: str) -> None:
    _log.debug("document %s: %s", document, state)


def _sending(statement: str, document: Document) -> Callable[[psycopg.Connection[Any]], Answer]:
    values = (document.id, SHAPE, Jsonb(document.to_body()))

    def work(connection: psycopg.Connection[Any]) -> Answer:
        row = connection.execute(statement.encode(), values).fetchone()
        if row is None or not isinstance(row[0], dict):
            raise ServerSaidNo("XX000")
        return row[0]

    return work


def _answer_of(error: ServerSaidNo) -> Answer:
    """A refusal for an error that does not pass. Raises the error if it does."""
    if error.sqlstate in TRY_AGAIN:
        raise error
    return {"refused": code_of(error), "facts": {"sqlstate": error.sqlstate}}


def _refusal(answer: Answer) -> Refused | None:
    return Refused(answer["refused"], answer.get("facts") or {}) if "refused" in answer else None
