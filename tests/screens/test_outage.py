"""Selling while the line is away: by itself, said on every screen, and nothing that needs the server."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from huiyuan.domain.model.desk import Review
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.screens.messages import NoLine, Overdue, Ticket
from huiyuan.screens.outage import send_again
from huiyuan.screens.reader_messages import CardOnReader
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


@pytest.mark.parametrize(
    ("lang", "noted", "paid"),
    [
        ("zh_CN", "会员卡 ..0001 已记下", ["积分（待加入）", "按会员等级", "读卡方式", "手工输入"]),
        (
            "en",
            "Card ..0001 is noted",
            ["Points, added later", "by tier", "Card read", "typed"],
        ),
    ],
)
async def test_without_the_line_the_card_of_a_member_is_noted_with_the_sale(
    lang: str, noted: str, paid: list[str]
) -> None:
    async with walking(lang=lang) as walk:
        await sell_offline(walk)
        await walk.past_result()
        await walk.type("MILK")
        await walk.type(MEMBER_CARD)
        assert walk.shows(noted)
        assert walk.fits()
        await walk.press("f5")
        assert "..0001" not in walk.text
        await walk.type(MEMBER_CARD)
        await walk.type("COLA")
        await walk.press("f2", "enter")
        assert walk.shows(*paid)
        assert isinstance(walk.app.screen, ResultScreen)
        assert any("0001" in row for row in walk.app.screen.slip.lines)
        later = "积分待网络恢复后加入" if lang == "zh_CN" else "points will be added"
        assert later in walk.app.screen.slip.lines
        kept = walk.fake.door.unsettled()[-1]
        (proof,) = kept.proofs
        assert (kept.wallet, proof.wallet, proof.token_kind, proof.source) == (None, None, "number", "typed")


async def test_what_is_likelier_goods_or_a_telephone_is_no_card() -> None:
    async with walking() as walk:
        await sell_offline(walk)
        await walk.past_result()
        for text in ("6901234567892", "13812345678", "HAMMERS", "ab"):
            assert "此处查不到" not in walk.text, text
            await walk.type(text)
            assert walk.shows("此处查不到")
            screen = walk.app.screen
            assert isinstance(screen, SaleScreen)
            assert screen.cart.noted is None, text
            await walk.press("escape", "f2")


async def test_a_card_on_the_reader_is_noted_with_all_that_was_read_of_it() -> None:
    async with walking() as walk:
        await sell_offline(walk)
        await walk.past_result()
        walk.app.screen.post_message(
            CardOnReader(PresentedCard((("ndef", "88000001"), ("uid", "04A1B2C3")), "ntag"))
        )
        await walk.settle()
        await walk.type("COLA")
        await walk.press("f2", "enter")
        kept = walk.fake.door.unsettled()[-1]
        assert [(each.token_kind, each.source) for each in kept.proofs] == [("ndef", "chip"), ("uid", "chip")]


async def test_a_card_that_was_noted_is_shown_again_if_the_line_comes_back_before_the_payment() -> None:
    async with walking() as walk:
        await sell_offline(walk)
        await walk.past_result()
        await walk.type(MEMBER_CARD)
        await walk.type("MILK")
        walk.fake.line_down = False
        screen = walk.app.screen
        assert isinstance(screen, SaleScreen)
        send_again(screen, screen.shop)
        await walk.settle()
        await walk.press("f2")
        assert walk.shows("线路已恢复", "请重新出示会员卡")
        await walk.type(MEMBER_CARD)
        await walk.press("f2", "enter")
        assert list(walk.fake.door.unsettled()) == []
        assert list(walk.fake.ledger.entries.values())[-1].document.wallet == 11


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"why": "lost", "last": "0001", "member": "M0007", "points": 3, "source": "typed"},
            "M0007 的卡 ..0001",
        ),
        ({"why": "unknown", "points": 3, "source": "scanned"}, "查不到断网时读的卡"),
        ({"why": "member", "last": "0001", "member": "M0007"}, "会员 M0007"),
    ],
)
async def test_a_card_that_cannot_be_credited_is_shown_for_a_person_to_decide(
    facts: dict[str, object], said: str
) -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.fake.desk.open_reviews = [Review(UUID(int=7), 1, "card", None, facts, "S01-1-000042", NOON, 300)]
        await walk.press("ctrl+o")
        assert walk.shows("S01-1-000042", said)
        assert walk.fits()
        await walk.press("enter")
        await walk.type("补记")
        assert walk.fake.desk.open_reviews == []


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


async def test_what_nobody_asked_for_is_not_called_slow_while_the_status_line_says_offline() -> None:
    async with walking() as walk:
        await sell_offline(walk)
        await walk.past_result()
        screen = walk.app.screen
        assert isinstance(screen, SaleScreen)
        for subject, said in (("drain", False), ("hello", False), ("scan", True)):
            screen.generations[subject] = 70
            screen.post_message(NoLine(subject))
            await walk.settle()
            assert ("此处查不到，断网时也无法查询" in walk.text) is said
            screen.post_message(Overdue(Ticket(subject, 70)))
            await walk.settle()
            assert ("还没有答复" in walk.text) is said
