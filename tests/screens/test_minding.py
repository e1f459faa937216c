"""Goods with a least age and goods with a warning: asked once a basket, said at the scan, written down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huiyuan.domain.model.document import Document, SaleLine
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


def minded() -> FakeShop:
    fake = FakeShop()
    goods = fake.ledger.products
    goods[1] = replace(goods[1], min_age=18)
    goods[2] = replace(goods[2], min_age=18, warning="易碎")
    goods[4] = replace(goods[4], warning="冷藏")
    return fake


def last_sale(walk: Walk) -> Document:
    return list(walk.fake.ledger.entries.values())[-1].document


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
async def test_the_age_is_asked_once_a_basket_and_stands_in_the_document(lang: str) -> None:
    async with walking(minded(), lang) as walk:
        await walk.open_sale("TEA", "COLA")
        assert walk.name == "Confirm"
        assert walk.shows("18", "最低年龄" if lang == "zh_CN" else "Least age")
        await walk.press("enter")
        await walk.type("MILK")
        assert walk.name == "SaleScreen"
        assert walk.shows("易碎")
        await walk.press("f2", "enter")
        assert last_sale(walk).age_checked == 18
        await walk.past_result()
        await walk.type("COLA")
        assert walk.name == "Confirm"  # the next customer


async def test_who_is_too_young_leaves_the_line_and_it_is_written_down() -> None:
    async with walking(minded()) as walk:
        await walk.open_sale("TEA", "2*COLA")
        await walk.press("escape")
        assert walk.shows("已去掉", "168.00")
        await walk.press("f2", "enter")
        sale = last_sale(walk)
        assert [line.product for line in sale.lines if isinstance(line, SaleLine)] == [4]
        assert sale.age_checked is None
        assert [(row.product, row.qty_milli, row.why) for row in sale.removed] == [(1, 2000, "age")]


async def test_a_scan_is_no_answer_and_waits() -> None:
    async with walking(minded()) as walk:
        await walk.open_sale("COLA")
        walk.send("T", "E", "A", "enter")
        await walk.settle()
        assert walk.name in {"Confirm", "SaleScreen"}
        assert not walk.fake.ledger.entries


async def test_a_warning_is_said_at_every_scan() -> None:
    async with walking(minded()) as walk:
        await walk.open_sale("TEA")
        assert walk.shows("冷藏")


async def test_age_and_warning_are_set_at_the_price_check() -> None:
    fake = minded()
    async with walking(fake) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "m")
        await walk.type("RICE")
        await walk.press("f2")
        await walk.type("16")
        await walk.press("f3")
        await walk.type("重物")
        found = fake.ledger.products[3]
        assert (found.min_age, found.warning) == (16, "重物")
        assert walk.shows("满 16 岁", "重物")
