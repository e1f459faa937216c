"""Promotions for members born in this month and for new ones: nobody else has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.coupons import line, sale
from tests.promotions import local_now, publish
from tests.refusals import refuse
from tests.small_chain import BREAD, Card, Seat, SmallChain, off


def loaves() -> list[dict[str, Any]]:
    return [line(1, BREAD, 4000, 350, 1400)]


def born(chain: SmallChain, card: Card, month: int, calendar: str = "solar") -> None:
    chain.run(
        "insert into shop.personal(member, birth_calendar, birth_year, birth_month, birth_day)"
        " select member, %s, 1990, %s, 5 from shop.wallet where id = %s",
        calendar, month, card.wallet,
    )  # fmt: skip


def take(seat: Seat, rule: int, wallet: int | None) -> dict[str, Any]:
    named = {} if wallet is None else {"wallet": wallet}
    return sale(seat, loaves(), [off(1, "promotion", 140, rule, 1)], **named)


def test_a_birthday_is_in_this_month_by_the_sun(seat: Seat, chain: SmallChain) -> None:
    rule = publish(chain, {"kind": "percent", "rate_bp": 1000, "birth_month": True})
    month = local_now().month
    mine, other, moon, unknown = (chain.card(seat) for _ in range(4))
    born(chain, mine, month)
    born(chain, other, (month + 5) % 12 + 1)
    born(chain, moon, month, "lunar")
    for card in (other, moon, unknown):
        refuse(seat, take(seat, rule, card.wallet), "promotion_refused", why="birthday")
    refuse(seat, take(seat, rule, None), "promotion_refused", why="no_member")
    assert "refused" not in seat.post(take(seat, rule, mine.wallet))


def test_new_members_are_new_for_so_many_days(seat: Seat, chain: SmallChain) -> None:
    rule = publish(chain, {"kind": "percent", "rate_bp": 1000, "joined_days": 30})
    fresh, old = chain.card(seat), chain.card(seat)
    for card, days in ((fresh, 30), (old, 33)):
        chain.run(
            "update shop.member set joined_at = %s where id = (select member from shop.wallet where id = %s)",
            local_now() - timedelta(days=days), card.wallet,
        )  # fmt: skip
    refuse(seat, take(seat, rule, old.wallet), "promotion_refused", why="joined")
    assert "refused" not in seat.post(take(seat, rule, fresh.wallet))
    member = chain.value("select member from shop.wallet where id = %s", old.wallet)
    assert seat.call("select api.attach_member(%s::bigint)", member)["member"]["joined_days"] == 33
