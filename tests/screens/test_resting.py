"""A membership that is frozen is said the moment its card is read, and the sale goes on without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from huiyuan.domain.model.card import Balances, CardState, Rest
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import walking

FROZEN = Rest("李娜", "frozen", datetime(2026, 11, 20, 3, tzinfo=UTC), "江南店")
MEMBER_CARD = "88000001"


def freeze(fake: FakeShop, number: str = MEMBER_CARD) -> None:
    card = next(each for each in fake.ledger.cards if each.number == number)
    card.rest = FROZEN
    assert card.member is not None
    fake.card_book.rests[card.member.id] = FROZEN
    fake.life.states[card.member.id] = "frozen"


async def test_a_sale_says_it_at_the_card_and_goes_on_without_the_membership() -> None:
    async with walking() as walk:
        freeze(walk.fake)
        await walk.open_sale("MILK")
        before = walk.fake.trips
        await walk.type(MEMBER_CARD)
        assert walk.fake.trips == before + 1
        assert walk.shows("李娜 的会员资格已冻结（2026-11-20，江南店）", "本单可不带会员继续", "^Y k")
        assert "储值 ¥" not in walk.text
        await walk.press("f2", "enter")
        (sale,) = walk.fake.ledger.of_kind(Kind.SALE)
        assert (sale.wallet, sale.grants) == (None, ())


async def test_a_member_found_by_name_is_not_attached_either() -> None:
    async with walking() as walk:
        freeze(walk.fake)
        await walk.open_sale("MILK")
        await walk.type("ln", enter=False)
        await walk.press("f7", "enter")
        assert walk.shows("李娜 的会员资格已冻结", "本单可不带会员继续")
        await walk.press("f2", "enter")
        assert walk.fake.ledger.of_kind(Kind.SALE)[0].wallet is None


async def test_no_card_is_issued_on_it_and_no_fee_taken() -> None:
    async with walking() as walk:
        freeze(walk.fake)
        await walk.sign_in("2001")
        await walk.press("f5")
        await walk.type("88000003")
        await walk.type("李娜")
        assert walk.shows("李娜 的会员资格已冻结（2026-11-20，江南店）", "不能发卡", "^Y k")
        assert "F2" not in walk.text
        await walk.press("f2", "enter", "f4")
        assert walk.name == "CardIssueScreen"
        assert walk.fake.ledger.of_kind(Kind.CARD_ISSUE) == []
        await walk.press(*["backspace"] * 12)
        assert "已冻结" not in walk.text
        await walk.press("f2")
        assert len(walk.fake.ledger.of_kind(Kind.CARD_ISSUE)) == 1, "of nobody it is a bearer card"


async def test_who_froze_it_meanwhile_is_told_by_words_of_the_issue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("f5")
        await walk.type("88000003")
        facts = {"member": "M0001", "name": "李娜", "state": "cancelled"}

        def refuse(*_parts: object, **_more: object) -> None:
            raise Refused("member_not_active", facts)

        monkeypatch.setattr(walk.fake.ledger, "post", refuse)
        await walk.press("f2")
        assert walk.shows("李娜 的会员资格已取消", "仍是空白卡", "^Y k")
        assert "销售" not in walk.text


async def test_the_desk_of_a_blank_card_issues_it() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "y")
        await walk.type("88000003")
        assert walk.shows("空白卡", "F2", "激活后 12 个月")
        await walk.press("f3")
        assert walk.name == "CardScreen"
        assert walk.shows("激活后 12 个月")
        await walk.press("escape", "f2")
        assert walk.name == "CardIssueScreen"
        assert walk.shows("88000003", "¥10.00")


async def test_nothing_is_asked_of_a_top_up_and_a_debt_may_be_paid() -> None:
    async with walking() as walk:
        freeze(walk.fake)
        card = walk.fake.ledger.cards[0]
        card.balances = replace(card.balances, credit=-5000, credit_limit=9000)
        await walk.sign_in()
        await walk.press("f3")
        await walk.type(MEMBER_CARD)
        assert walk.shows("李娜 的会员资格已冻结", "（会员页 ^Y k）不能存", "F7")
        assert walk.app.screen.focused is not None
        assert walk.app.screen.focused.id == "card"
        await walk.press("f7")
        assert walk.shows("还款", "不能积分、消费或存入", "欠款", "¥50.00")
        assert walk.app.screen.focused is not None
        assert walk.app.screen.focused.id == "amount"


async def test_a_card_that_was_only_issued_is_activated_from_the_desk() -> None:
    async with walking() as walk:
        card = next(each for each in walk.fake.ledger.cards if each.number == "88000005")
        card.state, card.wallet, card.balances = CardState.ISSUED, 77, Balances()
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "y")
        await walk.type("88000005")
        assert walk.shows("激活", "已发未激活")
        await walk.press("enter")
        assert walk.name == "ActivationScreen"
        await walk.press("enter", "enter", "escape")
        assert walk.name == "CardLifeScreen"
        assert walk.shows("正常", "挂失")
        assert [each.now for each in walk.fake.ledger.of_kind(Kind.CARD_ACTIVATION)[0].cards] == ["active"]
