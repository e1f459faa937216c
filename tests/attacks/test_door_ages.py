"""Goods with a least age leave the shop only where somebody asked; every counter learns of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import NORTH, RICE, Seat, SmallChain, cash, line

PUT = "select api.product_care_put(%s::int, %s::int, %s::text)"


def rice(seat: Seat, **parts: Any) -> dict[str, Any]:
    """Something that is for adults while this test runs."""
    price = seat.call("select (api.find_product('RICE'))->'price_minor'")
    body = {"lines": [line(1, RICE, 1000, price, price)], "tenders": [cash(price)], "total_minor": price}
    return seat.document("sale", **body | parts)


def test_nobody_asked_too_young_or_no_number(seat: Seat, chain: SmallChain) -> None:
    chain.run("update shop.product set min_age = 18 where id = %s", RICE)
    try:
        refuse(seat, rice(seat), "age_missing")
        refuse(seat, rice(seat, age_checked=16), "age_missing")
        refuse(seat, rice(seat, age_checked="18"), "malformed")
        refuse(seat, seat.document("no_sale", reason="x", age_checked=18), "unknown_key")
        assert "refused" not in seat.post(rice(seat, age_checked=18))
    finally:
        chain.run("update shop.product set min_age = null where id = %s", RICE)
    assert "refused" not in seat.post(rice(seat))  # control


def test_only_who_keeps_the_catalogue_sets_it_and_every_counter_learns_it(
    seat: Seat, chain: SmallChain
) -> None:
    assert seat.call(PUT, RICE, 18, "heavy")["refused"] == "not_permitted"
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'catalog') on conflict do nothing"
    )
    office = chain.seat(NORTH, staff=chain.managers[0])
    before = office.call("select api.catalogue(null, null, 0, 2000)")
    assert RICE not in {row[0] for row in before["care"]}
    try:
        assert office.call(PUT, RICE, 18, "heavy")["product"] == RICE
        changed = seat.call("select api.catalogue(%s, %s, 0, 2000)", before["epoch"], before["horizon"])
        assert [RICE, 18, "heavy"] in changed["care"]
        assert seat.call("select api.find_product('RICE')")["min_age"] == 18
    finally:
        office.call(PUT, RICE, None, None)
    changed = seat.call("select api.catalogue(%s, %s, 0, 2000)", before["epoch"], before["horizon"])
    assert RICE in {row[0] for row in changed["products"]}
    assert changed["care"] == []


@pytest.mark.parametrize("values", [(0, None), (100, None), (None, "\x1b[2J")])
def test_what_is_no_age_and_no_text(
    seat: Seat, chain: SmallChain, values: tuple[int | None, str | None]
) -> None:
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'catalog') on conflict do nothing"
    )
    office = chain.seat(NORTH, staff=chain.managers[0])
    assert office.call(PUT, RICE, *values)["refused"] in {"malformed", "unclean_text"}
