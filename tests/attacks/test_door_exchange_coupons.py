"""Coupons in an exchange: goods out earn and use them as a sale does, goods back take their own along."""

from __future__ import annotations

from typing import Any

import pytest

from tests.coupons import DATED, by_coupon, give_out, new_code, sale, state_of
from tests.promotions import publish
from tests.refusals import refuse
from tests.small_chain import BREAD, PENNY, Seat, SmallChain, cash, line

EARNS = {"kind": "off", "off_minor": 100, "earn_minor": 1000, "per_sale": 2}


def series(chain: SmallChain, body: dict[str, Any]) -> int:
    """Version 1 of a series whose codes hold for 30 days."""
    return publish(chain, body, family="coupon", name="券", **DATED)


def codes(rule: int, count: int) -> list[dict[str, Any]]:
    return [{**new_code(), "rule": rule, "version": 1} for _ in range(count)]


def states(chain: SmallChain, rows: list[dict[str, Any]]) -> list[str]:
    return [state_of(chain, row["token"]) for row in rows]


def swap(
    seat: Seat,
    sold: dict[str, Any],
    back: int,
    out: int,
    taken: list[dict[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """So many fen of the pennies of `sold` come back, goods for `out` fen less what codes take go out."""
    off = sum(each["amount_minor"] for each in taken or [])
    total = out - off
    lines = [line(1, PENNY, out * 1000, 1, out, total)]
    parts: dict[str, Any] = {"tenders": [cash(total - back)]} if total > back else {}
    return seat.document(
        "exchange", of=sold["id"], reason="too small", lines=lines, adjustments=taken or [],
        total_minor=total, backs=[{"n": 1, "of": 1, "qty_milli": back * 1000, "total_minor": back}],
        **parts, **more,
    )  # fmt: skip


def pennies(seat: Seat, fen: int, **more: Any) -> dict[str, Any]:
    """A sale of so many fen, accepted."""
    answer = seat.post(sale(seat, [line(1, PENNY, fen * 1000, 1, fen)], [], **more))
    assert "refused" not in answer, answer
    return answer


def allow(seat: Seat, body: dict[str, Any]) -> dict[str, Any]:
    answer = seat.post(body)
    assert "refused" not in answer, answer
    assert seat.chain.rows("select * from ledger.verify()") == []
    return answer


@pytest.fixture
def till(chain: SmallChain) -> Seat:
    return chain.open_seat()


@pytest.mark.parametrize(
    ("total", "count"), [(999, 0), (1000, 1), (1999, 1), (2000, 2), (9000, 2)],
)  # fmt: skip
def test_an_exchange_earns_what_a_sale_of_the_same_goods_earns(
    till: Seat, chain: SmallChain, total: int, count: int
) -> None:
    """By what goes out, however much of it the goods of before pay."""
    rule = series(chain, EARNS)
    sold = pennies(till, 1500)
    one_more = codes(rule, count + 1)
    refuse(till, sale(till, [line(1, PENNY, total * 1000, 1, total)], [], coupons=one_more),
           "coupon_refused", why="earned")  # fmt: skip
    refuse(till, swap(till, sold, 500, total, coupons=one_more), "coupon_refused", why="earned")
    plain = codes(series(chain, {"kind": "off", "off_minor": 100}), 1)
    refuse(till, swap(till, sold, 500, total, coupons=plain), "coupon_refused", why="earned")
    earned = codes(rule, count)
    allow(till, swap(till, sold, 500, total, coupons=earned))
    assert states(chain, earned) == ["open"] * count


def test_what_the_sale_earned_goes_with_its_last_piece(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, EARNS)
    first, second = codes(rule, 1), codes(rule, 1)
    sold = pennies(till, 1000, coupons=first)
    allow(till, swap(till, sold, 400, 400))
    assert states(chain, first) == ["open"], "a part is still the customer's"
    last = allow(till, swap(till, sold, 600, 1200, coupons=second))
    assert states(chain, first + second) == ["void", "open"]
    allow(till, till.document("reversal", of=last["id"], reason="mistake", total_minor=1200))
    assert states(chain, first + second) == ["open", "void"], "undone, the sale has earned it again"


def test_a_code_that_the_sale_used_comes_back_with_its_last_piece(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 200})
    (token,) = give_out(chain, till, rule)
    lines = [line(1, PENNY, 1_000_000, 1, 1000)]
    sold = till.post(sale(till, lines, [by_coupon(1, 200, rule, token)]))
    body = swap(till, sold, 1000, 900)
    body["backs"][0]["total_minor"], body["tenders"] = 800, [cash(100)]
    swapped = allow(till, body)
    assert state_of(chain, token) == "open"
    again = allow(till, sale(till, [line(1, BREAD, 4000, 350, 1400)], [by_coupon(1, 200, rule, token)]))
    undo = till.document("reversal", of=swapped["id"], reason="mistake", total_minor=900)
    refuse(till, undo, "coupon_refused", why="used")
    allow(till, till.document("reversal", of=again["id"], reason="mistake", total_minor=1200))


def test_a_code_pays_in_an_exchange_once_and_comes_back_by_its_return(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 200})
    (token,) = give_out(chain, till, rule)
    sold = pennies(till, 1000)
    too_much = swap(till, sold, 500, 900, [by_coupon(1, 201, rule, token)])
    refuse(till, too_much, "coupon_refused", why="amount")
    swapped = allow(till, swap(till, sold, 500, 900, [by_coupon(1, 200, rule, token)]))
    assert state_of(chain, token) == "used"
    refuse(till, swap(till, sold, 500, 900, [by_coupon(1, 200, rule, token)]), "coupon_refused", why="used")
    back = {"n": 1, "of": 1, "qty_milli": 900_000}
    till.done("return", of=swapped["id"], reason="broken", lines=[back], total_minor=700)
    assert state_of(chain, token) == "open"


def test_what_goes_back_takes_its_coupon_before_the_exchange_can_use_it(
    till: Seat, chain: SmallChain
) -> None:
    rule = series(chain, EARNS)
    (own,) = codes(rule, 1)
    sold = pennies(till, 1000, coupons=[own])
    with_it = [by_coupon(1, 100, rule, own["token"])]
    refuse(till, swap(till, sold, 1000, 1500, with_it), "coupon_refused", why="earned_back")
    allow(till, swap(till, sold, 999, 1500, with_it))  # control: a piece of the sale is still sold
    assert states(chain, [own]) == ["used"]
    allow(till, swap(till, sold, 1, 50))
    assert states(chain, [own]) == ["used"], "what was used stays used"
