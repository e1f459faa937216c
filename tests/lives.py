"""Moves of cards and memberships as plain bodies, and the table of what may follow what, written by hand."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from tests.small_chain import FEE_DUE, Card, Seat, SmallChain, cash, move

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
    "card_pin_reset": {("issued", "issued"), ("active", "active")},
    "card_pin_unlock": {("issued", "issued"), ("active", "active")},
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
    "member_restore", "card_rejection", "card_withdrawal", "card_pin_reset", "card_pin_unlock",
}  # fmt: skip
KNOWN: Final = {
    "card_found", "card_replacement", "card_renewal", "card_cancellation", "card_restore",
    "member_cancellation", "member_restore", "card_application", "card_pin_reset", "card_pin_unlock",
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


def fee_rule(chain: SmallChain, kind: str, code: str, amount: int, **body: Any) -> int:
    """A fee in force in every store since nine days."""
    rule = chain.value("insert into shop.rule(family, name) values ('fee', %s) returning id", code)
    chain.run(
        "insert into shop.rule_version(rule, version, valid_from, amount_minor, body)"
        " values (%s, 1, now() - interval '9 days', %s, %s)",
        rule, amount, json.dumps({"kind": kind, "code": code, **body}),
    )  # fmt: skip
    return int(rule)


def fee(rule: int, code: str, amount: int, **more: int) -> dict[str, Any]:
    """One row of `fees`."""
    return {"code": code, "rule": rule, "version": 1, "amount_minor": amount, **more}


def issued(
    seat: Seat, owner: int, kind_of: int = 1, fees: tuple[dict[str, Any], ...] = (), **more: Any
) -> Card:
    """A card of a type, issued to somebody and activated."""
    blank, due = seat.chain.blank(kind_of), [FEE_DUE, *fees]
    total = sum(each["amount_minor"] for each in due)
    hand_out = seat.done_by_two if "wallet" in more else seat.done
    made = hand_out(
        "card_issue", cards=[move(blank, "blank", "issued", holder=owner, **more)], fees=due,
        tenders=[cash(total)], total_minor=total,
    )  # fmt: skip
    seat.done("card_activation", cards=[move(blank, "issued", "active")])
    return Card(blank.id, blank.token, made["wallet"])


def aged_type(chain: SmallChain) -> tuple[int, int]:
    """A card type that costs 30.00 every year, and the rule that says so; nobody else's cards are of it."""
    found = chain.rows("select id from shop.card_type where code = 'aged'")
    if found:
        rule = chain.value("select max(id) from shop.rule where name = 'aged'")
        return int(found[0][0]), int(rule)
    made = chain.value(
        "insert into shop.card_type(code, name, registered, balance_max_minor, valid_months)"
        " values ('aged', '老卡', true, 500000, 12) returning id"
    )
    rule = fee_rule(chain, "annual_fee", "annual", 3000, types=[made])
    chain.run("update shop.rule set name = 'aged' where id = %s", rule)
    chain.run("update shop.rule_version set valid_from = now() - interval '9 years' where rule = %s", rule)
    return int(made), rule


def live_through(seat: Seat, desk: Seat) -> None:
    """One row of everything: a fee of the year, a replacement, a membership that rested, an application."""
    chain, owner = seat.chain, seat.chain.member()
    aged, rule = aged_type(chain)
    card = issued(seat, owner, aged, (fee(rule, "annual", 3000),))
    accepted(seat, replacing(seat, card, chain.blank(aged)))
    accepted(desk, membership(desk, "member_freeze", owner, "active", "frozen"))
    accepted(desk, membership(desk, "member_unfreeze", owner, "frozen", "active"))
    asked = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card"}
    seat.done("card_application", applications=[asked], identity=[seen(owner)])
    application = chain.value("select max(id) from shop.card_application")
    approved = [{"application": application, "was": "applied", "now": "approved"}]
    desk.done("card_approval", applications=approved)
    issued(seat, owner, INVITED)


LIFE_BODIES: Final = (
    "card_lost", "card_replacement", "card_renewal", "card_type_change", "annual_fee", "member_freeze",
    "card_application", "card_withdrawal",
)  # fmt: skip


def life_bodies(seat: Seat, kind: str) -> dict[str, Any]:
    """One good body of a kind of the card desk, with every section and key that it knows."""
    chain, owner = seat.chain, seat.chain.member()
    aged, rule = aged_type(chain)
    number = hashlib.sha256(str(owner).encode()).digest()
    chain.run("update shop.member set id_no_index = %s where id = %s", number, owner)
    paper = [seen(owner, match=number.hex())]
    if kind == "member_freeze":
        return membership(seat, kind, owner, "active", "frozen", identity=paper)
    asked = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card"}
    application = seat.document("card_application", applications=[asked], identity=paper)
    if kind == "card_application":
        return application
    if kind == "card_withdrawal":
        accepted(seat, application)
        id = chain.value("select max(id) from shop.card_application where member = %s", owner)
        rows = [{"application": id, "was": "applied", "now": "withdrawn"}]
        return seat.document(kind, applications=rows, reason="no more")
    card = issued(seat, owner, aged, (fee(rule, "annual", 3000),))
    if kind == "card_replacement":
        new = move(chain.blank(aged), "blank", "active", holder=owner, wallet=card.wallet)
        return replacing(seat, card, card, cards=[new, move(card, "active", "replaced")], identity=paper)
    if kind == "card_renewal":
        return life(seat, kind, card, "active", "active", identity=paper)
    if kind == "card_type_change":
        rows = [move(card, "active", "active", type=YEARLY)]
        return life(seat, kind, card, "active", "active", cards=rows, identity=paper)
    if kind == "annual_fee":
        back = "update shop.card set issued_on = (current_date - interval '2 years')::date where id = %s"
        chain.run(back, card.id)
        year = chain.value("select extract(year from current_date)::int - 1")  # this one came with the issue
        row = fee(rule, "annual", 3000, card=card.id, year=year)
        return seat.document(kind, fees=[row], tenders=[cash(3000)], total_minor=3000)
    return life(seat, kind, card, "active", "lost", identity=paper)
