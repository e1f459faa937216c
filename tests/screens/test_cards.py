"""Cards at the counter: topping up, issuing, activating, setting the PIN."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input

from huiyuan.domain.model.card import CardState, OpenedCard
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.passes import CardTerms
from tests.screens.fake_ledger import PIN_TRIES, FakeCard
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def at(walk: Walk, key: str) -> None:
    await walk.sign_in()
    await walk.press(key)


async def test_a_top_up_shows_its_bonus_before_anybody_pays_and_takes_cash() -> None:
    async with walking() as walk:
        await at(walk, "f3")
        await walk.type("88000001")
        await walk.type("500", enter=False)
        assert walk.shows("李娜 金卡", "充值", "¥500.00", "赠送", "¥50.00", "充后余额", "¥920.00")
        await walk.press("enter")
        await walk.type("600")
        assert walk.shows("已收款，找零 ¥100.00。", "储值余额", "¥920.00")
        document = walk.fake.ledger.of_kind(Kind.TOP_UP)[0]
        assert [(t.kind, t.amount_minor, t.given_minor) for t in document.tenders] == [("cash", 50000, 60000)]
        assert document.grants[0].amount == 5000


async def test_a_top_up_below_the_rule_has_no_bonus_and_goes_by_bank_card() -> None:
    async with walking() as walk:
        await at(walk, "f3")
        await walk.type("88000001")
        await walk.type("100", enter=False)
        assert walk.shows("¥0.00")
        await walk.press("f4")
        await walk.type("B77")
        document = walk.fake.ledger.of_kind(Kind.TOP_UP)[0]
        assert [(t.kind, t.reference) for t in document.tenders] == [("bank_card", "B77")]
        assert document.grants == ()


async def test_too_little_cash_is_said_and_nothing_is_booked() -> None:
    async with walking() as walk:
        await at(walk, "f3")
        await walk.type("88000001")
        await walk.type("100")
        await walk.type("50")
        assert walk.shows("¥50.00 少于 ¥100.00")
        assert walk.fake.ledger.of_kind(Kind.TOP_UP) == []


async def test_money_never_goes_to_a_card_that_no_longer_stands_in_the_field() -> None:
    async with walking() as walk:
        await at(walk, "f3")
        await walk.type("88000001")
        await walk.type("100", enter=False)
        await walk.press("shift+tab", "backspace", "f2")
        assert walk.name == "TopUpScreen"
        assert "李娜" not in walk.text
        assert walk.fake.ledger.of_kind(Kind.TOP_UP) == []


@pytest.mark.parametrize(
    ("key", "number", "said"),
    [("f3", "88000002", "此卡已冻结。没有入账。"), ("f5", "88000001", "此卡正常，不能这样操作")],
    ids=["a frozen card takes no money", "an active card is not issued again"],
)
async def test_a_card_for_which_it_is_not_is_refused_in_words(key: str, number: str, said: str) -> None:
    async with walking() as walk:
        await at(walk, key)
        await walk.type(number)
        assert walk.shows(said)


class OfAnotherType(FakeCard):
    """A card whose type earns points and holds no money, in another hand than its wallet's."""

    def opened(self) -> OpenedCard:
        return replace(super().opened(), holder="王芳", terms=CardTerms(functions=("points",)))


async def test_a_type_without_stored_value_is_told_before_anybody_pays() -> None:
    fake = FakeShop()
    first = fake.ledger.cards[0]
    fake.ledger.cards[0] = OfAnotherType(first.id, first.number, first.state, first.wallet, first.member)
    async with walking(fake) as walk:
        await at(walk, "f3")
        await walk.type("88000001")
        assert walk.shows("该类型的卡没有此项功能")
        await walk.type("100")
        assert walk.name == "TopUpScreen", "nobody is asked for money"
        assert fake.ledger.of_kind(Kind.TOP_UP) == []


async def test_a_sale_names_who_holds_the_card_and_whose_wallet_it_is() -> None:
    fake = FakeShop()
    fake.open_shift()
    first = fake.ledger.cards[0]
    fake.ledger.cards[0] = OfAnotherType(first.id, first.number, CardState.ACTIVE, first.wallet, first.member)
    async with walking(fake) as walk:
        await walk.open_sale("MILK", "88000001")
        assert walk.shows("王芳 (李娜) 金卡")
        await walk.press("f2")
        assert walk.shows("收款", "王芳 (李娜)")


async def test_the_holder_of_a_card_is_whoever_carries_it() -> None:
    fake = FakeShop()
    first = fake.ledger.cards[0]
    fake.ledger.cards[0] = OfAnotherType(first.id, first.number, CardState.ISSUED, first.wallet, first.member)
    async with walking(fake) as walk:
        await at(walk, "f6")
        await walk.type("88000001")
        assert walk.shows("王芳")
        assert "李娜" not in walk.text
        await walk.press("f9")
        assert walk.name == "CardScreen"
        assert walk.shows("王芳")


async def test_an_amount_that_is_none_is_refused_in_words() -> None:
    async with walking() as walk:
        await at(walk, "f3")
        await walk.type("88000001")
        for typed, said in (
            ("1e3", "不是数字"),
            ("１０", "不是数字"),
            ("0", "为零或过大"),
            ("1.005", "小数点后"),
        ):
            await walk.press("ctrl+u")
            await walk.type(typed)
            assert walk.shows(said)
        assert walk.fake.ledger.of_kind(Kind.TOP_UP) == []
        await walk.type("0", enter=False)
        assert "小数点后" not in walk.text, "that was said about another amount"


async def test_above_the_limit_a_second_person_signs_the_same_document() -> None:
    fake = FakeShop()
    fake.ledger.limits[Kind.TOP_UP] = 20000
    async with walking(fake) as walk:
        await at(walk, "f3")
        await walk.type("88000001")
        await walk.type("500")
        await walk.press("enter")
        assert walk.shows("第二人批准", "¥500.00 超过您的限额 ¥200.00（充值）")
        await walk.type("2001")
        await walk.type("9999")
        assert walk.shows("工号或密码不对", "第二人批准")
        await walk.type("2001")
        await walk.type("2001")
        assert walk.shows("充值：已入账")
        assert len(fake.ledger.of_kind(Kind.TOP_UP)) == 1
        assert list(fake.door.proposals) == [fake.ledger.of_kind(Kind.TOP_UP)[0].id]


async def test_nobody_approves_himself_and_giving_up_books_nothing() -> None:
    fake = FakeShop()
    fake.ledger.limits[Kind.TOP_UP] = 20000
    async with walking(fake) as walk:
        await at(walk, "f3")
        await walk.type("88000001")
        await walk.type("500")
        await walk.press("enter")
        await walk.type("1001")
        await walk.type("1001")
        assert walk.shows("不能批准自己提交的单据")
        await walk.press("escape")
        assert walk.shows("未获批准，没有入账")
        assert fake.ledger.of_kind(Kind.TOP_UP) == []
        assert fake.door.proposals == {}


async def test_a_card_is_issued_to_a_member_for_its_fee() -> None:
    async with walking() as walk:
        await at(walk, "f5")
        await walk.type("88000003")
        await walk.type("88000001")
        assert walk.shows("李娜", "工本费", "¥10.00")
        await walk.press("f2")
        assert walk.shows("发卡：已入账", "¥10.00")
        document = walk.fake.ledger.of_kind(Kind.CARD_ISSUE)[0]
        assert document.cards[0].holder == 1
        await walk.past_result()
        assert walk.shows("使用前请先激活")


async def test_the_fee_of_an_issue_is_waived_by_a_second_person() -> None:
    async with walking() as walk:
        await at(walk, "f5")
        await walk.type("88000003")
        await walk.type("88000001")
        await walk.press("f6")
        assert walk.shows("免收 ¥10.00")
        await walk.type("2001")
        await walk.type("2001")
        document = walk.fake.ledger.of_kind(Kind.CARD_ISSUE)[0]
        assert [fee.amount_minor for fee in document.fees] == [0]
        assert document.tenders == ()
        assert walk.shows("已免")


async def test_what_an_empty_holder_means_follows_the_type_of_the_card() -> None:
    for whom, told, not_told in (
        ("personal", "此类卡须有持卡人", "不记名"),
        ("bearer", "持卡人留空，则发不记名卡", "须有持卡人"),
    ):
        fake = FakeShop()
        fake.card_book.issue_for = whom
        async with walking(fake) as walk:
            await at(walk, "f5")
            await walk.type("88000003")
            assert walk.shows(told)
            assert not_told not in walk.text


async def test_a_holder_who_was_typed_but_not_found_yet_makes_no_bearer_card() -> None:
    async with walking() as walk:
        await at(walk, "f5")
        await walk.type("88000003")
        await walk.type("88000001", enter=False)
        await walk.press("f2")
        assert walk.name == "CardIssueScreen"
        assert walk.fake.ledger.of_kind(Kind.CARD_ISSUE) == []


async def test_an_issued_card_becomes_active_and_gets_its_pin() -> None:
    fake = FakeShop()
    card = fake.ledger.cards[2]
    card.state, card.wallet = CardState.ISSUED, 9003
    async with walking(fake) as walk:
        await at(walk, "f6")
        await walk.type(card.number)
        assert walk.shows("已发未激活", "不记名", "未设")
        await walk.press("f2")
        assert walk.shows("激活：已入账")
        await walk.past_result()
        await walk.press("f3")
        await walk.type("1357")
        await walk.type("1357")
        assert walk.shows("卡密码须为 6 位数字")
        await walk.type("123456")
        await walk.type("123456")
        assert walk.name == "NewPin"
        assert walk.shows("太简单")
        await walk.type("135790")
        await walk.type("135790")
        assert walk.shows("卡密码已设好", "已设")
        assert (card.state, card.pin) == (CardState.ACTIVE, "135790")
        await walk.press("f3")
        for typed in ("246802", "864208", "864208"):
            await walk.type(typed)
        assert walk.shows("卡密码不对", "按 F3 重新输入")
        assert card.pin == "135790"
        await walk.press("f3")
        for typed in ("135790", "864208", "864208"):
            await walk.type(typed)
        assert walk.shows("卡密码已设好")
        assert card.pin == "864208"
        card.wrong = PIN_TRIES - 1
        await walk.press("f3")
        for typed in ("111222", "864208", "864208"):
            await walk.type(typed)
        assert walk.shows("现已锁定", "卡务台")
        assert "F8" not in walk.text


async def test_a_card_on_another_ones_wallet_names_its_holder_and_says_first_who_sets_the_pin() -> None:
    fake = FakeShop()
    card = fake.ledger.card_of(11)
    card.holder, card.pin = "曾红", None
    async with walking(fake, "en") as walk:
        await at(walk, "f6")
        await walk.type(card.number)
        holder, *_ = [each for each in walk.text.splitlines() if "Holder" in each]
        assert "曾红" in holder
        await walk.press("f3")
        assert walk.name == "NewPin"
        assert walk.shows("The wallet is 李娜's", "card desk")
        assert walk.fits()


async def test_the_next_card_number_takes_the_place_of_the_one_before_right_or_wrong() -> None:
    async with walking() as walk:
        await at(walk, "f6")
        await walk.type("99")
        assert walk.shows("没有这张卡。")
        await walk.type("88000001")
        assert walk.app.screen.query_one("#card", Input).value == "88000001"
        assert walk.shows("李娜")
        assert "没有这张卡" not in walk.text
        await walk.type("88000004")
        assert walk.app.screen.query_one("#card", Input).value == "88000004"
