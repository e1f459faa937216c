"""Moves of cards and memberships as plain bodies, and the table of what may follow what, written by hand."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from tests.small_chain import Card, Seat, SmallChain, move

STATES: Final = ("blank", "issued", "active", "frozen", "lost", "expired", "replaced", "closed", "void")

ALLOWED: Final[dict[str, set[tuple[str, str]]]] = {
    "card_issue": {("blank", "issued")},
    "card_activation": {("issued", "active")},
    "card_lost": {("issued", "lost"), ("active", "lost"), ("frozen", "lost")},
    "card_found": {("lost", "issued"), ("lost", "active"), ("lost", "frozen")},
    "card_freeze": {("active", "frozen")},
    "card_unfreeze": {("frozen", "active")},
    "card_replacement": {
        ("issued", "replaced"), ("active", "replaced"), ("lost", "replaced"), ("blank", "issued"),
        ("blank", "active"),
    },
    "card_renewal": {("active", "active"), ("expired", "active"), ("expired", "issued")},
    "card_expiry": {("issued", "expired"), ("active", "expired")},
    "card_type_change": {("issued", "issued"), ("active", "active")},
    "card_cancellation": {
        ("issued", "closed"), ("active", "closed"), ("frozen", "closed"), ("lost", "closed"),
        ("expired", "closed"),
    },
    "card_restore": {
        ("closed", "issued"), ("closed", "active"), ("closed", "frozen"), ("closed", "lost"),
        ("closed", "expired"),
    },
}  # fmt: skip
"""Kind by kind: from which state to which a card may go. Every other pair is refused."""

REASON: Final = {
    "card_lost", "card_found", "card_freeze", "card_unfreeze", "card_replacement", "card_type_change",
    "card_cancellation", "card_restore", "member_freeze", "member_unfreeze", "member_cancellation",
    "member_restore", "card_rejection", "card_withdrawal",
}  # fmt: skip
KNOWN: Final = {
    "card_found", "card_replacement", "card_renewal", "card_cancellation", "card_restore",
    "member_cancellation", "member_restore", "card_application",
}  # fmt: skip
"""Kinds that ask for a paper."""

YEARLY, INVITED = 3, 4
ID_NUMBER: Final = hashlib.sha256(b"id number").digest()


def holder(chain: SmallChain, card: Card) -> int:
    """Whose card it is."""
    return int(chain.value("select holder from shop.card where id = %s", card.id))


def seen(member: int, paper: str = "id_card", **more: str) -> dict[str, Any]:
    """One row of `identity`."""
    return {"holder": member, "paper": paper, **more}


def life(seat: Seat, kind: str, card: Card, was: str, now: str, **parts: Any) -> dict[str, Any]:
    """A move of one card, with the reason and the paper that its kind asks for."""
    whole: dict[str, Any] = {"cards": [move(card, was, now)]}
    if kind in REASON:
        whole["reason"] = "customer asked"
    if kind in KNOWN:
        whole["identity"] = [seen(holder(seat.chain, card))]
    return seat.document(kind, **{**whole, **parts})


def membership(seat: Seat, kind: str, member: int, was: str, now: str, **parts: Any) -> dict[str, Any]:
    """A move of one membership, with reason and paper."""
    whole: dict[str, Any] = {"members": [{"member": member, "was": was, "now": now}], "reason": "asked"}
    if kind in KNOWN:
        whole["identity"] = [seen(member)]
    return seat.document(kind, **{**whole, **parts})


def replacing(seat: Seat, old: Card, new: Card, was: str = "active", **parts: Any) -> dict[str, Any]:
    """A blank card in the place of an old one."""
    owner = holder(seat.chain, old)
    now = parts.pop("now", "issued" if was == "issued" else "active")
    rows = [move(old, was, "replaced"), move(new, "blank", now, holder=owner, wallet=old.wallet)]
    whole = {"cards": rows, "reason": "damaged", "identity": [seen(owner)]}
    return seat.document("card_replacement", **{**whole, **parts})


def accepted(seat: Seat, body: dict[str, Any]) -> dict[str, Any]:
    """Post a body that has to be accepted."""
    answer = seat.post(body)
    assert "refused" not in answer, answer
    return answer


def by_two(seat: Seat, body: dict[str, Any]) -> dict[str, Any]:
    """Post a body that has to be accepted once a manager approved it."""
    answer = seat.post(body, seat.approved(body))
    assert "refused" not in answer, answer
    return answer
