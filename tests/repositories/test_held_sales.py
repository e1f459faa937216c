"""Baskets put aside: on one till at a time, settled once, never lost, never twice."""

from __future__ import annotations

import functools
import threading
import uuid
from typing import Any

from psycopg.types.json import Jsonb

from tests.races.barrier import overlap, race
from tests.refusals import refuse
from tests.small_chain import BREAD, BREAD_LINE, PENNY, SOUTH, Seat, SmallChain, cash, line

BASKET = {"lines": [{"product": BREAD, "qty_milli": 1000}]}


def hold(
    seat: Seat, id: str, *, note: str | None = None, basket: Any = BASKET, total: int = 350
) -> dict[str, Any]:
    """Put a basket aside."""
    return dict(
        seat.call("select api.hold_sale(%s::uuid, %s, null, %s, 1, %s)", id, note, total, Jsonb(basket))
    )


def recall(seat: Seat, id: str, over: bool = False) -> dict[str, Any]:
    """Take it."""
    return dict(seat.call("select api.recall_sale(%s::uuid, %s)", id, over))


def drop(seat: Seat, id: str, reason: str | None) -> dict[str, Any]:
    """Remove it."""
    return dict(seat.call("select api.drop_held(%s::uuid, %s)", id, reason))


def listed(seat: Seat) -> dict[str, dict[str, Any]]:
    """The open ones of the seat's store by id."""
    return {each["id"]: each for each in seat.call("select api.held_sales()")}


def test_the_list_is_read_page_by_page(seat: Seat) -> None:
    put = [str(uuid.uuid4()) for _ in range(3)]
    for held in put:
        hold(seat, held)
    every = [each["id"] for each in seat.call("select api.held_sales()")]
    assert every[-3:] == put
    assert [each["id"] for each in seat.call("select api.held_sales(%s::uuid, 1)", put[0])] == [put[1]]
    assert seat.call("select api.held_sales(%s::uuid, 9)", put[2]) == []


def sale(seat: Seat, held: str, **parts: Any) -> dict[str, Any]:
    """The body of the sale that settles it."""
    return seat.document(
        "sale", **{"held": held, "lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350, **parts}
    )


def test_put_aside_here_and_paid_there(seat: Seat, chain: SmallChain) -> None:
    other, held = chain.open_seat(), str(uuid.uuid4())
    assert hold(seat, held, note="red coat") == {"held": held, "state": "held"}
    assert hold(seat, held, note="red coat") == {"held": held, "state": "held"}
    row = listed(other)[held]
    assert (row["note"], row["total_minor"], row["line_count"], row["taken_by"]) == ("red coat", 350, 1, None)
    assert row["age_s"] >= 0

    taken = recall(other, held)
    assert (taken["basket"], taken["note"]) == (BASKET, "red coat")
    assert recall(other, held)["basket"] == BASKET
    assert recall(seat, held)["refused"] == "held_elsewhere"
    assert hold(seat, held)["state"] == "taken"
    refuse(seat, sale(seat, held), "held_elsewhere")

    paid = other.post(sale(other, held))
    assert "refused" not in paid, paid
    assert held not in listed(seat)
    assert hold(seat, held)["state"] == "settled"
    assert recall(other, held)["refused"] == "held_gone"
    refuse(other, sale(other, held), "held_gone")
    assert chain.value("select basket is null from shop.held_sale where id = %s", held) is True


def test_a_sale_that_is_refused_leaves_it_where_it_is(seat: Seat) -> None:
    held = str(uuid.uuid4())
    hold(seat, held)
    refuse(seat, sale(seat, held), "held_elsewhere", terminal=None)
    recall(seat, held)
    refuse(seat, sale(seat, held, tenders=[cash(300)]), "unbalanced")
    assert listed(seat)[held]["here"] is True
    assert hold(seat, held, basket={"lines": []})["state"] == "held"
    assert listed(seat)[held]["taken_by"] is None


def test_only_sales_name_a_basket(seat: Seat) -> None:
    counted = seat.document("stock_receipt", held=str(uuid.uuid4()),
                            stock=[{"product": BREAD, "qty_milli": 1000}])  # fmt: skip
    refuse(seat, counted, "unknown_key", section="header", key="held")
    refuse(seat, sale(seat, "no id"), "malformed")
    refuse(seat, sale(seat, str(uuid.uuid4())), "held_gone")


def test_another_store_sees_nothing_of_it(seat: Seat, chain: SmallChain) -> None:
    held, south = str(uuid.uuid4()), chain.open_seat(SOUTH)
    hold(seat, held)
    assert held not in listed(south)
    assert recall(south, held)["refused"] == "held_gone"
    assert drop(south, held, "not mine")["refused"] == "held_gone"
    assert hold(south, held)["refused"] == "held_gone"
    pennies = {"lines": [line(1, PENNY, 350_000, 1, 350)]}
    refuse(south, sale(south, held, **pennies), "held_gone")


def test_from_a_till_that_died_only_an_approver_takes_it(seat: Seat, chain: SmallChain) -> None:
    held, boss = str(uuid.uuid4()), chain.open_seat(staff=chain.managers[0])
    other = chain.open_seat()
    hold(seat, held)
    recall(seat, held)
    assert recall(other, held, over=True)["refused"] == "not_permitted"
    assert drop(other, held, "abandoned")["refused"] == "not_permitted"
    assert recall(boss, held, over=True)["basket"] == BASKET
    refuse(seat, sale(seat, held), "held_elsewhere")
    assert chain.value("select count(*) from sec.audit where what = 'recall_over'") >= 1
    assert "refused" not in boss.post(sale(boss, held))


def test_removed_with_a_reason_and_a_trace(seat: Seat, chain: SmallChain) -> None:
    held = str(uuid.uuid4())
    hold(seat, held)
    for reason in (None, "", " ", "x", "a\x1bb"):
        assert drop(seat, held, reason)["refused"] == "reason_missing"
    assert drop(seat, held, "left the shop")["state"] == "dropped"
    assert held not in listed(seat)
    assert drop(seat, held, "left the shop")["refused"] == "held_gone"
    traced = "select facts->>'reason' from sec.audit where what = 'drop_held' order by id desc limit 1"
    assert chain.value(traced) == "left the shop"


def test_what_is_no_basket_is_not_kept(seat: Seat) -> None:
    held = str(uuid.uuid4())
    wrong: list[Any] = [[], "x", 1, {"x": "y" * 300_000}]
    for bad in wrong:
        assert hold(seat, held, basket=bad)["refused"] == "malformed"
    assert hold(seat, held, total=-1)["refused"] == "malformed"
    assert hold(seat, held, note="a\u202eb")["refused"] == "unclean_text"
    assert held not in listed(seat)


def test_twenty_tills_reach_for_one_basket(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(20)]
    for _ in range(3):
        held = str(uuid.uuid4())
        hold(tills[0], held)
        outcomes = race([functools.partial(recall, till, held) for till in tills])
        assert [o.sqlstate for o in outcomes if o.sqlstate] == []
        assert overlap(outcomes) >= 10
        assert sum(o.refused is None for o in outcomes) == 1
        assert {o.refused for o in outcomes} == {None, "held_elsewhere"}


def test_without_the_row_lock_two_tills_would_get_it(chain: SmallChain) -> None:
    """The control: read first and write later, without the lock, and several believe that they have it."""
    tills = [chain.open_seat() for _ in range(8)]
    held = str(uuid.uuid4())
    hold(tills[0], held)
    gate = threading.Barrier(len(tills))
    free = "select taken_by is null from shop.held_sale where id = %s"

    def careless() -> dict[str, Any]:
        with chain.shop.connect() as admin:
            row = admin.execute(free.encode(), (held,)).fetchone()
            gate.wait(10)
            return {} if row is not None and row[0] else {"refused": "held_elsewhere"}

    outcomes = race([careless for _ in tills])
    assert sum(o.refused is None for o in outcomes) > 1


def test_one_basket_settled_by_two_tills_of_which_one_took_over(chain: SmallChain) -> None:
    """While a manager takes the basket over, the first till pays: one sale stands, whichever it is."""
    for _ in range(6):
        one, boss, held = chain.open_seat(), chain.open_seat(staff=chain.managers[0]), str(uuid.uuid4())
        hold(one, held)
        recall(one, held)
        bodies = (sale(one, held), sale(boss, held))

        def take_over_and_pay(boss: Seat = boss, held: str = held, body: Any = bodies[1]) -> dict[str, Any]:
            answer = recall(boss, held, over=True)
            return answer if "refused" in answer else boss.post(body)

        outcomes = race([functools.partial(one.post, bodies[0]), take_over_and_pay])
        assert [o.sqlstate for o in outcomes if o.sqlstate] == []
        assert sum(o.refused is None for o in outcomes) == 1
        stands = "select count(*) from ledger.document where body->>'held' = %s"
        assert chain.value(stands, held) == 1
