"""The drawer beside sales: cash that comes and goes, counts by denomination, gaps explained, prints."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from huiyuan.domain.model.turnover import Period, TurnoverAsked
from huiyuan.repositories.report_desk import till_events
from tests.refusals import refuse, standing
from tests.small_chain import BREAD, BREAD_LINE, MILK, NORTH, SOUTH, Seat, SmallChain, bank, cash, pairs

MOVES = {
    "cash_in": ("cash", "safe", 1),
    "cash_drop": ("safe", "cash", -1),
    "cash_out": ("paid_out", "cash", -1),
    "expense": ("expenses", "cash", -1),
}


def moved(seat: Seat, kind: str, amount: int, **more: Any) -> dict[str, Any]:
    """A document of cash beside sales."""
    return seat.document(kind, amount_minor=amount, total_minor=amount, **{"reason": "small change", **more})


def pieces(*rows: tuple[int, int]) -> list[dict[str, Any]]:
    """Rows of `counts` for notes and coins: denomination, how many."""
    return [{"tender": "cash", "denomination_minor": value, "pieces": count} for value, count in rows]


def report(seat: Seat, shift: str | None = None, call: str = "shift_report") -> dict[str, Any]:
    return seat.ask(call, uuid.UUID(shift or seat.shift))


def listed(seat: Seat, asked: str) -> set[str]:
    """The closed shifts that api.shifts answers."""
    row = seat.connection.execute(f"select api.shifts({asked})".encode()).fetchone()
    assert row is not None
    rows: list[dict[str, str]] = row[0]  # type: ignore[assignment]
    return {each["shift"] for each in rows}


def part(answer: dict[str, Any], name: str) -> dict[str, tuple[int, int | None]]:
    """One part of a report by code: how many, how much."""
    return {row["code"]: (row["count"], row["amount"]) for row in answer["parts"].get(name, [])}


@pytest.mark.parametrize("kind", MOVES)
def test_cash_beside_sales_moves_the_drawer_and_back(seat: Seat, chain: SmallChain, kind: str) -> None:
    debit, credit, sign = MOVES[kind]

    done = seat.post(moved(seat, kind, 12345))

    assert pairs(done) == [(debit, credit, 12345)]
    assert chain.drawer_cash(seat) == 50000 + sign * 12345
    back = seat.done("reversal", of=done["id"], reason="wrong sum", total_minor=12345)
    assert pairs(back) == [(credit, debit, 12345)]
    assert chain.drawer_cash(seat) == 50000


def test_more_than_there_is_does_not_come_out_and_nobody_learns_how_much_is_there(seat: Seat) -> None:
    refused = seat.post(moved(seat, "cash_drop", 50001))

    assert refused["refused"] == "cash_short"
    assert refused["facts"] == {"wanted": 50001}
    assert "refused" not in seat.post(moved(seat, "cash_drop", 50000))


def test_taking_out_more_than_ones_limit_needs_a_second_person(seat: Seat) -> None:
    over = moved(seat, "expense", 20001)

    refuse(seat, over, "approval_needed", permission="expense", amount=20001, limit=20000)
    assert "refused" not in seat.post(over, seat.approved(over))


def test_only_coins_that_the_chain_gives_are_counted(seat: Seat, chain: SmallChain) -> None:
    assert report(seat)["denominations"][-3:] == [10, 5, 1]
    with chain.policy(cash_step_minor=10):
        assert report(seat)["denominations"][-3:] == [100, 50, 10]


def test_a_drawer_opened_without_a_sale_says_why(seat: Seat, chain: SmallChain) -> None:
    refuse(seat, seat.document("no_sale"), "reason_missing")
    done = seat.done("no_sale", reason="changed a note")

    assert done["total_minor"] == 0
    assert part(report(seat), "cash") == {"no_sale": (1, 0)}
    refuse(seat, seat.document("reversal", of=done["id"], reason="never mind"), "wrong_origin")


@pytest.mark.parametrize(
    "bad", [{"amount_minor": 0, "total_minor": 0}, {"amount_minor": -5, "total_minor": -5}, {}]
)
def test_an_amount_is_one(seat: Seat, bad: dict[str, int]) -> None:
    body = seat.document("cash_in", reason="change", **bad)
    refuse(seat, body, "malformed", detail="amount_minor")


def test_pieces_add_up_to_the_count(seat: Seat, chain: SmallChain) -> None:
    counts = pieces((10000, 4), (5000, 1), (1000, 5))
    closed = seat.done("shift_close", counted_minor=50000, total_minor=50000, counts=counts)

    assert closed["over_short_minor"] == 0
    body = chain.value("select body->'counts' from ledger.document where id = %s::uuid", closed["id"])
    assert body == counts
    assert report(seat)["counts"] == counts


@pytest.mark.parametrize(
    "rows",
    [
        pieces((10000, 4)),
        pieces((10000, 5), (10000, 0)),
        pieces((30000, 1), (10000, 2)),
        [*pieces((10000, 5)), {"tender": "cash", "amount_minor": 0}],
        [*pieces((10000, 5)), {"tender": "stored", "amount_minor": 0}],
        [*pieces((10000, 5)), {"tender": "bank_card", "amount_minor": 0}],
        [*pieces((10000, 6)), {"tender": "cash", "denomination_minor": 5000, "pieces": -2}],
    ],
)
def test_a_count_that_does_not_add_up_is_refused(seat: Seat, rows: list[dict[str, Any]]) -> None:
    refuse(
        seat, seat.document("shift_close", counted_minor=50000, total_minor=50000, counts=rows), "count_wrong"
    )


def test_a_tender_that_is_counted_is_not_left_out(seat: Seat, chain: SmallChain) -> None:
    seat.done("sale", lines=[BREAD_LINE], tenders=[bank(350)], total_minor=350)
    chain.run("update shop.tender set counted = true where kind = 'bank_card'")
    try:
        body = seat.document("shift_close", counted_minor=50000, total_minor=50000)
        refuse(seat, body, "count_missing", tender="bank_card")
        short = [{"tender": "bank_card", "amount_minor": 340, "pieces": 1}]
        body = seat.document("shift_close", counted_minor=50000, total_minor=50000, counts=short)
        refuse(seat, body, "variance_unexplained")
        closed = seat.post({**body, "reason": "one slip is torn"})
    finally:
        chain.run("update shop.tender set counted = false where kind = 'bank_card'")
    assert closed["tenders_counted"] == [{"tender": "bank_card", "counted_minor": 340, "expected_minor": 350}]


def test_a_gap_needs_a_reason_and_a_wide_one_a_second_person(seat: Seat, chain: SmallChain) -> None:
    before = standing(chain)
    small = seat.document("shift_close", counted_minor=49900, total_minor=49900)
    refuse(seat, small, "variance_unexplained")
    wide = {**small, "counted_minor": 49899, "total_minor": 49899, "reason": "no idea"}
    refuse(seat, wide, "approval_needed", permission="shift_variance")
    assert standing(chain) == before

    closed = seat.post(wide, seat.approved(wide))

    assert (closed["over_short_minor"], closed["approved_by"]) == (-101, chain.managers[0])
    read = report(seat)
    assert (read["reason"], read["counted_minor"], read["expected_minor"]) == ("no idea", 49899, 50000)
    assert part(read, "recount") == {"cash": (1, None)}


def test_the_drawer_of_a_busy_day_may_be_approved_by_whose_limit_is_small(chain: SmallChain) -> None:
    seat = chain.open_seat()
    seat.post(moved(seat, "cash_in", 900000))
    chain.run("update sec.permission set limit_minor = 500 where duty = 'manager' and permission = 'approve'")
    try:
        body = seat.document("shift_close", counted_minor=949000, total_minor=949000, reason="ten gone")
        assert seat.post(body, seat.approved(body))["over_short_minor"] == -1000
    finally:
        chain.run(
            "update sec.permission set limit_minor = null where duty = 'manager' and permission = 'approve'"
        )


def test_whoever_may_not_know_reads_no_sums_until_the_drawer_is_closed(seat: Seat, chain: SmallChain) -> None:
    seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    manager = chain.seat(drawer=seat.drawer, staff=chain.managers[0])

    blind, seen = report(seat), report(manager, seat.shift)

    assert blind["expected_minor"] is None
    assert seen["expected_minor"] == 50350
    assert [row["total_minor"] for row in blind["kinds"]] == [None]
    assert [row["amount_minor"] for row in blind["tenders"]] == [None]
    assert not {"paid", "tax", "points", "stored"} & blind["parts"].keys()
    assert "50350" not in str(blind)
    assert "350" not in str(blind["parts"])
    seat.done("shift_close", counted_minor=50350, total_minor=50350)
    closed = report(seat)
    assert (closed["expected_minor"], part(closed, "paid")) == (50350, {"sale": (1, 350)})
    assert closed["heads"]
    assert closed["receipts"][0]["count"] == 3


def test_prints_are_numbered_and_old_ones_found(chain: SmallChain) -> None:
    seat = chain.open_seat(SOUTH)
    assert [report(seat, call="shift_print")["print"] for _ in range(3)] == [1, 2, 3]
    seat.done("shift_close", counted_minor=50000, total_minor=50000)
    assert [report(seat, call="shift_print")["print"] for _ in range(2)] == [1, 2]
    first = seat.shift
    seat.open_shift()
    seat.done("shift_close", counted_minor=50000, total_minor=50000)
    beside = chain.seat(SOUTH)
    assert seat.shift in listed(beside, "2, null, 9")
    assert {first, seat.shift} <= listed(beside, "null, api.business_day(), 50")
    assert listed(beside, "99999, null, 9") == set()
    assert listed(beside, "null, null, 1") == {seat.shift}
    assert listed(beside, f"null, null, 1, '{seat.shift}'") == {first}
    assert report(beside, first)["number"] == 1
    assert report(chain.seat(NORTH), first)["refused"] == "shift_missing"
    mine = chain.open_seat(SOUTH)
    assert report(beside, mine.shift)["refused"] == "shift_missing"


def removed(seat: Seat, product: int = MILK, **more: Any) -> dict[str, Any]:
    """A row of what was taken off a basket."""
    row = {"id": str(uuid.uuid4()), "session": seat.session, "at": "2026-11-21T10:00:00Z", "product": product}
    return {**row, "qty_milli": 1000, "value_minor": 1000, "why": "line", **more}


def test_what_was_taken_off_a_basket_rides_on_the_next_document_once(seat: Seat, chain: SmallChain) -> None:
    rows = [removed(seat), removed(seat, BREAD, why="basket", value_minor=350)]
    sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
    seat.done("sale", **sale, removed=rows)
    seat.done("sale", **sale, removed=rows)
    seat.done("shift_close", counted_minor=50700, total_minor=50700, removed=[removed(seat, why="left")])

    assert part(report(seat), "removed") == {"line": (1, 1000), "basket": (1, 350), "left": (1, 1000)}
    whose = chain.rows(
        "select distinct staff from ledger.removed where id = any (%s::uuid[])", [r["id"] for r in rows]
    )
    assert whose == [(seat.staff,)]
    assert chain.rows("select * from ledger.verify() where what <> 'card'") == []


def test_whose_hand_it_was_is_not_for_another_terminal_to_say(seat: Seat, chain: SmallChain) -> None:
    other = chain.seat(staff=chain.managers[0])
    mine, theirs = chain.session(chain.managers[1], seat.terminal), other.session
    sold = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
    rows = [removed(seat, session=mine), removed(seat, session=theirs)]
    refuse(seat, seat.document("sale", **sold, removed=rows), "removed_wrong", row=2)

    seat.done("sale", **sold, removed=rows[:1])
    whose = chain.rows("select staff from ledger.removed where id = %s::uuid", rows[0]["id"])
    assert whose == [(chain.managers[1],)]


@pytest.mark.parametrize(
    "bad", [{"session": 10**9}, {"product": 999}, {"qty_milli": 0}, {"value_minor": -1}, {"why": "because"}]
)
def test_a_row_that_is_none_is_refused(seat: Seat, bad: dict[str, Any]) -> None:
    rows = [removed(seat), removed(seat, **bad)]
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350, removed=rows)
    refuse(seat, body, "removed_wrong", row=2)


def test_what_to_ask_a_person_about_is_counted_by_person_and_of_the_own_stores_only(
    chain: SmallChain,
) -> None:
    seat = chain.open_seat(SOUTH, staff=chain.person("cashier", SOUTH))
    rows = [removed(seat), removed(seat, BREAD, value_minor=300)]
    line = {**BREAD_LINE, "price_minor": 300, "value_minor": 300, "total_minor": 300}
    sale = seat.done("sale", lines=[line], tenders=[cash(300)], total_minor=300, removed=rows)
    seat.done("reversal", of=sale["id"], reason="mistake", total_minor=300)
    seat.done("no_sale", reason="change")

    def seen(by: Seat) -> dict[str, tuple[int, int]]:
        number = chain.value("select number from sec.staff where id = %s", seat.staff)
        query = (
            "select what, count(*), sum(amount_minor)::bigint from api.till_events"
            " where staff_number = %s group by what"
        )
        found: list[tuple[Any, ...]] = by.connection.execute(query, (number,)).fetchall()
        return {str(what): (int(count), int(amount)) for what, count, amount in found}

    assert seen(seat) == {"removed": (2, 1300), "void": (1, 300), "no_sale": (1, 0)}
    assert seen(chain.seat(NORTH)) == {}
    table = till_events(seat.connection, TurnoverAsked(Period.TODAY), asked_by="x").table()
    paged: list[tuple[Any, ...]] = []
    after, ended = None, False
    while not ended:
        page = till_events(seat.connection, TurnoverAsked(Period.TODAY, after=after, most=2), asked_by="x")
        assert page.table().total == table.total
        paged += page.table().rows
        after, ended = page.following, not page.more
    assert tuple(paged) == table.rows
    mine = [row for row in table.rows if str(row[1]).endswith(str(chain.value(
        "select number from sec.staff where id = %s", seat.staff)))]  # fmt: skip
    assert sorted((row[2], row[3], row[4]) for row in mine) == [
        ("no_sale", 1, 0), ("removed", 2, 1300), ("void", 1, 300)
    ]  # fmt: skip
