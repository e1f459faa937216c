"""Baskets put aside between tills by keys, on a real database: till 1 puts one aside with a note, another
store never sees it, till 2 takes it and loses its power; till 1 cannot have it, and it is paid at till 2.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from huiyuan.repositories.demo_data import TERMINALS
from tests.cluster import Shop
from tests.days.test_first_day import CASHIER, MANAGER, SUPERVISOR, counter
from tests.screens.walk import Walk

TILL_1, TILL_2, OTHER_STORE = (each.role for each in TERMINALS[:3])


async def come(walk: Walk, who: str, float_yuan: str = "") -> None:
    """Signed in; with a float the shift is opened."""
    await walk.type(who)
    await walk.type(who)
    if float_yuan:
        await walk.press("f4")
        await walk.type(float_yuan)
        await walk.past_result()


async def put_aside(walk: Walk) -> None:
    """At till 1: three bottles and the oil, with a note."""
    await come(walk, CASHIER, "200")
    await walk.press("f2")
    await walk.type("3*COLA-330")
    await walk.type("OIL-5")
    await walk.press("ctrl+y", "h")
    await walk.type("红色外套")
    assert walk.shows("已挂单")


async def taken(walk: Walk) -> None:
    """At till 2: whose it is, what was noted, how long ago; then it is here."""
    await come(walk, SUPERVISOR, "100")
    await walk.press("f2", "ctrl+y", "b")
    assert walk.shows("红色外套", "陈小雨", "分钟")
    await walk.press("enter")
    assert walk.name == "SaleScreen"
    assert walk.shows("可乐", "花生油", "¥138.00")


async def not_again(walk: Walk) -> None:
    """At till 1: who has it is said, and it stays there."""
    await come(walk, CASHIER)
    await walk.press("f2", "ctrl+y", "b")
    assert walk.shows("红色外套", "02")
    await walk.press("enter")
    assert walk.name == "HeldScreen"
    assert walk.shows("红色外套", "挂单在 02 号机上")


async def paid(walk: Walk) -> None:
    """At till 2 after the cut: there it is."""
    await come(walk, SUPERVISOR)
    assert walk.name == "SaleScreen"
    assert walk.shows("已恢复", "¥138.00")
    await walk.press("f2", "enter")
    await walk.past_result()


async def test_a_basket_goes_from_till_to_till_and_outlives_a_power_cut(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, other, after_cut = (tmp_path / name for name in ("one", "two", "other", "after"))
    async with counter(shop, one, monkeypatch, role=TILL_1) as walk:
        await put_aside(walk)
    async with counter(shop, other, monkeypatch, role=OTHER_STORE) as walk:
        await come(walk, MANAGER)
        await walk.press("ctrl+y", "d")
        assert walk.name == "HeldScreen"
        assert "红色外套" not in walk.text
    async with counter(shop, two, monkeypatch, role=TILL_2) as walk:
        await taken(walk)
        shutil.copytree(two, after_cut)  # the disk as it is when the power goes
    async with counter(shop, one, monkeypatch, role=TILL_1) as walk:
        await not_again(walk)
    async with counter(shop, after_cut, monkeypatch, role=TILL_2) as walk:
        await paid(walk)

    sold = "select total_minor from ledger.document where kind = 'sale' and body->>'held' is not null"
    assert shop.rows(sold) == [(13_800,)]
    assert shop.rows("select ended from shop.held_sale") == [("settled",)]
    drawers = (
        "select a.balance from ledger.account a join sec.terminal t on t.drawer = a.drawer"
        " where a.kind = 'cash' and t.role = any (%s) order by t.role"
    )
    assert shop.rows(drawers, [TILL_1, TILL_2]) == [(20_000,), (10_000 + 13_800,)]
    assert shop.rows("select * from ledger.verify()") == []
