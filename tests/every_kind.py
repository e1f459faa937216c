"""A good body of every live kind that the door's shapes have none of, sent by one who may do all.

What two people sign elsewhere is signed by nobody here, so that a refusal is of the body and nothing else.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.card_types import box, range_row
from tests.coupons import DATED, give_out
from tests.group_orders import closing, group_order, join, series
from tests.lives import ID_NUMBER, INVITED, YEARLY, life, membership, seen
from tests.promotions import publish
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    proof,
    stored,
)  # fmt: skip
from tests.value_rules import in_force, months_ahead, recharge

Body = dict[str, Any]
_PENNIES: Final = {"lines": [line(1, PENNY, 3_000_000, 1, 3000)], "total_minor": 3000}
_MONTHLY: Final = {"steps": [{"from_minor": 10000, "give_minor": 1000}], "months": 3}
_MEMBERS: Final = {
    "member_unfreeze": ("frozen", "active"),
    "member_cancellation": ("active", "cancelled"),
    "member_restore": ("cancelled", "active"),
}
_CARDS: Final = {
    "card_found": ("lost", "active"),
    "card_freeze": ("active", "frozen"),
    "card_unfreeze": ("frozen", "active"),
    "card_expiry": ("active", "expired"),
    "card_cancellation": ("active", "closed"),
    "card_restore": ("closed", "active"),
    "card_pin_reset": ("active", "active"),
    "card_pin_unlock": ("active", "active"),
}
_DRAWER: Final = ("cash_in", "cash_out")
_CUSTODY: Final = ("card_receive", "card_hand_over", "card_void", "card_count")
_COUPONS: Final = ("coupon_issue", "coupon_void", "coupon_transfer")
_JUDGED: Final = ("card_approval", "card_rejection")


def _who_may_all(chain: SmallChain, seat: Seat) -> None:
    """Somebody of a duty that has every kind's permission sits down at a seat."""
    chain.run("insert into sec.duty values ('all', '全部') on conflict do nothing")
    chain.run(
        "insert into sec.permission(duty, permission) select 'all', k.permission from ledger.kind k"
        " where k.family = 'live' union select 'all', unnest('{card_pin,credit,group_order}'::text[])"
        " on conflict do nothing"
    )
    seat.sign_in(chain.person("all", 1))


@contextlib.contextmanager
def _signed_by_nobody(chain: SmallChain, kind: str) -> Iterator[None]:
    """A kind that always takes two people takes one for a while."""
    above = chain.value("select approval_above_minor from ledger.kind where kind = %s", kind)
    change = "update ledger.kind set approval_above_minor = %s where kind = %s"
    chain.run(change, None, kind)
    try:
        yield
    finally:
        chain.run(change, above, kind)


def _exchange(seat: Seat, card: Card) -> Body:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    backs = [{"n": 1, "of": 1, "qty_milli": 1000, "total_minor": 350}]
    return seat.document(
        "exchange", of=sale["id"], reason="too small", lines=[line(1, BREAD, 2000, 350, 700)], backs=backs,
        tenders=[cash(350)], total_minor=700,
    )  # fmt: skip


def _adjustment(seat: Seat, card: Card) -> Body:
    rows = [{"account": "principal", "amount": -5}]
    return seat.document("adjustment", wallet=card.wallet, corrections=rows, reason="error", total_minor=5)


def _advance(seat: Seat, card: Card) -> Body:
    return seat.document("advance", wallet=card.wallet, tenders=[cash(700)], reason="cake", total_minor=700)


def _advance_back(seat: Seat, card: Card) -> Body:
    seat.done("advance", wallet=card.wallet, tenders=[cash(700)], reason="cake", total_minor=700)
    row = {"kind": "advance", "wallet": card.wallet, "amount_minor": 700}
    return seat.document(
        "advance_back", wallet=card.wallet, tenders=[row], proofs=[proof(card)], reason="no cake",
        total_minor=700,
    )  # fmt: skip


def _credit_payment(seat: Seat, card: Card) -> Body:
    assert "refused" not in seat.ask("credit_limit_put", card.wallet, 5000)
    row = {"kind": "credit", "wallet": card.wallet, "amount_minor": 3000}
    seat.done("sale", **_PENNIES, tenders=[row], proofs=[proof(card)], wallet=card.wallet)
    return seat.document("credit_payment", wallet=card.wallet, tenders=[cash(900)], total_minor=900)


def _shift_open(seat: Seat, card: Card) -> Body:
    held = seat.chain.drawer_cash(seat)
    seat.done("shift_close", counted_minor=held, total_minor=held)
    counts = [{"tender": "cash", "denomination_minor": 100, "pieces": 5}]
    return seat.document("shift_open", counted_minor=500, total_minor=500, counts=counts)


def _member_merge(seat: Seat, card: Card) -> Body:
    other = seat.chain.card(seat, principal=300)
    query = "select member from shop.wallet where id = %s"
    row = {
        "member": seat.chain.value(query, other.wallet), "kept": seat.chain.value(query, card.wallet)
    }  # fmt: skip
    return seat.document("member_merge", merges=[row], reason="one person")


_PLAIN: Final[dict[str, Callable[[Seat, Card], Body]]] = {
    "exchange": _exchange,
    "adjustment": _adjustment,
    "advance": _advance,
    "advance_back": _advance_back,
    "credit_payment": _credit_payment,
    "shift_open": _shift_open,
    "member_merge": _member_merge,
}


def _blind_return(seat: Seat, card: Card, until: contextlib.ExitStack) -> Body:
    chain = seat.chain
    rule = chain.value("insert into shop.rule(family, name) values ('blind_return', '无单') returning id")
    chain.run(
        "insert into shop.rule_version(rule, version, valid_from, max_document_minor, amount_minor,"
        " min_minor, term_days) values (%s, 1, now() - interval '9 days', 2000, 1000, 0, 5)", rule,
    )  # fmt: skip
    end = "update shop.rule_version set valid_to = now() - interval '8 days' where rule = %s"
    until.callback(chain.run, end, rule)
    return seat.document(
        "blind_return", lines=[line(1, BREAD, 1000, 310, 310)], tenders=[cash(310)], total_minor=310,
        reason="no slip",
    )  # fmt: skip


def _bonus_release(seat: Seat, card: Card, until: contextlib.ExitStack) -> Body:
    with in_force(seat.chain, "recharge", _MONTHLY) as rule:
        made = seat.post(recharge(seat, card, 10000, rule, 334))
    until.enter_context(months_ahead(seat.chain, 1))
    rows = [{"plan": made["id"], "part": 1, "amount_minor": 333}]
    return seat.document("bonus_release", releases=rows, total_minor=333)


def _cash_back(seat: Seat, card: Card, until: contextlib.ExitStack) -> Body:
    sold = seat.done(
        "sale", **_PENNIES, tenders=[stored(card, 3000)], proofs=[proof(card)], wallet=card.wallet
    )
    month = seat.chain.value(
        "select to_char(business_date, 'YYYY-MM') from ledger.document where id = %s", sold["id"]
    )
    rule = until.enter_context(in_force(seat.chain, "cash_back", {}, max_bp=1000))
    until.enter_context(months_ahead(seat.chain, 1))
    row = {"wallet": card.wallet, "rule": rule, "version": 1, "month": month, "amount_minor": 300}
    return seat.document("cash_back", cash_backs=[row], total_minor=300)


_FOR_A_WHILE: Final = {
    "blind_return": _blind_return, "bonus_release": _bonus_release, "cash_back": _cash_back
}  # fmt: skip


def _custody(seat: Seat, kind: str) -> Body:
    first, last = box(seat.chain, 3)
    if kind == "card_receive":
        seat.chain.run("update shop.card set store = null where number between %s and %s", first, last)
    else:
        seat.done("card_receive", ranges=[range_row(first, last, 3)])
    unit = {"unit": SOUTH} if kind == "card_hand_over" else {}
    reason = {"reason": "torn"} if kind in {"card_void", "card_count"} else {}
    return seat.document(kind, ranges=[range_row(first, last, 3, **unit)], **reason)


def _coupons(seat: Seat, kind: str) -> Body:
    chain = seat.chain
    rule = publish(chain, {"kind": "off", "off_minor": 200}, family="coupon", name="券", **DATED)
    if kind == "coupon_issue":
        order, member = group_order(seat, (1, series(chain))), chain.member()
        join(seat, order, member)
        return closing(seat, order)
    (token,) = give_out(chain, seat, rule, holder=chain.member())
    row = {"token": token, "holder": chain.member()} if kind == "coupon_transfer" else {"token": token}
    return seat.document(kind, coupons=[row], reason="asked")


def _judged(seat: Seat, kind: str) -> Body:
    chain, owner = seat.chain, seat.chain.member()
    desk = chain.seat(staff=chain.cashier)
    asked = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card"}
    desk.done("card_application", applications=[asked], identity=[seen(owner)])
    id = chain.value("select max(id) from shop.card_application where member = %s", owner)
    now = "approved" if kind == "card_approval" else "rejected"
    row = {"application": id, "was": "applied", "now": now}
    return seat.document(kind, applications=[row], reason="looked at")


def _member(seat: Seat, kind: str) -> Body:
    was, now = _MEMBERS[kind]
    chain, owner = seat.chain, seat.chain.member()
    chain.run("update shop.member set state = %s where id = %s", was, owner)
    return membership(seat, kind, owner, was, now, identity=[_paper(chain, owner)])


def _paper(chain: SmallChain, owner: int) -> dict[str, Any]:
    number = chain.value("select encode(id_no_index, 'hex') from shop.member where id = %s", owner)
    return seen(owner, match=number or ID_NUMBER.hex())


_AS_WRITTEN: Final = (
    "update shop.card c set type = 1, valid_to = null, state = (select e.now from ledger.card_event e"
    " join ledger.document d on d.id = e.document where e.card = c.id"
    " order by d.posted_at desc, d.chain_seq desc limit 1) where c.id = %s"
)


def _card(seat: Seat, kind: str, until: contextlib.ExitStack) -> Body:
    was, now = _CARDS[kind]
    chain = seat.chain
    card = chain.card(seat)
    until.callback(chain.run, _AS_WRITTEN, card.id)  # what was forced here stands in no document
    owner = int(chain.value("select holder from shop.card where id = %s", card.id))
    chain.run("update shop.card set state = %s where id = %s", was, card.id)
    if kind == "card_expiry":
        chain.run(
            "update shop.card set type = %s, valid_to = current_date - 9 where id = %s", YEARLY, card.id
        )
        return life(seat, kind, card, was, now)
    if kind.startswith("card_pin"):
        assert seat.ask("set_card_pin", "number", bytes.fromhex(card.token), b"r" * 32)["pin_set"]
    if kind == "card_pin_unlock":
        chain.run(
            "insert into sec.pin_attempt(id, wallet, document, terminal, guess)"
            " select gen_random_uuid(), %s, gen_random_uuid(), %s, sha256('x') from generate_series(1, 5)",
            card.wallet, seat.terminal,
        )  # fmt: skip
    return life(seat, kind, card, was, now, identity=[_paper(chain, owner)])


OTHER_KINDS: Final = (
    *_PLAIN, *_FOR_A_WHILE, *_CUSTODY, *_COUPONS, *_JUDGED, *_MEMBERS, *_CARDS, *_DRAWER,
)  # fmt: skip


def other_body(seat: Seat, card: Card, kind: str, until: contextlib.ExitStack) -> Body:
    """A good body of a kind, with every key that it knows; what it needs goes when `until` ends."""
    chain = seat.chain
    _who_may_all(chain, seat)
    until.enter_context(_signed_by_nobody(chain, kind))
    if kind in _FOR_A_WHILE:
        return _FOR_A_WHILE[kind](seat, card, until)
    if kind in _PLAIN:
        return _PLAIN[kind](seat, card)
    if kind in _DRAWER:
        return seat.document(kind, amount_minor=500, total_minor=500, reason="coins")
    for kinds, made in ((_CUSTODY, _custody), (_COUPONS, _coupons), (_JUDGED, _judged), (_MEMBERS, _member)):
        if kind in kinds:
            return made(seat, kind)
    return _card(seat, kind, until)


def spots(body: Body) -> list[tuple[str | None, str]]:
    """Every place of a body that holds a value: (section or None, key)."""
    found: list[tuple[str | None, str]] = []
    for key, value in body.items():
        if isinstance(value, list):
            found += [(key, name) for name in value[0]]
        else:
            found.append((None, key))
    return found


def changed(body: Body, section: str | None, key: str, value: object) -> Body:
    """A copy of a body with one value otherwise."""
    other = copy.deepcopy(body)
    (other if section is None else other[section][0])[key] = value
    return other


def renamed(body: Body, section: str | None, key: str) -> Body:
    """A copy of a body with one key misspelt."""
    other = copy.deepcopy(body)
    row = other if section is None else other[section][0]
    row[key + "s"] = row.pop(key)
    return other
