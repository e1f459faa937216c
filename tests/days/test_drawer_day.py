"""A drawer's day by keys on a real database: a drop, a person switched over a basket, a no-sale, a count
that differs, counted again and approved by a second person, and the Z printed again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster import Shop
from tests.days.test_first_day import CASHIER, SUPERVISOR, counter
from tests.screens.walk import Walk


async def morning(walk: Walk) -> None:
    """300.00 into the drawer; a bottle is rung up and taken off again, the basket changes hands."""
    await walk.press("f4")
    await walk.type("300")
    await walk.past_result()
    await walk.press("f2")
    await walk.type("3*COLA-330")
    await walk.type("OIL-5")
    await walk.press("f4")
    assert walk.shows("可乐")
    await walk.press("ctrl+y", "w")
    await walk.type(SUPERVISOR)
    await walk.type(SUPERVISOR)
    assert walk.name == "SaleScreen"
    assert walk.shows("可乐", "已登录")
    await walk.press("f2", "enter")
    await walk.past_result()
    await walk.press("escape")


async def noon(walk: Walk) -> None:
    """100.00 to the safe, and a note changed for a neighbour."""
    await walk.press("f4")
    assert walk.shows("应有现金", "309.00")  # a supervisor may know
    await walk.press("f2", "2")
    await walk.type("100")
    await walk.type("现金太多")
    assert walk.shows("缴款入柜", "¥100.00")
    await walk.past_result()
    await walk.press("f3")
    await walk.type("给邻居换零钱")
    await walk.past_result()
    assert walk.shows("空开钱箱")
    await walk.press("escape")
    await walk.press("ctrl+y", "c")
    await walk.type(CASHIER)
    await walk.type(CASHIER)


async def evening(walk: Walk) -> None:
    """209.00 should be there, 194.00 are: more than a cashier closes alone."""
    await walk.press("f4")
    assert walk.shows("应有现金", "--")
    await walk.press("f4", "f3")
    await walk.type("190")
    assert walk.shows("实点与账面不符")
    await walk.press("1")
    for pieces in ("1", "1", "2", "", "", "4"):
        await walk.type(pieces)
    assert walk.shows("已点 ¥194.00")
    assert "209.00" not in walk.text
    await walk.press("f2", "2")
    await walk.type("多找了零钱")
    assert walk.shows("长短款超出您的权限")
    await walk.type(SUPERVISOR)
    await walk.type(SUPERVISOR)
    assert walk.shows("已交班，短款 ¥15.00", "第二人已批准")
    await walk.past_result()


async def test_a_drawer_from_float_to_a_second_z(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter(shop, tmp_path, monkeypatch) as walk:
        await walk.sign_in(CASHIER)
        await morning(walk)
        await noon(walk)
        await evening(walk)
        await walk.press("f4", "f8")
        assert walk.shows("历史班次", "-15.00")
        await walk.press("enter")
        await walk.settle()
    booked = "select kind, count(*) from ledger.document where kind <> 'opening_balance' group by kind"
    assert {str(kind): count for kind, count in shop.rows(booked)} == {
        "shift_open": 1, "sale": 1, "cash_drop": 1, "no_sale": 1, "shift_close": 1
    }  # fmt: skip
    taken_off = "select f.number, r.why, r.qty_milli from ledger.removed r join sec.staff f on f.id = r.staff"
    assert shop.rows(taken_off) == [(CASHIER, "line", 1000)]
    counted = "select x.facts->>'counted_minor' from sec.audit x where x.what = 'refused' order by x.id"
    assert [each for (each,) in shop.rows(counted)][:1] == ["19000"]
    zs = [
        path.read_text("utf-8")
        for path in sorted((tmp_path / "slips").rglob("*.txt"))
        if "交班单 (Z)" in path.read_text("utf-8")
    ]
    assert len(zs) == 2
    for z in zs:
        for part in ("缴款入柜 x1", "-100.00", "空开钱箱 x1", "删除商品 x1", "重新清点 x", "长短款", "-15.00",
                     "多找了零钱", "100.00 x1", "全店校验"):  # fmt: skip
            assert part in z, (part, z)
    assert sorted("补打次数" in z for z in zs) == [False, True]
    assert shop.rows("select * from ledger.verify()") == []
