"""A day of coupons: one is used over a basket put aside, the sale earns others, everything comes back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from huiyuan.domain.model.coupon import code_from
from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.demo_coupons import CODES, seed_coupons
from huiyuan.screens.tendering import REPEAT_S
from tests import facts
from tests.cluster import Shop
from tests.days.test_first_day import CASHIER, counter
from tests.days.test_paying_day import until
from tests.screens.walk import Walk

CODE = code_from(CODES[0][0])


async def paid_in_cash(walk: Walk, until_shown: str) -> None:
    await walk.press("f2")
    await asyncio.sleep(REPEAT_S)
    await walk.press("enter")
    await until(walk, until_shown)


async def a_coupon_survives_the_basket_put_aside(walk: Walk) -> None:
    """Five bags of rice and a code; put aside, taken back, paid; the same code again is refused."""
    await walk.press("f2")
    await walk.type("5*RICE-5")
    await walk.type(CODE)
    await until(walk, "-10.00")
    await walk.press("ctrl+y", "h")
    await walk.type("忘带钱包")
    await until(walk, "已挂单")
    await walk.press("ctrl+y", "b", "enter")
    await until(walk, "-10.00")
    await paid_in_cash(walk, "纸券")
    await walk.past_result()
    await walk.type("5*RICE-5")
    await walk.type(CODE)
    await until(walk, "已被使用")


async def everything_comes_back(walk: Walk, receipt: str) -> None:
    """What becomes of the coupons is said before it is booked."""
    await walk.press("f9", "enter", "escape", "f7")
    await walk.type(receipt)
    await until(walk, "东北大米")
    await walk.press("f3")
    assert walk.shows("退回 1 张", "作废 2 张")
    await walk.press("f2")
    await walk.type("不合适")
    await until(walk, "第二人批准")
    await walk.type(facts.SUPERVISOR.number)
    await walk.type(facts.SUPERVISOR.pin)
    await until(walk, "已退")
    await walk.past_result()


async def test_a_day_of_coupons(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(shop.admin_url, autocommit=True) as connection:
        seed_coupons(connection, role=facts.TILL_3, index_key=DEMO_INDEX_KEY)
    async with counter(shop, tmp_path, monkeypatch) as walk:
        await walk.sign_in(CASHIER)
        await walk.press("f4")
        await walk.type("200")
        await walk.past_result()
        await a_coupon_survives_the_basket_put_aside(walk)
        sold = "select d.result->>'receipt' from ledger.document d where d.kind = 'sale'"
        ((receipt,),) = shop.rows(sold)
        papers = sorted(tmp_path.rglob("*-C[12].txt"))
        assert len(papers) == 2, "each coupon that was earned has a paper of its own"
        assert all("CP-" in each.read_text("utf-8") for each in papers)
        await everything_comes_back(walk, str(receipt))
    events = (
        "select what, count(*)::int from ledger.coupon_event e join ledger.document d on d.id = e.document"
    )
    assert sorted(shop.rows(f"{events} where d.kind <> 'coupon_issue' group by 1")) == [
        ("given_back", 1), ("issued", 2), ("used", 1), ("voided", 2),
    ]  # fmt: skip
    assert shop.rows("select count(*)::int from shop.held_sale h where h.ended is null") == [(0,)]
    assert shop.rows("select * from ledger.verify()") == []
