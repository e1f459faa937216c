"""PostingScreen: how every screen that books something does it.

Always true: a document's id is made once, before the first try, and every later try (after a refusal, after
an approval, after a cut) is the same id; while its outcome is unknown nothing about it can be changed and no
second one can be begun here; an approval signs exactly this document.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final, TypeVar
from uuid import UUID

from textual import on

from huiyuan.config.i18n import msg
from huiyuan.domain.model import errors
from huiyuan.domain.model.approval import Proposed
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.posted import Posted
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.pins import Elsewhere, SecondPerson, Signature
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.waiting import ProposalLaid, WaitingSheet

R = TypeVar("R")

APPROVABLE: Final = frozenset({"approval_needed"})
SIGNING_REFUSED: Final = frozenset({"wrong_pin", "locked", "not_permitted", "own_proposal"})


class PostingScreen(ShopScreen[R]):
    """Sends one document at a time; `posted` is called when it stands."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.document: Document | None = None
        self.asked: Proposed | None = None
        self.stands: UUID | None = None
        """What was booked here last: a key that waited behind the answer does not send it again."""
        self.ran_out = False
        """Nobody signed while it could be signed."""

    @property
    def held(self) -> bool:
        """A document is under way or its outcome is unknown: nothing may be changed."""
        return self.writing or self.unknown

    def submit(self, document: Document, send: Callable[[], Posted] | None = None) -> None:
        """Post `document`, by `send` if given, unless one is under way or this one stands."""
        if self.held or document.id == self.stands:
            return
        self.document = document
        self._post(document, send)

    def made_by(self, make: Callable[[], Document]) -> Document | None:
        """The document; None: what is wrong with it is said, and nothing is sent."""
        try:
            return make()
        except errors.Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return None

    def submit_made(self, make: Callable[[], Document]) -> None:
        """Post what `make` makes, unless something is wrong with it."""
        if (document := self.made_by(make)) is not None:
            self.submit(document)

    def _post(self, document: Document, send: Callable[[], Posted] | None = None) -> None:
        ask(self, send or (lambda: self.deliver(document)), then=messages.DocumentPosted, subject=WRITE)

    def deliver(self, document: Document) -> Posted:
        """In a worker: how it goes to the door. Raises Refused and Unreachable."""
        return self.shop.door.post(document)

    def posted(self, document: Document, posted: Posted) -> None:
        """The document stands. A screen shows it."""

    @on(messages.DocumentPosted)
    def take_posted(self, message: messages.DocumentPosted) -> None:
        """From here on there is nothing to decide about it."""
        message.stop()
        self.unknown = False
        self.mark_line("up")
        document, self.document = self.document, None
        self.asked = None
        self.refresh_bindings()
        if document is not None:
            self.stands = document.id
            self.posted(document, message.posted)

    @on(messages.Refused)
    def take_refusal(self, message: messages.Refused) -> None:
        """A definite no: the screen may change and try again, or a second person is asked."""
        if message.subject != WRITE:
            return
        if self.unknown:
            self.unknown = False
            self.refresh_bindings()
        code = message.error.code
        signing = self.asked is not None and code in SIGNING_REFUSED
        if self.document is not None and (code in APPROVABLE or signing):
            why = sentence(self.say, message.error)
            if self.asked is not None and code in APPROVABLE:
                why = self.say(msg("Whoever signed may not approve that much either. {why}"), why=why)
            self.ask_second_person(why)

    # A second person

    def ask_second_person(self, why: str) -> None:
        """At this counter; the one who rang it up stays signed in."""
        self.app.push_screen(SecondPerson(self.shop, why), self.sign)

    def sign(self, signature: Signature | Elsewhere | None) -> None:
        """Propose the very same document, have it approved, then post it."""
        document, door, port = self.document, self.shop.door, self.shop.sign_in
        if document is None:
            return
        if signature is None:
            self.withdraw(document)
            return
        if isinstance(signature, Elsewhere):
            self.ask_elsewhere(document)
            return

        def work() -> UUID:
            # Kept from the worker, so that a second try after a mistyped PIN signs the same proposal.
            asked = self.asked = self.asked or door.propose(document)
            port.approve_here(asked, staff_number=signature.staff_number, pin=signature.pin)
            return document.id

        ask(self, work, then=messages.Approved, subject=WRITE)

    def ask_elsewhere(self, document: Document) -> None:
        """Laid before whoever may approve, at any counter; the answer comes by itself.

        Always proposed, also a second time: what somebody signed here who did not reach has to be open again.
        """
        door = self.shop.door

        def work() -> Proposed:
            self.asked = door.propose(document)
            return self.asked

        ask(self, work, then=ProposalLaid, subject=WRITE)

    @on(ProposalLaid)
    def wait_for_approval(self, message: ProposalLaid) -> None:
        """Until somebody signed or declined, or nobody waits any more."""

        def answered(state: str | None) -> None:
            document = self.document
            if document is None:
                return
            if state == "approved":
                self._post(document)
            else:
                self.ran_out = state == "expired"
                self.withdraw(document)

        self.app.push_screen(WaitingSheet(self.shop, message.asked), answered)

    def withdraw(self, document: Document) -> None:
        """Nobody signed: the number is free again."""
        if self.asked is None:
            return
        self.asked = None
        door, approvals = self.shop.door, self.shop.approvals

        def work() -> UUID:
            with contextlib.suppress(errors.Refused, errors.Unreachable):
                approvals.withdraw(document.id)
            door.withdraw(document.id)
            return document.id

        ask(self, work, then=messages.Withdrawn, subject=WRITE)

    @on(messages.Withdrawn)
    def say_withdrawn(self) -> None:
        """It was never booked."""
        text = msg("Not approved. Nothing was booked.")
        if self.ran_out:
            text = msg("Nobody signed within ten minutes. Nothing was booked. Ask again, or sign here.")
        self.ran_out = False
        self.tell(self.say(text), "warn")

    @on(messages.Approved)
    def post_approved(self) -> None:
        """Same id, same content."""
        if self.document is not None:
            self._post(self.document)

    # Unknown outcome

    def action_again(self) -> None:
        """The same id again; it can only ever be booked once."""
        document, door = self.document, self.shop.door
        if document is not None and self.unknown:

            def work() -> Posted:
                try:
                    return door.settle(document.id)
                except KeyError:  # settled meanwhile; the same id answers what became of it
                    return door.post(document)

            ask(self, work, then=messages.DocumentPosted, subject=WRITE)

    def action_back(self) -> None:
        """Leaving with an unknown outcome asks first and says where it is found."""
        if self.writing:
            return
        if self.unknown:
            question = self.say(
                msg(
                    "Leave? The document stays among the open items and is sent again."
                    " Do not ring it up anew."
                )
            )
            self.app.push_screen(
                Confirm(self.shop, self.say(msg("Outcome unknown")), question), self.leave_if_sure
            )
            return
        self.leave()

    def leave_if_sure(self, sure: bool | None) -> None:
        """Enter said yes."""
        if sure:
            self.leave()

    def leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


def refused(screen: ShopScreen[object], code: str, **facts: object) -> None:
    """Say a refusal that this counter found by itself."""
    screen.tell(sentence(screen.say, errors.Refused(code, facts)), "error")
