"""What a person sees when the line is cut in the middle of a sale: unknown, checking, and then the truth.

The real app on a real database behind a line that is cut; never a word of failure, and one sale.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.cluster import Shop
from tests.days.test_first_day import CASHIER, counter
from tests.faults.proxy import FaultKind, Proxy
from tests.screens.walk import Walk

CALLED_FAILED = re.compile(r"失败|出错|fail", re.IGNORECASE)
SALES = "select count(*), coalesce(sum(total_minor), 0) from ledger.document where kind = 'sale'"
POST = b"api.post"


async def ready_to_pay(walk: Walk) -> None:
    """Shift open, one drink in the basket, the payment on screen."""
    await walk.sign_in(CASHIER)
    await walk.press("f4")
    await walk.type("200")
    await walk.past_result()
    await walk.press("f2")
    await walk.type("COLA-330")
    await walk.press("f2")
    assert walk.shows("尚未收款")


async def until(walk: Walk, *parts: str, within_s: float = 15) -> list[str]:
    """Every screen seen until all `parts` stand on one."""
    seen: list[str] = []
    for _ in range(int(within_s * 20)):
        await asyncio.sleep(0.05)
        seen.append(walk.text)
        if all(part in seen[-1] for part in parts):
            return seen
    raise AssertionError(f"{parts} did not come:\n{seen[-1]}")


@pytest.mark.parametrize("kind", ["cut_before_request", "cut_during", "cut_before_answer"])
async def test_a_cut_in_the_middle_of_a_sale_is_unknown_and_then_one_sale(
    kind: FaultKind, shop: Shop, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter(shop, tmp_path, monkeypatch, line=proxy) as walk:
        await ready_to_pay(walk)
        proxy.arm(kind, match=POST)
        proxy.refuse_connections = True
        walk.send("enter")
        seen = await until(walk, "结果未知，正在核对", "正在核对")
        walk.send("enter", "enter")
        await asyncio.sleep(0.3)
        proxy.refuse_connections = False
        seen += await until(walk, "已收款", "在线")
        assert [text for text in seen if CALLED_FAILED.search(text)] == []
        assert [fault.kind for fault in proxy.happened] == [kind]
    assert shop.rows(SALES) == [(1, 300)]


async def test_a_line_that_stays_away_leaves_the_document_open_and_the_next_start_settles_it(
    shop: Shop, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter(shop, tmp_path, monkeypatch, line=proxy, patience_s=1) as walk:
        await ready_to_pay(walk)
        proxy.arm("cut_before_answer", match=POST)
        proxy.refuse_connections = True
        walk.send("enter")
        await until(walk, "结果仍未知", "F5")
        await walk.press("escape", "enter")
        assert walk.shows("请扫商品或会员卡")
    proxy.refuse_connections = False
    async with counter(shop, tmp_path, monkeypatch, line=proxy) as walk:
        assert walk.shows("之前的 1 张单据已核对入账")
    assert shop.rows(SALES) == [(1, 300)]
