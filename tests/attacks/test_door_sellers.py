"""Who served a line: only who works here, once a line, and never for more than the whole of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import BREAD, BREAD_LINE, NORTH, SOUTH, Seat, SmallChain, cash, line


def served(seat: Seat, *rows: tuple[int, int, int], **parts: Any) -> dict[str, Any]:
    """A loaf of bread, and who served it: line, person, share."""
    sellers = [{"line": n, "staff": staff, "share_bp": share} for n, staff, share in rows]
    body = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350, "sellers": sellers}
    return seat.document("sale", **body | parts)


def test_shares_of_a_sale_and_of_what_came_back_stand_on_the_report(seat: Seat, chain: SmallChain) -> None:
    first, second = chain.person("cashier", NORTH), chain.person("cashier", NORTH)
    body = served(
        seat, (1, first, 6000), (1, second, 4000),
        lines=[line(1, BREAD, 2000, 350, 700, 700)], tenders=[cash(700)], total_minor=700,
    )  # fmt: skip
    sold = seat.post(body)
    assert "refused" not in sold, sold
    seat.done(
        "return",
        of=sold["id"],
        reason="broken",
        lines=[{"n": 1, "of": 1, "qty_milli": 1000}],
        total_minor=350,
    )
    seat.sign_in(chain.managers[0])
    parts = seat.ask("shift_report", seat.shift)["parts"]

    amounts = {row["code"].split()[0]: (row["count"], row["amount"]) for row in parts["seller"]}
    numbers = dict(chain.rows("select id, number from sec.staff where id = any(%s)", [first, second]))
    assert amounts == {numbers[first]: (2, 210), numbers[second]: (2, 140)}
    assert sum(row["amount"] for row in parts["cashier"]) == 350


def test_nobody_from_elsewhere_twice_for_nothing_or_for_more_than_the_whole(
    seat: Seat, chain: SmallChain
) -> None:
    here, elsewhere = chain.person("cashier", NORTH), chain.person("cashier", SOUTH)
    gone = chain.person("cashier", NORTH)
    chain.run("update sec.staff set active = false where id = %s", gone)
    for rows in (
        [(1, elsewhere, 10_000)], [(1, gone, 10_000)], [(1, 10**9, 10_000)], [(2, here, 10_000)],
        [(1, here, 0)], [(1, here, -5)], [(1, here, 10_001)], [(1, here, 5000), (1, here, 5000)],
        [(1, here, 9000), (1, chain.managers[0], 2000)],
    ):  # fmt: skip
        refuse(seat, served(seat, *rows), "seller_wrong")
    assert "refused" not in seat.post(served(seat, (1, here, 5000)))  # control: half of it is nobody's


@pytest.mark.parametrize("value", ["1", 1.5, True])
def test_a_share_is_a_whole_number(seat: Seat, chain: SmallChain, value: object) -> None:
    body = served(seat, (1, chain.managers[0], 10_000))
    for key in ("line", "staff", "share_bp"):
        row = {**body["sellers"][0], key: value}
        refuse(seat, {**body, "sellers": [row]}, "malformed")


def test_other_kinds_have_no_sellers(seat: Seat, chain: SmallChain) -> None:
    rows = [{"line": 1, "staff": chain.managers[0], "share_bp": 1}]
    body = seat.document("stock_receipt", stock=[], sellers=rows)
    refuse(seat, body, "section_not_allowed", section="sellers")
