"""Signing in at a seat, over the line or by what the seat remembers."""

from __future__ import annotations

from huiyuan.domain.model.errors import Unreachable
from huiyuan.domain.model.identity import SignedIn
from huiyuan.domain.ports import SignIn


def sign_in_here(sign_in: SignIn, *, staff_number: str, pin: str) -> SignedIn:
    """Open a session, or without the line let in whoever this seat remembers.

    Raises:
        Refused: as `SignIn.sign_in` and `SignIn.sign_in_offline`.
    """
    try:
        return sign_in.sign_in(staff_number=staff_number, pin=pin)
    except Unreachable:
        return sign_in.sign_in_offline(staff_number=staff_number, pin=pin)
