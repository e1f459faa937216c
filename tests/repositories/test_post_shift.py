"""Shifts on a drawer, stock receipts, adjustments by two people, and opening balances."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.refusals import refuse, standing
from tests.small_chain import BREAD_LINE, MILK, NORTH, REPAIR, RICE, Seat, SmallChain, cash, pairs


def test_the_float_goes_into_the_drawer(chain: SmallChain) -> None:
    seat = chain.seat()

    opened = seat.open_shift(30000)

    assert pairs(opened) == [("cash", "safe", 30000)]
    assert opened["shift"] == opened["id"]
    assert opened["expected_minor"] == 30000
    assert chain.drawer_cash(seat) == 30000
    row = "select number, opened_by, closed_at from ledger.shift where id = %s"
    assert chain.rows(row, opened["id"]) == [(1, seat.staff, None)]


@pytest.mark.parametrize(
    ("counted", "difference", "posted"),
    [
        (50350, 0, [("safe", "cash", 50350)]),
        (50360, 10, [("cash", "over_short", 10), ("safe", "cash", 50360)]),
        (50300, -50, [("over_short", "cash", 50), ("safe", "cash", 50300)]),
        (0, -50350, [("over_short", "cash", 50350)]),
    ],
)
def test_closing_books_what_is_over_or_short_and_empties_the_drawer(
    seat: Seat, chain: SmallChain, counted: int, difference: int, posted: list[tuple[str, str, int]]
) -> None:
    seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)

    closed = seat.done_by_two(
        "shift_close", counted_minor=counted, total_minor=counted, reason="counted twice"
    )

    assert pairs(closed) == posted
    assert (closed["expected_minor"], closed["over_short_minor"]) == (50350, difference)
    assert chain.drawer_cash(seat) == 0
    row = "select closed_by_document::text from ledger.shift where id = %s"
    assert chain.value(row, seat.shift) == closed["id"]


def test_closing_prints_the_digest_of_all_heads(seat: Seat, chain: SmallChain) -> None:
    other = chain.open_seat()
    heads = chain.rows("select id, chain_seq, head from sec.terminal where chain_seq > 0 order by id")

    closed = seat.done("shift_close", counted_minor=50000, total_minor=50000)

    whole = b"".join(id.to_bytes(4, "big") + seq.to_bytes(8, "big") + head for id, seq, head in heads)
    assert closed["heads"] == hashlib.sha256(whole).hexdigest()
    assert closed["heads_at"][str(other.terminal)] == 1


def test_a_shift_belongs_to_the_drawer_not_to_the_till(seat: Seat, chain: SmallChain) -> None:
    beside = chain.seat(drawer=seat.drawer)
    beside.shift = seat.shift

    beside.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    beside.done("shift_close", counted_minor=50350, total_minor=50350)

    refuse(seat, seat.document("shift_close", counted_minor=0), "shift_closed", shift=seat.shift)


def test_a_drawer_has_one_open_shift(seat: Seat, chain: SmallChain) -> None:
    again = seat.document("shift_open", counted_minor=1, total_minor=1)
    refuse(seat, again, "shift_already_open", shift=seat.shift)

    seat.done("shift_close", counted_minor=50000, total_minor=50000)
    old = seat.shift
    sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
    refuse(seat, seat.document("sale", **sale), "shift_closed", shift=old)
    refuse(seat, seat.document("sale", **sale, shift=None), "shift_missing")
    seat.open_shift()
    refuse(seat, seat.document("sale", **sale, shift=old), "shift_closed", shift=old)
    assert chain.value("select max(number) from ledger.shift where drawer = %s", seat.drawer) == 2


def test_a_terminal_without_a_drawer_takes_no_cash(chain: SmallChain) -> None:
    seat = chain.seat()
    chain.run("update sec.terminal set drawer = null where id = %s", seat.terminal)

    refuse(seat, seat.document("shift_open", counted_minor=1, total_minor=1), "shift_missing")
    sale = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    refuse(seat, sale, "shift_missing")
    stock = [{"product": MILK, "qty_milli": 1000, "cost_minor": 1}]
    seat.done("stock_receipt", stock=stock, total_minor=1)


def test_a_count_is_a_count(seat: Seat) -> None:
    refuse(seat, seat.document("shift_close"), "malformed", detail="counted_minor")
    refuse(seat, seat.document("shift_close", counted_minor=-1), "malformed", detail="counted_minor")
    body = seat.document("shift_close", counted_minor=50000, total_minor=50001)
    refuse(seat, body, "total_differs", total=50000)


def test_goods_that_arrive_are_on_hand(seat: Seat, chain: SmallChain) -> None:
    on_hand = chain.on_hand(RICE)
    stock = [{"product": RICE, "qty_milli": 2500, "cost_minor": 333}, {"product": REPAIR, "qty_milli": 1000}]

    received = seat.done("stock_receipt", stock=stock, total_minor=833)

    assert chain.on_hand(RICE) == on_hand + 2500
    moved = "select product, qty_milli, place_from, place_to, cost_minor from ledger.stock_move"
    assert chain.rows(f"{moved} where document = %s order by n", received["id"])[0] == (
        RICE, 2500, "supplier", "store", 333
    )  # fmt: skip


def correction(seat: Seat, wallet: int, account: str, amount: int) -> dict[str, Any]:
    """An adjustment of one account."""
    return seat.document(
        "adjustment", wallet=wallet, reason="broken till", total_minor=abs(amount),
        corrections=[{"account": account, "amount": amount}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("account", "amount", "posted"),
    [
        ("principal", 100, ("correction", "principal", 100)),
        ("principal", -100, ("principal", "correction", 100)),
        ("bonus", 100, ("correction", "bonus", 100)),
        ("bonus", -100, ("bonus", "correction", 100)),
        ("points", 100, ("points_issued", "points", 100)),
    ],
)
def test_two_people_correct_a_balance(
    seat: Seat, chain: SmallChain, account: str, amount: int, posted: tuple[str, str, int]
) -> None:
    card = chain.card(seat, principal=20000, bonus=2000)
    was = chain.balances(card.wallet)[account]
    body = correction(seat, card.wallet, account, amount)

    adjusted = seat.post(body, seat.approved(body))

    assert pairs(adjusted) == [posted]
    assert chain.balances(card.wallet)[account] == was + amount
    assert adjusted["approved_by"] == chain.managers[0]


def test_a_correction_takes_no_more_than_there_is(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=500)
    body = correction(seat, card.wallet, "principal", -501)

    refuse(
        seat, body, "insufficient", seat.approved(body),
        account="principal", wallet=card.wallet, balance=500, wanted=501,
    )  # fmt: skip
    over = correction(seat, card.wallet, "principal", 500000)
    refuse(seat, over, "balance_cap", seat.approved(over), cap=500000, would_be=500500)


@pytest.mark.parametrize("account", ["cash", "revenue", "points_debt", "nonsense"])
def test_only_what_a_wallet_holds_is_corrected(seat: Seat, chain: SmallChain, account: str) -> None:
    card = chain.card(seat)
    body = correction(seat, card.wallet, account, 100)

    refuse(seat, body, "pair_not_allowed", seat.approved(body), demand="correction", credit=account)


class Importer:
    """The role that no terminal has, posting through the door of history."""

    def __init__(self, chain: SmallChain) -> None:
        self.chain = chain
        self.number = chain.value("select count(*) + 1 from ledger.document")

    def document(self, **parts: Any) -> dict[str, Any]:
        """The body of an opening balance."""
        self.number += 1
        body: dict[str, Any] = {
            "kind": "opening_balance", "store": NORTH, "number": self.number, "total_minor": 0,
            "occurred_at": "2026-11-21T10:00:00Z",
        }  # fmt: skip
        return {**body, **parts}

    def post(self, body: Any, id: object = None) -> dict[str, Any]:
        """Post as a login of the role that only imports."""
        with self.chain.shop.connect("proof_importer") as other:
            call = "select api.post_history(%s::uuid, 1, %s)"
            row = other.execute(call, (str(id or uuid.uuid4()), Jsonb(body))).fetchone()
        assert row is not None
        answer = row[0]
        assert isinstance(answer, dict)
        return answer


def test_history_opens_balances_and_stock(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    on_hand = chain.on_hand(MILK)
    importer = Importer(chain)
    body = importer.document(
        wallet=card.wallet, total_minor=12345 + 50,
        corrections=[{"account": "principal", "amount": 12345}, {"account": "points", "amount": 50}],
        stock=[{"product": MILK, "qty_milli": 7000}],
    )  # fmt: skip
    sent = uuid.uuid4()

    opened = importer.post(body, sent)

    assert pairs(opened) == [("opening", "principal", 12345), ("points_issued", "points", 50)]
    assert chain.balances(card.wallet)["principal"] == 12345
    assert chain.on_hand(MILK) == on_hand + 7000
    assert importer.post(body, sent)["replayed"] is True


def test_history_is_held_to_conservation_too(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    importer = Importer(chain)
    bodies: dict[str, dict[str, Any]] = {
        "empty_document": importer.document(),
        "arithmetic": importer.document(wallet=card.wallet, corrections=[{"account": "points", "amount": 0}]),
        "insufficient": importer.document(
            wallet=card.wallet, total_minor=5, corrections=[{"account": "principal", "amount": -5}]
        ),
        "pair_not_allowed": importer.document(
            wallet=card.wallet, total_minor=5, corrections=[{"account": "revenue", "amount": 5}]
        ),
        "unknown_product": importer.document(stock=[{"product": 999, "qty_milli": 1}]),
        "unknown_wallet": importer.document(
            total_minor=5, corrections=[{"account": "principal", "amount": 5}]
        ),
        "unknown_terminal": importer.document(store=1000, stock=[{"product": MILK, "qty_milli": 1}]),
        "not_permitted": {**importer.document(), "kind": "sale", "lines": [BREAD_LINE]},
    }
    before = standing(chain)
    for code, body in bodies.items():
        assert importer.post(body)["refused"] == code
    assert standing(chain) == before


def test_a_shift_that_was_opened_says_which_of_its_drawer_it_is(seat: Seat) -> None:
    seat.done("shift_close", counted_minor=50000, total_minor=50000)
    seat.shift = None
    assert seat.done("shift_open", counted_minor=1, total_minor=1)["shift_number"] == 2
