"""Group-buy orders by those who may not, of another store, and closed otherwise than they stand."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.coupons import by_coupon, new_code, sale
from tests.group_orders import (
    closing,
    group_order,
    join,
    joining,
    leaving,
    opened,
    read,
    series,
    standing_places,
)  # fmt: skip
from tests.refusals import refuse
from tests.small_chain import MILK, SOUTH, Seat, SmallChain, line, tax


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    return chain.seat(staff=chain.managers[0])


def every_call(seat: Seat, order: str, place: str, member: int) -> list[dict[str, Any]]:
    """What each of the calls answers."""
    rule = int(seat.chain.value("select min(rule) from shop.group_tier where group_order = %s", order))
    return [
        opened(seat, (2, rule)),
        joining(seat, order, member),
        leaving(seat, order, place),
        seat.call("select api.group_call_off(%s::uuid, 'for spite')", order),
        read(seat, order),
    ]


def test_without_the_permission_there_is_nothing(chain: SmallChain, desk: Seat) -> None:
    order, member = group_order(desk, (1, series(chain))), chain.member()
    place = join(desk, order, member)
    chain.run("insert into sec.duty(code, name) values ('no_groups', 'x') on conflict do nothing")
    chain.run("insert into sec.permission(duty, permission) values ('no_groups', 'coupon_issue')"
              " on conflict do nothing")  # fmt: skip
    stranger = chain.seat(staff=chain.person("no_groups", desk.store))
    answers = every_call(stranger, order, place, chain.member())
    answers.append(stranger.call("select api.group_orders(null::uuid, 10)"))
    assert [each.get("refused") for each in answers] == ["not_permitted"] * 6
    assert {each["facts"]["permission"] for each in answers} == {"group_order"}
    body = {**closing(desk, order), "session": stranger.session, "number": stranger.number + 1}
    refuse(stranger, body, "not_permitted", permission="group_order")
    assert standing_places(read(desk, order)) == [(member, 1)]
    assert "refused" not in desk.post({**body, "session": desk.session}), "the control"


def test_of_another_store_it_does_not_exist(chain: SmallChain, desk: Seat) -> None:
    order, member = group_order(desk, (1, series(chain))), chain.member()
    place = join(desk, order, member)
    south = chain.seat(SOUTH, staff=chain.managers[0])
    answers = every_call(south, order, place, chain.member())[1:]
    assert [each.get("facts") for each in answers] == [{"why": "unknown"}] * 4
    body = {**closing(desk, order), "session": south.session, "number": south.number + 1}
    refuse(south, body, "group_refused", why="unknown")
    refuse(desk, closing(desk, order, group_order=str(uuid.uuid4())), "group_refused", why="unknown")
    assert read(desk, order)["state"] == "open"


def test_only_the_codes_of_what_stands_close_it(chain: SmallChain, desk: Seat) -> None:
    small, large = series(chain, 50), series(chain, 100)
    order, ann, bob = group_order(desk, (2, small), (3, large)), chain.member(), chain.member()
    join(desk, order, ann, 1)
    refuse(desk, closing(desk, order), "group_refused", why="short", qty_milli=1000)
    join(desk, order, bob, 1)
    rows = closing(desk, order)["coupons"]

    def close(*codes: dict[str, Any], off_minor: int = 50) -> dict[str, Any]:
        return closing(desk, order, coupons=list(codes), total_minor=off_minor * len(codes))

    first, second = rows
    better = [{**row, "rule": large} for row in rows]
    for codes, face in (
        ((first,), 50),
        ((first, second, {**second, **new_code()}), 50),
        ((first, {**second, "holder": chain.member()}), 50),
        ((first, {**second, "holder": ann}), 50),
        (tuple(better), 100),
    ):
        refuse(desk, close(*codes, off_minor=face), "group_refused", why="places", qty_milli=2000)
    bearer = {key: value for key, value in second.items() if key != "holder"}
    refuse(desk, close(first, bearer), "group_refused", why="places")
    refuse(desk, desk.document("no_sale", reason="x", group_order=order), "unknown_key")
    assert "refused" not in desk.post(close(first, second)), "the control"
    refuse(desk, close({**first, **new_code()}, {**second, **new_code()}), "group_refused", why="closed")


def test_who_ended_an_order_ended_it(chain: SmallChain, desk: Seat) -> None:
    order = group_order(desk, (1, series(chain)))
    place = join(desk, order, chain.member())
    body = closing(desk, order)
    desk.call("select api.group_call_off(%s::uuid, 'for spite')", order)
    refuse(desk, body, "group_refused", why="called_off")
    for answer in every_call(desk, order, place, chain.member())[1:4]:
        assert answer["facts"] == {"why": "called_off"}


def test_a_terminal_writes_no_row_itself(desk: Seat) -> None:
    for table in ("group_order", "group_tier", "group_place"):
        denied = desk.chain.value("select has_table_privilege(%s, %s, 'select, insert, update, delete')",
                                  desk.role, f"shop.{table}")  # fmt: skip
        assert not denied


def test_the_groups_price_is_each_ones_own(chain: SmallChain, desk: Seat) -> None:
    rule, till = series(chain, 100), chain.open_seat()
    card = chain.card(till)
    member = int(chain.value("select member from shop.wallet where id = %s", card.wallet))
    order = group_order(desk, (2, rule))
    join(desk, order, member, 2)
    body = closing(desk, order)
    assert "refused" not in desk.post(body)
    one, two = (row["token"] for row in body["coupons"])
    held, taxes = {"wallet": card.wallet}, {"taxes": [tax("T13", 1300, 1800, 207)]}
    both = [by_coupon(1, 100, rule, token) for token in (one, two)]

    def bottles(count: int, **more: Any) -> dict[str, Any]:
        return sale(till, [line(1, MILK, count * 1000, 1000, count * 1000)], both, **more)

    refuse(till, bottles(2, **taxes), "coupon_refused", why="holder")
    refuse(till, bottles(1, **held, taxes=[tax("T13", 1300, 800, 92)]), "coupon_refused", why="least")
    sold = till.post(bottles(2, **held, **taxes))
    assert sold["total_minor"] == 1800, sold
