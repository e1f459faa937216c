"""A group order from its opening to the till, by keys: one leaves, the others buy at the group's price."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import psycopg
import pytest

from huiyuan.repositories.demo_rules import publish as publish_rule
from huiyuan.screens.tendering import REPEAT_S
from tests import facts
from tests.cluster import Shop
from tests.days.test_first_day import MANAGER, counter
from tests.days.test_paying_day import until
from tests.screens.walk import Walk

STAYS, LEAVES, LATE = "000003", "000004", "000006"
"""Members of the plain tier, whose price is the list's."""
TIERS: Final = ((2, "团购减一元", 100), (4, "团购减三元", 300))


def publish(shop: Shop) -> None:
    """Two series: so much off a litre of milk, ten in a sale, each with a litre of its own."""
    with psycopg.connect(shop.admin_url, autocommit=True) as connection:
        for _, name, off_minor in TIERS:
            goods = {"products": [facts.product_id(facts.MILK)], "per_sale": 10}
            body = {"kind": "off", "off_minor": off_minor, **goods}
            publish_rule(connection, "coupon", name, body, min_minor=1_000, term_days=30)


async def joins(walk: Walk, member: str, pieces: int) -> None:
    await walk.press("f2")
    await walk.type(member, enter=False)
    await until(walk, f" {member} ")
    await walk.press("enter")
    await until(walk, "1 至 10 件")
    await walk.type(str(pieces))
    await until(walk, f"已参团，{pieces} 件")


async def an_order_is_opened(walk: Walk) -> None:
    """Milk, organised by whoever stays, for a week, in two tiers."""
    await walk.press("ctrl+y", "4", "f2")
    await walk.type(facts.MILK)
    await until(walk, "谁是团长")
    await walk.type(STAYS, enter=False)
    await until(walk, f" {STAYS} ")
    await walk.press("enter", "enter")
    for pieces, name, _ in TIERS:
        await until(walk, name)
        await walk.press("enter")
        await walk.type(str(pieces))
        if pieces == TIERS[0][0]:
            await walk.press("f4")
    await walk.press("f2")
    await until(walk, "0 位会员共 0 件")


async def one_leaves_and_it_closes(walk: Walk) -> None:
    await joins(walk, STAYS, 2)
    await joins(walk, LEAVES, 2)
    assert walk.shows("2 位会员共 4 件", "每件 -¥3.00")
    await walk.press("down", "f4", "enter")
    await until(walk, "1 位会员共 2 件")
    assert walk.shows("每件 -¥1.00", "再有 2 件，每件 -¥3.00")
    await joins(walk, LATE, 1)
    await walk.press("f3", "enter")
    await until(walk, "2 位会员共得 3 张券")


async def each_buys_at_the_groups_price(walk: Walk) -> None:
    """Two litres at 12.50, each with a coupon of 1.00."""
    await walk.press("f2")
    await walk.type(f"2*{facts.MILK}")
    await walk.press("f7")
    await walk.type(STAYS, enter=False)
    await until(walk, f" {STAYS} ")
    await walk.press("enter")
    await until(walk, "¥25.00")
    for taken in ("¥24.00", "¥23.00"):
        await walk.press("ctrl+y", "u")
        await until(walk, "有效期至")
        if taken == "¥23.00":
            await walk.press("down")
        await walk.press("enter")
        await until(walk, taken)
    await walk.press("f2")
    await asyncio.sleep(REPEAT_S)
    await walk.press("enter")
    await until(walk, "已收款")


async def test_a_group_buys_milk(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(shop)
    async with counter(shop, tmp_path, monkeypatch) as walk:
        await walk.sign_in(MANAGER)
        await walk.press("f4")
        await walk.type("200")
        await walk.past_result()
        await an_order_is_opened(walk)
        await one_leaves_and_it_closes(walk)
        await walk.press("escape", "escape")
        await each_buys_at_the_groups_price(walk)
    held = "select m.number, count(*)::int, count(c.used_by)::int from shop.coupon c join shop.member m"
    assert shop.rows(f"{held} on m.id = c.holder group by 1 order by 1") == [(STAYS, 2, 2), (LATE, 1, 0)]
    sold = "select total_minor from ledger.document where kind = 'sale'"
    assert shop.rows(sold) == [(2300,)]
    assert shop.rows("select * from ledger.verify()") == []
