"""Selling while the line is away: by itself, said on every screen, and nothing that needs the server."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from huiyuan.domain.model.desk import Review
from huiyuan.screens.outage import send_again
from huiyuan.screens.result import ResultScreen
from huiyuan.screens.sale import SaleScreen
from huiyuan.screens.tendering import REPEAT_S
from tests.screens.fake_ledger import HOSTILE, NOON
from tests.screens.test_sale import MEMBER_CARD
from tests.screens.walk import Walk, walking


async def sell_offline(walk: Walk, *codes: str) -> None:
    """A cash sale with the line gone before the payment."""
    await walk.open_sale(*(codes or ("COLA",)))
    walk.fake.line_down = True
    await walk.press("f2", "enter")


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("zh_CN", ["已收款（离线）", "离线 OFFLINE", "离线 12:30 起：1 笔 3.50", "S01-1-000001"]),
        ("en", ["Paid, OFFLINE", "** OFFLINE **", "OFFLINE since 12:30: 1, 3.50", "S01-1-000001"]),
    ],
)
async def test_a_cash_sale_goes_on_without_a_key_more(lang: str, parts: list[str]) -> None:
    async with walking(lang=lang) as walk:
        await sell_offline(walk)
        assert walk.shows(*parts)
        assert walk.fits()
        (kept,) = walk.fake.door.unsettled()
        assert kept.offline_at is not None
        assert walk.fake.ledger.entries == {}


async def test_points_are_promised_and_nothing_of_the_card_is_spent() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2")
        walk.fake.line_down = True
        await walk.press("f3", "enter")
        assert walk.shows("断网时只收现金和银行卡", "没有入账")
        assert list(walk.fake.door.unsettled()) == []
        assert walk.shows("断线")
        await walk.press("f8")
        await asyncio.sleep(REPEAT_S + 0.05)
        await walk.press("enter")
        assert walk.shows("积分（待加入）")
        assert isinstance(walk.app.screen, ResultScreen)
        assert any("积分待网络恢复后加入" in row for row in walk.app.screen.slip.lines)
        (kept,) = walk.fake.door.unsettled()
        assert (kept.proofs, kept.wallet) == ((), 11)


async def test_what_is_typed_stays_when_the_line_comes_back_and_everything_is_sent() -> None:
    async with walking() as walk:
        await sell_offline(walk)
        await walk.past_result()
        await walk.type("12", enter=False)
        screen = walk.app.screen
        assert isinstance(screen, SaleScreen)
        send_again(screen, screen.shop)
        await walk.settle()
        assert walk.shows("离线 12:30 起", "12")
        walk.fake.line_down = False
        send_again(screen, screen.shop)
        await walk.settle()
        assert walk.shows("之前的 1 张单据已核对入账", "在线", "12")
        assert len(walk.fake.ledger.entries) == 1
        assert list(walk.fake.door.unsettled()) == []


async def test_nobody_signs_out_and_no_shift_is_closed_while_something_is_unsent() -> None:
    async with walking() as walk:
        await sell_offline(walk)
        await walk.past_result()
        await walk.press("escape")
        await walk.press("escape")
        assert walk.shows("断网销售 1 笔共 ¥3.50 尚未发送")
        await walk.press("ctrl+o")
        assert walk.shows("离线，未发送", "3.50")


async def test_without_the_line_the_card_of_a_member_is_not_read() -> None:
    async with walking() as walk:
        await sell_offline(walk)
        await walk.past_result()
        await walk.type(MEMBER_CARD)
        assert walk.shows("断网时也不能读会员卡")
        await walk.type("COLA")
        assert walk.shows("可口可乐")


@pytest.mark.parametrize(("lang", "said"), [("zh_CN", "小票价 ¥3.00"), ("en", "the slip says ¥3.00")])
async def test_what_differed_is_decided_with_a_reason(lang: str, said: str) -> None:
    async with walking(lang=lang) as walk:
        await walk.sign_in()
        facts = {"line": 1, "product": HOSTILE, "now": 350, "paper": 300}
        row = Review(UUID(int=7), 1, "price", -50, facts, "S01-1-000042", NOON, 300)
        walk.fake.desk.open_reviews = [row, replace(row, n=2, what="of a newer server")]
        await walk.press("ctrl+o")
        assert walk.shows("S01-1-000042", said)
        assert walk.fits()
        await walk.press("enter")
        await walk.type("seen")
        assert [each.n for each in walk.fake.desk.open_reviews] == [2]
