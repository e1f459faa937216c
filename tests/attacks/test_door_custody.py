"""Blank cards that are not where somebody says: not counted, handed on twice, issued elsewhere."""

from __future__ import annotations

import pytest

from tests.card_types import box, issue, range_row, stock_keeper
from tests.races.barrier import race
from tests.refusals import refuse
from tests.small_chain import FEE_DUE, NORTH, SOUTH, Card, Seat, SmallChain


@pytest.fixture
def keeper(chain: SmallChain) -> Seat:
    return stock_keeper(chain)


def one_of(chain: SmallChain, number: str) -> Card:
    return Card(chain.value("select id from shop.card where number = %s", number), "")


def test_a_range_is_received_once_and_exactly(keeper: Seat, chain: SmallChain) -> None:
    first, last = box(chain, 5)
    for count in (0, 4, 6):
        body = keeper.document("card_receive", ranges=[range_row(first, last, count)])
        refuse(keeper, body, "custody_refused", why="count", pieces=5)
    keeper.done("card_receive", ranges=[range_row(first, last, 5)])
    again = keeper.document("card_receive", ranges=[range_row(first, last, 5)])
    refuse(keeper, again, "custody_refused", why="count", pieces=0)
    clerk = chain.seat(NORTH)
    body = clerk.document("card_receive", ranges=[range_row(first, last, 5)])
    refuse(clerk, body, "not_permitted", permission="cards_stock")


def test_what_is_no_range(keeper: Seat, chain: SmallChain) -> None:
    first, last = box(chain, 5)
    for a, b in ((last, first), (first, last + "0"), ("", last)):
        body = keeper.document("card_receive", ranges=[range_row(a, b, 5)])
        refuse(keeper, body, "custody_refused", why="range")
    two = [range_row(first, last, 5)] * 2
    refuse(keeper, keeper.document("card_receive", ranges=two), "custody_refused", why="range")
    body = keeper.document("card_receive", ranges=[range_row(first, last, 5, unit=SOUTH)])
    refuse(keeper, body, "custody_refused", why="unit")
    keeper.done("card_receive", ranges=[range_row(first, last, 5)])
    nobodys = chain.value("select min(id) from shop.unit where kind <> 'store'")  # no seat receives there
    for unit in ({}, {"unit": NORTH}, {"unit": 9999}, {"unit": nobodys}):
        body = keeper.document("card_hand_over", ranges=[range_row(first, last, 5, **unit)])
        refuse(keeper, body, "custody_refused", why="unit")


def test_a_card_is_issued_only_where_it_lies(keeper: Seat, chain: SmallChain) -> None:
    first, last = box(chain, 2)
    keeper.done("card_receive", ranges=[range_row(first, last, 2)])
    here, there = chain.open_seat(NORTH), chain.open_seat(SOUTH)
    refuse(there, issue(there, one_of(chain, first), FEE_DUE), "custody_refused", why="elsewhere")
    keeper.done("card_hand_over", ranges=[range_row(first, last, 2, unit=SOUTH)])
    for seat in (here, there):  # on its way it is nobody's
        refuse(seat, issue(seat, one_of(chain, first), FEE_DUE), "custody_refused", number=first)
    other = stock_keeper(chain, SOUTH)
    other.done("card_receive", ranges=[range_row(first, first, 1)])
    assert "refused" not in there.post(issue(there, one_of(chain, first), FEE_DUE))
    body = other.document("card_receive", ranges=[range_row(first, last, 2)])
    refuse(other, body, "custody_refused", why="count", pieces=1)
    void = keeper.document("card_void", ranges=[range_row(last, last, 1)], reason="lost on the way")
    refuse(keeper, void, "custody_refused", pieces=0)


def test_a_destroyed_card_is_out_of_the_world(keeper: Seat, chain: SmallChain) -> None:
    first, last = box(chain, 2)
    keeper.done("card_receive", ranges=[range_row(first, last, 2)])
    body = keeper.document("card_void", ranges=[range_row(last, last, 1)])
    refuse(keeper, body, "reason_missing")
    keeper.done("card_void", ranges=[range_row(last, last, 1)], reason="torn")
    till = chain.open_seat(NORTH)
    refuse(till, issue(till, one_of(chain, last), FEE_DUE), "card_state", state="void")
    refuse(keeper, keeper.document("card_count", ranges=[range_row(first, last, 2)]), "reason_missing")
    keeper.done("card_count", ranges=[range_row(first, last, 2)], reason="one too many in the box")
    told = "select count, expected from ledger.card_custody where what = 'card_count' and first = %s"
    assert chain.rows(told, first) == [(2, 1)]
    assert chain.rows("select * from ledger.verify()") == []


def test_one_range_handed_to_two_stores_goes_to_one(chain: SmallChain) -> None:
    keepers = [stock_keeper(chain) for _ in range(4)]
    first, last = box(chain, 20)
    keepers[0].done("card_receive", ranges=[range_row(first, last, 20)])

    def sent(seat: Seat, a: str, count: int) -> object:
        body = seat.document("card_hand_over", ranges=[range_row(a, last, count, unit=SOUTH)])
        return lambda: seat.post(body)

    outcomes = race([sent(seat, first, 20) for seat in keepers])  # type: ignore[misc]
    assert sorted(each.refused or "" for each in outcomes) == ["", *["custody_refused"] * 3]
