"""A basket whose sale was posted never comes back, whatever came late to the basket under the payment."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from huiyuan.repositories.reads import DatabaseReads
from tests.cluster import Shop
from tests.days.test_first_day import CASHIER, counter, morning
from tests.faults.test_walk_with_faults import SALES


@pytest.fixture
def late_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The answer about the rules lies on the line until this is set."""
    asked, arrived = DatabaseReads.rules, threading.Event()

    def rules(self: DatabaseReads) -> object:
        answer = asked(self)
        assert arrived.wait(20)
        return answer

    monkeypatch.setattr(DatabaseReads, "rules", rules)
    yield arrived
    arrived.set()


async def test_the_money_waits_for_the_rules_and_the_sold_basket_is_gone(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late_rules: threading.Event
) -> None:
    late_rules.set()
    async with counter(shop, tmp_path, monkeypatch) as walk:
        await walk.sign_in(CASHIER)
        await morning(walk)
        before = str(shop.rows(SALES)[0][0])
        late_rules.clear()
        await walk.press("escape")
        walk.send("f2", *"COLA-330", "enter", "f2")
        for _ in range(200):
            await asyncio.sleep(0.05)
            if walk.name == "SaleScreen" and walk.app.screen.paying:  # type: ignore[attr-defined]
                break
        assert walk.name == "SaleScreen", "F2 waits: without the rules the prices are not known"
        late_rules.set()
        await walk.settle()
        assert walk.name == "PaymentScreen", "and goes on by itself"
        await walk.type("20")
        assert walk.name == "ResultScreen"  # and the counter is gone with it, before the next customer
    async with counter(shop, tmp_path, monkeypatch) as walk:
        await walk.settle()
        await walk.type(CASHIER)
        await walk.type(CASHIER)
        assert walk.shows("上一笔销售已入账")
        assert "已恢复" not in walk.text
    assert (before, str(shop.rows(SALES)[0][0])) == ("1", "2")
