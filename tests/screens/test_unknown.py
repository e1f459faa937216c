"""After a cut the outcome is unknown, not failed: said so, kept, sent again, never rung up twice."""

from __future__ import annotations

import re

import pytest

from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import ParkedDocument
from tests.screens.fake_ledger import NOON
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking

CALLED_FAILED = re.compile(r"fail|失败|出错", re.IGNORECASE)


async def to_unknown(walk: Walk) -> None:
    """A sale whose answer never came."""
    await walk.open_sale("COLA")
    walk.fake.door.silent = True
    await walk.press("f2", "enter")


@pytest.mark.parametrize(
    ("lang", "banner", "mark"),
    [("zh_CN", "结果仍未知", "正在核对"), ("en", "Outcome still unknown", "CHECKING")],
)
async def test_the_screen_says_unknown_and_checking_and_never_failed(
    lang: str, banner: str, mark: str
) -> None:
    async with walking(lang=lang) as walk:
        await to_unknown(walk)
        assert walk.name == "PaymentScreen"
        assert walk.shows(banner, mark, "F5")
        assert not CALLED_FAILED.search(walk.text)
        assert walk.fits()


async def test_no_key_rings_it_up_again_or_changes_it() -> None:
    async with walking() as walk:
        await to_unknown(walk)
        await walk.press("enter", "enter", "f3", "f4", "f8", "enter")
        assert walk.name == "PaymentScreen"
        assert walk.fake.door.posts == 1
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1


async def test_checking_again_sends_the_same_document_and_shows_what_became_of_it() -> None:
    async with walking() as walk:
        await to_unknown(walk)
        await walk.press("f5")
        assert walk.shows("结果仍未知")
        walk.fake.door.silent = False
        await walk.press("f5")
        assert walk.shows("已收款", "在线")
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1
        await walk.past_result()
        assert walk.shows("上一笔 ¥3.50")


async def test_leaving_asks_empties_the_basket_and_home_settles_it() -> None:
    async with walking() as walk:
        await to_unknown(walk)
        await walk.press("escape")
        assert walk.shows("单据留在“待处理”并会重发。请勿重新收银。")
        await walk.press("enter")
        assert walk.name == "SaleScreen"
        assert walk.shows("请扫商品或会员卡", "请勿重新收银")
        await walk.press("escape")
        assert walk.shows("待处理", "1 张")
        await walk.press("ctrl+o")
        assert walk.shows("尚无答复", "3.50")
        walk.fake.door.silent = False
        await walk.press("f5")
        assert walk.shows("已核对 1 张", "全部已处理")
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1


async def test_what_is_open_is_shown_before_anybody_signs_in() -> None:
    fake = FakeShop()
    async with walking(fake) as walk:
        await to_unknown(walk)
        await walk.press("escape", "enter", "escape", "escape", "enter")
        assert walk.name == "SignInScreen"
        assert walk.shows("有 1 张单据没有答复或等待决定（F5）")
        await walk.press("f5")
        assert walk.shows("尚无答复")


async def test_a_parked_document_is_decided_by_name_and_note() -> None:
    async with walking() as walk:
        await to_unknown(walk)
        await walk.press("escape", "enter", "escape")
        document = walk.fake.door.unsettled()[0]
        walk.fake.door.unsent.clear()
        refused = Refused("card_not_active", {"state": "frozen", "wallet": 11})
        walk.fake.door.parked_documents = [ParkedDocument(document, refused.code, refused.facts, NOON)]
        await walk.press("ctrl+o")
        assert walk.shows("被拒，待决定", "此卡已冻结")
        await walk.press("enter")
        await walk.type("  ")
        assert walk.shows("需要填写原因")
        await walk.type("现金补收")
        assert walk.shows("已决定", "全部已处理")


async def test_a_dead_line_before_sending_books_nothing_and_says_so() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f3")
        await walk.type("88000001")
        await walk.type("500", enter=False)
        await walk.press("enter")
        walk.fake.line_down = True
        await walk.type("600")
        assert walk.shows("断线", "没有发出，也没有入账")
        assert list(walk.fake.door.unsettled()) == []
        walk.fake.line_down = False
        await walk.press("enter")
        await walk.type("600")
        assert walk.shows("已收款，找零 ¥100.00。")
        assert len(walk.fake.ledger.of_kind(Kind.TOP_UP)) == 1


async def test_a_dead_line_while_scanning_keeps_the_basket() -> None:
    async with walking(FakeShop(goods_here=False)) as walk:
        await walk.open_sale("COLA")
        walk.fake.line_down = True
        await walk.type("MILK")
        assert walk.shows("断线", "可口可乐")
        walk.fake.line_down = False
        await walk.type("MILK")
        assert walk.shows("纯牛奶", "在线")


async def test_the_shift_stays_open_until_the_sale_without_an_answer_is_settled() -> None:
    async with walking() as walk:
        await to_unknown(walk)
        await walk.press("escape", "enter", "escape", "f4", "f4")
        assert walk.name == "ClosingSheet"
        assert walk.shows("1 件事未了结")
        walk.fake.door.silent = False
        await walk.press("escape", "escape", "ctrl+o", "f5", "escape", "f4", "f4")
        assert walk.shows("请清点钱箱里的全部现金")
