"""Who sits here, who works here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from huiyuan.domain.model.approval import Proposal, Proposed
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.identity import Hello, SignedIn
from huiyuan.domain.model.staff import Colleague


class SignIn(Protocol):
    """Who sits here. The server holds the session; this end holds a token in memory only."""

    def hello(self) -> Hello:
        """Chain, store, seat, shift, next receipt number. Raises Refused: `unknown_terminal`."""
        ...

    def sign_in(self, *, staff_number: str, pin: str) -> SignedIn:
        """Open a session. Raises Refused: `wrong_pin` (tries_left), `locked` (minutes)."""
        ...

    def kept_hello(self) -> Hello | None:
        """What the server said last, by this seat's own disk; None if it never did. No round trip."""
        ...

    def sign_in_offline(self, *, staff_number: str, pin: str) -> SignedIn:
        """Let somebody in by what this seat remembers, while the line is away. No round trip.

        Raises Refused: `offline_unknown` (hours), `offline_locked`, `wrong_pin` (tries_left),
        `journal_unwritable`.
        """
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
        """First PIN of a presented card's wallet, or a new one just after a reset at this counter.

        Raises Refused: `pin_set` (wallet), `not_permitted`, `unknown_card`, `card_not_active`.
        """
        ...

    def change_card_pin(self, card: OpenedCard, *, old_pin: str, new_pin: str) -> None:
        """A new PIN for whoever knows the old one; a wrong old one counts like any guess.

        Raises Refused: `pin_wrong` (tries_left), `pin_locked` (minutes), `pin_not_set`, and as
        `set_card_pin`.
        """
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


class StaffBook(Protocol):
    """The people of this store. Every method may raise Refused `not_permitted`, `not_signed_in`."""

    def everybody(
        self, *, after: str | None, most: int
    ) -> tuple[Sequence[Colleague], Sequence[tuple[str, str]]]:
        """Who is in reach by number, after the number `after`; code and name of every duty there is."""
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
