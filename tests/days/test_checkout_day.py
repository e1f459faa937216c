"""A queue at the till, as a story: weighed apples, a wrapped gift, points that pay, a price signed by two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import facts
from tests.cluster import Shop
from tests.days.test_first_day import CASHIER, SUPERVISOR, counter
from tests.screens.walk import Walk

CARD = facts.PLAIN_CARD  # 200 points, 200.00


async def a_member_with_a_full_basket(walk: Walk) -> None:
    """Apples by the scale, nuts at the member's price, a gift wrapped: points, card and cash pay."""
    await walk.press("f2")
    await walk.type("1.235*APPLE-KG")
    await walk.type("NUT-200")
    await walk.type("WRAP")
    assert walk.shows("输入价格", "礼品包装")
    await walk.type("5")
    assert walk.shows("1.235 kg", "14.80", "*5.00", "合计  ¥49.70")
    await walk.type(CARD.number)
    assert walk.shows("-3.00", "合计  ¥46.70", "积分 200 (¥2.00)")
    await walk.press("f2")
    assert walk.shows("200 积分可抵", "¥2.00")
    await walk.press("f7")
    await walk.type("20", enter=False)
    await walk.press("f3")
    await walk.type("50")
    assert walk.shows("已收款，找零 ¥25.30", "本次积分")
    await walk.past_result()


async def a_dented_tin(walk: Walk) -> None:
    """The cashier types a price; a supervisor signs for it at this till."""
    await walk.type("SOY-500")
    await walk.press("f6")
    await walk.type("9")
    assert walk.shows("*9.00", "合计  ¥9.00")
    await walk.press("f2", "enter")
    assert walk.shows("超出你可偏离标价的幅度", "第二人")
    await walk.type(SUPERVISOR)
    await walk.type(SUPERVISOR)
    assert walk.shows("已收款")
    await walk.past_result()


async def the_nuts_come_back(walk: Walk) -> None:
    """Points, card and cash each get their share."""
    await walk.press("escape", "f7")
    await walk.type("S01-01-000002")
    await walk.press("down", "enter", "enter", "f2")
    await walk.type("不想要了")
    assert walk.shows("已退")
    await walk.past_result()


async def test_a_queue_at_the_till(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with counter(shop, tmp_path, monkeypatch) as walk:
        await walk.sign_in(CASHIER)
        await walk.press("f4")
        await walk.type("200")
        await walk.past_result()
        await a_member_with_a_full_basket(walk)
        await a_dented_tin(walk)
        await the_nuts_come_back(walk)

    tenders = "select method, amount from ledger.posting where demand = 'tender' order by document, n"
    assert shop.rows(tenders)[:4] == [("points", 200), ("stored", 2000), ("cash", 2470), ("cash", 900)]
    back = (
        "select p.method, p.amount from ledger.posting p join ledger.document d on d.id = p.document"
        " where d.kind = 'return' and p.demand in ('refund', 'redeem') order by p.method"
    )
    assert shop.rows(back) == [("cash", 1423), ("points", 115), ("points", 115), ("stored", 1152)]
    points = "select balance from ledger.account where wallet = %s and kind = 'points'"
    earned, given_back, taken = 46, 115, 26
    assert shop.rows(points, facts.wallet_id(CARD)) == [(earned + given_back - taken,)]
    typed = "select facts->>'approved_by' is not null from sec.audit where what = 'open_price' order by id"
    assert shop.rows(typed) == [(False,), (True,)]
    assert shop.rows("select * from ledger.verify()") == []
