"""Taking the seat: what the last run left unsent goes out first, then a person signs in.

Always true: nobody signs in before the journal was drained or the line proved to be down; what was refused at
resending is still there to be shown afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huiyuan.domain.model.errors import Unreachable
from huiyuan.domain.model.identity import Hello, SignedIn
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.domain.ports import Door, SignIn


@dataclass(frozen=True, slots=True)
class OpenedSeat:
    """A seat before anybody sits on it. `parked` waits for a person's decision."""

    hello: Hello
    drained: Drained
    parked: Sequence[ParkedDocument]


def open_seat(door: Door, sign_in: SignIn) -> OpenedSeat:
    """Ask where this is, and resend what has no answer yet; needs nobody signed in.

    Raises:
        Refused: `unknown_terminal`.
        Unreachable: the line is down; the journal keeps everything.
    """
    hello = sign_in.hello()
    drained = door.drain()
    return OpenedSeat(hello=hello, drained=drained, parked=door.parked())


def sign_in_here(sign_in: SignIn, *, staff_number: str, pin: str) -> SignedIn:
    """Open a session, or without the line let in whoever this seat remembers.

    Raises:
        Refused: as `SignIn.sign_in` and `SignIn.sign_in_offline`.
    """
    try:
        return sign_in.sign_in(staff_number=staff_number, pin=pin)
    except Unreachable:
        return sign_in.sign_in_offline(staff_number=staff_number, pin=pin)


def sign_in_person(door: Door, sign_in: SignIn, *, staff_number: str, pin: str) -> SignedIn:
    """Drain once more, then open a session for this person.

    Raises:
        Refused: `wrong_pin` (tries_left), `locked` (minutes), `wrong_store`, `unknown_terminal`.
    """
    door.drain()
    return sign_in.sign_in(staff_number=staff_number, pin=pin)
