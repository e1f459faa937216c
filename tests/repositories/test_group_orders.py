"""Group-buy orders through their calls: opened, joined, left, called off, read; each refusal in its word."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.group_orders import (
    closing,
    group_order,
    join,
    joining,
    leaving,
    opened,
    reached,
    read,
    series,
    standing_places,
)  # fmt: skip
from tests.promotions import publish
from tests.small_chain import BREAD, MILK, SOUTH, STAMP, Seat, SmallChain


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    """Whoever keeps these orders and gives coupons out."""
    return chain.seat(staff=chain.managers[0])


def why(answer: dict[str, Any], word: str, **facts: object) -> None:
    assert answer.get("refused") == "group_refused", answer
    assert answer["facts"] == {"why": word, **facts}


def called_off(seat: Seat, order: str, reason: str = "nobody came") -> dict[str, Any]:
    answer: dict[str, Any] = seat.call("select api.group_call_off(%s::uuid, %s)", order, reason)
    return answer


def listed(seat: Seat, after: str | None = None, most: int = 200) -> list[str]:
    rows = seat.call("select api.group_orders(%s::uuid, %s::int)", after, most)
    return [row["id"] for row in rows]


def traces(chain: SmallChain, newest: int) -> list[str]:
    found = chain.rows("select what from sec.audit where id > %s order by id", newest)
    return [what for (what,) in found]


def newest_trace(chain: SmallChain) -> int:
    return int(chain.value("select coalesce(max(id), 0) from sec.audit"))


def test_who_leaves_breaks_nothing_and_the_tier_follows(chain: SmallChain, desk: Seat) -> None:
    small, large = series(chain, 50), series(chain, 100)
    order = group_order(desk, (2, small), (5, large))
    ann, bob, eve = (chain.member() for _ in range(3))
    first = join(desk, order, ann, 2)
    leaver = join(desk, order, bob, 3)
    found = read(desk, order)
    assert (found["state"], found["members"], found["qty_milli"]) == ("open", 2, 5000)
    assert (reached(found) or {})["rule"] == large

    left = leaving(desk, order, leaver)

    assert (reached(left) or {})["rule"] == small
    assert standing_places(left) == [(ann, 2)]
    assert [(each["place"], each["left_at"] is None) for each in left["places"]] == [
        (first, True), (leaver, False),
    ]  # fmt: skip
    join(desk, order, eve, 1)
    again = join(desk, order, bob, 2)  # whoever left may come back, as a new place
    assert standing_places(read(desk, order)) == [(ann, 2), (eve, 1), (bob, 2)]
    assert again != leaver
    answer = desk.post(closing(desk, order))
    assert "refused" not in answer, answer
    found = read(desk, order)
    assert (found["state"], found["receipt"]) == ("closed", answer["receipt"])
    given = chain.rows(
        "select holder, count(*), min(rule), max(rule) from shop.coupon where issued_by = %s group by 1"
        " order by 1", answer["id"],
    )  # fmt: skip
    assert given == [(ann, 2, large, large), (bob, 2, large, large), (eve, 1, large, large)]
    assert chain.rows("select * from ledger.verify_group_orders()") == []


def test_every_edit_is_on_record_and_the_same_one_again_changes_nothing(
    chain: SmallChain, desk: Seat
) -> None:
    newest, id, place, member = newest_trace(chain), uuid.uuid4(), uuid.uuid4(), chain.member()
    rule = series(chain)
    for _ in range(2):
        assert opened(desk, (2, rule), id=id)["id"] == str(id)
    for _ in range(2):
        assert standing_places(joining(desk, str(id), member, 2, place)) == [(member, 2)]
    for _ in range(2):
        assert standing_places(leaving(desk, str(id), str(place))) == []
    assert called_off(desk, str(id))["state"] == "called_off"
    assert traces(chain, newest) == ["group_order", "group_place", "group_place", "group_order"]
    why(called_off(desk, str(id)), "called_off")


def test_an_order_that_nobody_could_close_is_not_opened(chain: SmallChain, desk: Seat) -> None:
    rule, now = series(chain), datetime.now(UTC)
    why(opened(desk, (2, rule), product=BREAD), "product")  # sold by weight
    why(opened(desk, (2, rule), product=99), "product")
    why(opened(desk, (2, rule), organiser=10**9), "member")
    for end in (now - timedelta(minutes=1), now + timedelta(days=400)):
        why(opened(desk, (2, rule), closes_at=end), "closes")
    why(opened(desk), "tiers")
    why(opened(desk, (2, rule), (3, rule)), "tiers")
    why(opened(desk, (1001, rule)), "tiers")
    for odd in ({"from_milli": 1500, "rule": rule}, {"rule": rule}, {"from_milli": 2000, "rule": "x"}, 7):
        why(opened(desk, tiers=Jsonb([odd])), "tiers")
    why(opened(desk, (2, rule), product=STAMP), "scope", rule=rule)
    gone = series(chain)
    chain.run("update shop.rule_version set valid_to = now() - interval '1 minute' where rule = %s", gone)
    why(opened(desk, (2, gone)), "series", rule=gone)
    elsewhere = series(chain)
    chain.run("update shop.rule_version set stores = array[%s] where rule = %s", SOUTH, elsewhere)
    why(opened(desk, (2, elsewhere)), "series", rule=elsewhere)
    promotion = publish(chain, {"kind": "amount", "off_minor": 10, "products": [MILK]})
    why(opened(desk, (2, promotion)), "series", rule=promotion)
    goods = series(chain, kind="goods", give_milli=1000)
    why(opened(desk, (2, goods)), "kind", rule=goods)
    bare = series(chain)
    chain.run("update shop.rule_version set min_minor = 0 where rule = %s", bare)
    why(opened(desk, (2, bare)), "least", rule=bare)
    assert opened(desk, (2, rule), note="a\u202eb")["refused"] == "unclean_text"
    assert opened(desk, (2, rule), note="for the school")["note"] == "for the school"


def test_a_place_that_could_not_be_kept_is_not_given(chain: SmallChain, desk: Seat) -> None:
    order, member = group_order(desk, (2, series(chain))), chain.member()
    for pieces in (0, -1, 1.5, 11):
        why(joining(desk, order, member, pieces), "pieces", qty_milli=10_000)
    why(joining(desk, order, 10**9), "member")
    why(joining(desk, str(uuid.uuid4()), member), "unknown")
    place = join(desk, order, member, 10)
    why(joining(desk, order, member), "joined")
    why(joining(desk, order, chain.member(), 1, place), "unknown")  # somebody else's place
    why(leaving(desk, group_order(desk, (2, series(chain))), place), "unknown")
    archived = chain.member()
    chain.run("update shop.member set archived_at = now() where id = %s", archived)
    why(joining(desk, order, archived), "member")
    chain.run("update shop.group_order set opened_at = now() - interval '2 h', closes_at = now()"
              " where id = %s", order)  # fmt: skip
    why(joining(desk, order, chain.member()), "over")
    assert read(desk, order)["over"]
    assert standing_places(leaving(desk, order, place)) == []  # to leave it is never too late


def test_an_order_holds_a_thousand_pieces(chain: SmallChain, desk: Seat) -> None:
    order = group_order(desk, (2, series(chain, per_sale=9999)))
    join(desk, order, chain.member(), 999)
    why(joining(desk, order, chain.member(), 2), "full", qty_milli=1_000_000)
    join(desk, order, chain.member(), 1)


def test_two_members_who_became_one_keep_their_places(chain: SmallChain, desk: Seat) -> None:
    order, stays, goes = group_order(desk, (2, series(chain))), chain.member(), chain.member()
    join(desk, order, stays, 1)
    join(desk, order, goes, 2)
    merges = [{"member": goes, "kept": stays}]
    chain.seat(staff=chain.managers[1]).done_by_two(
        "member_merge", merges=merges, reason="one person", total_minor=0
    )
    assert standing_places(read(desk, order)) == [(stays, 1), (stays, 2)]
    answer = desk.post(closing(desk, order))
    assert "refused" not in answer, answer
    assert chain.value("select count(*) from shop.coupon where holder = %s", stays) == 3


def test_the_list_is_read_by_the_page_and_by_its_own_store(chain: SmallChain, desk: Seat) -> None:
    rule = series(chain)
    orders = [group_order(desk, (1, rule)) for _ in range(5)]
    soon = opened(desk, (1, rule), closes_at=datetime.now(UTC) + timedelta(hours=1))["id"]
    called_off(desk, orders[0])
    called_off(desk, orders[1])
    whole = listed(desk)
    mine = [each for each in whole if each in {*orders, soon}]
    assert mine == [soon, *orders[2:], orders[1], orders[0]]
    pages, after = [], None
    while page := listed(desk, after, 2):
        pages += page
        after = page[-1]
    assert pages == whole
    other = chain.seat(SOUTH, staff=chain.managers[0])
    assert not set(listed(other)) & set(whole)
