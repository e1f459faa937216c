"""The SignIn port: who sits at this seat, over the lines of this process.

Always true: the session's token lives in memory only; a second person's approval leaves the first one
signed in.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import psycopg

from huiyuan.domain.model.approval import Proposal, Proposed
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.domain.model.identity import Hello, SignedIn
from huiyuan.domain.ports import Ids
from huiyuan.repositories import sign_in
from huiyuan.repositories.connection import HeldSession, Line
from huiyuan.repositories.counter.kept_answers import KeptAnswers
from huiyuan.repositories.counter.known_staff import KnownStaff
from huiyuan.repositories.migrate import SchemaRefused, check_version
from huiyuan.repositories.secrets import staff_key

T = TypeVar("T")
HELLO: Final = "hello"
AHEAD: Final = "clock_ahead_s"
SECOND: Final = timedelta(seconds=1)


class StaffSession:
    """Fills the SignIn port.

    Args:
        post: the line that posts; people sign in on it.
        read: the line that asks; it joins the session by its token when it is used next.
        held: what both lines know of the session.
        kept: the server's last answers on this seat's disk.
        known: who may sit down here without the line; None: nobody.
    """

    def __init__(
        self,
        post: Line,
        read: Line,
        held: HeldSession,
        *,
        ids: Ids,
        now: Callable[[], datetime] | None = None,
        kept: KeptAnswers | None = None,
        known: KnownStaff | None = None,
    ) -> None:
        self._post = post
        self._read = read
        self._held = held
        self._ids = ids
        self._now = now
        self._kept = kept or KeptAnswers(None)
        self._known = known
        self._number = ""

    def hello(self) -> Hello:
        """Where this is. Raises Refused: `unknown_terminal`, `schema_old`, `schema_newer`."""
        answer = self._post.talk(sign_in.ask_hello, signed_in=False)
        told = sign_in.hello_of(answer)
        try:
            check_version(told.schema)
        except SchemaRefused as refused:
            raise Refused(refused.code, refused.facts) from None
        if self._now is not None:
            self._kept.keep(HELLO, answer | {AHEAD: (self._now() - told.now) // SECOND})
        self._at(told)
        return told

    def kept_hello(self) -> Hello | None:
        """As this seat kept it; `now` is its own clock, less what that was ahead then."""
        answer = self._kept.read(HELLO)
        if not isinstance(answer, dict) or self._now is None:
            return None
        told = sign_in.hello_of(answer)
        self._at(told)
        return replace(told, now=self._now() - int(answer.get(AHEAD, 0)) * SECOND)

    def sign_in_offline(self, *, staff_number: str, pin: str) -> SignedIn:
        """By what this seat remembers. Raises Refused: see the port."""
        told = self.kept_hello()
        if told is None or self._known is None:
            raise Unreachable
        key = staff_key(pin, chain=told.chain.uid, number=staff_number)
        signed = self._known.judge(staff_number, key, told.shift)
        self._drop()
        self._number = staff_number
        return replace(signed, next_number=self._held.next_number)

    def _at(self, told: Hello) -> None:
        self._held.chain = told.chain.uid
        self._held.next_number = max(self._held.next_number, told.next_number)

    def sign_in(self, *, staff_number: str, pin: str) -> SignedIn:
        """Open a session. Raises Refused: `wrong_pin` (tries_left), `locked` (minutes), `wrong_store`."""
        key, former = staff_key(pin, chain=self._chain(), number=staff_number), self._held.token

        def work(connection: psycopg.Connection[Any]) -> SignedIn:
            attempt = self._ids.new()  # a guess of its own each time: a cut line loses the answer
            return sign_in.sign_in_by(connection, key, attempt, staff_number, former=former)

        try:
            signed = self._post.talk(work, signed_in=False, keeps_session=False)
        except Refused as refused:
            if self._known is not None and refused.code in {"locked", "wrong_store"}:
                self._known.forget(staff_number)
            raise
        if self._known is not None:
            self._known.saw(signed, key)
        self._held.token = signed.token
        self._held.next_number = max(self._held.next_number, signed.next_number)
        self._post.attached_to(signed.token)
        self._number = signed.staff.number
        return signed

    def resume(self) -> None:
        """Attach fresh connections to the session. Raises Refused: `not_signed_in` if it has ended."""
        if self._held.token is None:
            raise Refused("not_signed_in")
        for line in (self._post, self._read):
            line.talk(bool)  # attaches, asks nothing

    def sign_out(self) -> None:
        """End the session at the server and forget the token. Never refuses."""
        self._leave(sign_in.sign_out)

    def lock(self) -> None:
        """Leave the seat; the session ends at the server. Never refuses."""
        self._leave(sign_in.lock)

    def change_pin(self, *, old_pin: str, new_pin: str) -> None:
        """Own PIN. Raises Refused: `wrong_pin`, `locked`, `not_signed_in`, `pin_format`, `pin_too_simple`."""
        chain, attempt = self._chain(), self._ids.new()
        self._post.talk(
            lambda connection: sign_in.change_pin(
                connection,
                chain=chain,
                attempt=attempt,
                staff_number=self._number,
                old_pin=old_pin,
                new_pin=new_pin,
            )
        )
        if self._known is not None:
            self._known.forget(self._number)

    def set_card_pin(self, card: OpenedCard, *, pin: str) -> None:
        """First PIN of a presented card's wallet, or one after a reset. Raises Refused: see the port."""
        chain, wallet = self._chain(), _wallet_of(card)
        token = bytes.fromhex(card.token.hmac)
        self._post.talk(
            lambda connection: sign_in.set_card_pin(
                connection,
                chain=chain,
                wallet=wallet,
                token_kind=card.token.kind,
                token=token,
                pin=pin,
            )
        )

    def change_card_pin(self, card: OpenedCard, *, old_pin: str, new_pin: str) -> None:
        """A new PIN for whoever knows the old one. Raises Refused: see the port."""
        chain, wallet, attempt = self._chain(), _wallet_of(card), self._ids.new()
        token = bytes.fromhex(card.token.hmac)
        self._post.talk(
            lambda connection: sign_in.change_card_pin(
                connection,
                chain=chain,
                attempt=attempt,
                wallet=wallet,
                token_kind=card.token.kind,
                token=token,
                old_pin=old_pin,
                new_pin=new_pin,
            )
        )

    def proposals(self) -> Sequence[Proposal]:
        """What this person proposed, and what waits for an approver. Raises Refused: `not_signed_in`."""
        return self._read.talk(sign_in.proposals)

    def approve(self, asked: Proposed) -> None:
        """Approve with the session that is signed in. Raises Refused: see the port."""
        self._read.talk(lambda connection: sign_in.approve(connection, asked))

    def decline(self, asked: Proposed) -> None:
        """Say no. Raises Refused: see the port."""
        self._read.talk(lambda connection: sign_in.decline(connection, asked))

    def approve_here(self, asked: Proposed, *, staff_number: str, pin: str) -> None:
        """A second person approves on the read line, which then returns to the first one's session.

        Raises Refused: as `sign_in` and `approve`.
        """
        chain = self._chain()

        def work(connection: psycopg.Connection[Any]) -> None:
            attempt = self._ids.new()
            sign_in.sign_in(connection, chain=chain, attempt=attempt, staff_number=staff_number, pin=pin)
            try:
                sign_in.approve(connection, asked)
            finally:
                sign_in.sign_out(connection)

        self._read.talk(work, signed_in=False, keeps_session=False)

    def _leave(self, what: Callable[[psycopg.Connection[Any]], None]) -> None:
        if self._held.token is not None:
            with contextlib.suppress(Refused, Unreachable):
                self._post.talk(what)
        self._drop()

    def _drop(self) -> None:
        """No token any more: nothing joins a session that is not this person's."""
        self._held.token = None
        self._number = ""
        for line in (self._post, self._read):
            line.attached_to(None)

    def _chain(self) -> UUID:
        if self._held.chain is None:
            self.hello()
        if self._held.chain is None:
            raise Unreachable
        return self._held.chain


def _wallet_of(card: OpenedCard) -> int:
    """The wallet whose PIN it is. Raises Refused: `card_not_active`."""
    if card.wallet is None:
        raise Refused("card_not_active", {"wallet": None, "state": str(card.state)})
    return card.wallet
