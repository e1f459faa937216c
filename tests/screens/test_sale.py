"""The basket and its money: scanning, members, every tender, and one document whatever is pressed."""

from __future__ import annotations

import asyncio

import pytest
from textual.widgets import Input

from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Document, Kind
from huiyuan.screens.payment import PaymentScreen
from tests.screens.fake_ledger import HOSTILE
from tests.screens.fake_shop import CARD_PIN, FakeShop
from tests.screens.walk import walking

MEMBER_CARD = "88000001"
FROZEN_CARD = "88000002"


def only_sale(fake: FakeShop) -> Document:
    sales = fake.ledger.of_kind(Kind.SALE)
    assert len(sales) == 1
    return sales[0]


async def test_codes_and_quantities_become_lines_with_a_total() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA", "3*MILK", "COLA")
        assert walk.shows("可口可乐 330ml", "纯牛奶 1L", "合计  ¥45.70", "2 行 5 件")
        assert walk.fits()


async def test_a_card_number_changes_prices_to_the_tiers_and_detaching_changes_them_back() -> None:
    async with walking() as walk:
        await walk.open_sale("2*MILK", MEMBER_CARD)
        assert walk.shows("李娜 金卡", "储值 ¥370.00", "-1.29", "合计  ¥24.51")
        await walk.press("f5")
        assert walk.shows("合计  ¥25.80")
        assert "李娜" not in walk.text


async def test_fast_scans_are_all_looked_up_in_their_order() -> None:
    async with walking() as walk:
        await walk.open_sale()
        for code in ("COLA", "MILK", "RICE", "TEA", "APPLE"):
            await walk.type(code, enter=False)
            await walk.pilot.press("enter")
        await walk.settle()
        text = walk.text
        assert [
            text.index(name) for name in ("可口可乐", "纯牛奶", "五常大米", "西湖龙井", "苹果")
        ] == sorted(text.index(name) for name in ("可口可乐", "纯牛奶", "五常大米", "西湖龙井", "苹果"))


async def test_an_unknown_code_is_said_and_the_basket_stays() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA", "NOSUCH")
        assert walk.shows("没有找到 NOSUCH", "可口可乐", "合计  ¥3.50")


async def test_a_frozen_card_is_not_attached() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA", FROZEN_CARD)
        assert walk.shows("已冻结")
        assert "李娜" not in walk.text


async def test_quantity_and_removal_change_the_marked_line() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA", "MILK")
        await walk.press("up", "f3")
        await walk.type("4")
        assert walk.shows("14.00")
        await walk.press("f4")
        assert "可口可乐" not in walk.text
        assert walk.shows("合计  ¥12.90")


async def test_a_quantity_that_is_none_adds_nothing() -> None:
    async with walking() as walk:
        await walk.open_sale()
        for typed in ("0*COLA", "-1*COLA", "１.2.3*COLA", "1e9*COLA", "1.0005*COLA"):
            await walk.press("ctrl+u")
            await walk.type(typed, enter=False)
            assert walk.shows(typed)
            await walk.press("enter")
            assert "可口可乐" not in walk.text, typed
            assert not walk.app.screen.cart.lines, typed  # type: ignore[attr-defined]


async def test_cash_with_change_is_one_document_and_the_change_is_told_twice() -> None:
    async with walking() as walk:
        await walk.open_sale("2*MILK")
        await walk.press("f2")
        await walk.type("30")
        assert walk.shows("已收款，找零 ¥4.20", "合计", "¥25.80")
        sale = only_sale(walk.fake)
        assert [(t.kind, t.amount_minor, t.given_minor) for t in sale.tenders] == [("cash", 2580, 3000)]
        assert [receipt.number for receipt in walk.fake.printer.receipts] == ["S01-1-000001"]
        await walk.past_result()
        assert walk.name == "SaleScreen"
        assert walk.shows("上一笔 ¥25.80，找零 ¥4.20", "请扫商品或会员卡")


async def test_enter_alone_takes_the_exact_rest_in_cash() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f2", "enter")
        assert [(t.kind, t.amount_minor) for t in only_sale(walk.fake).tenders] == [("cash", 350)]


async def test_stored_value_below_the_floor_asks_no_pin() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2", "f3")
        assert walk.shows("已收足")
        await walk.press("enter")
        sale = only_sale(walk.fake)
        assert [(t.kind, t.wallet) for t in sale.tenders] == [("stored", 11)]
        assert sale.proofs[0].pin_attempt is None
        assert walk.shows("储值余额", "¥357.74")


async def test_stored_value_above_the_floor_asks_the_pin_and_a_wrong_one_books_nothing() -> None:
    async with walking() as walk:
        await walk.open_sale("TEA", MEMBER_CARD)
        await walk.press("f2", "f3", "enter")
        assert walk.name == "CardPin"
        assert walk.shows("持卡人：李娜，请核对是否本人", "手工输入")
        await walk.type("999999")
        assert walk.shows("卡密码不对，还可试 4 次")
        assert walk.fake.ledger.of_kind(Kind.SALE) == []
        await walk.press("enter")
        await walk.type(CARD_PIN)
        sale = only_sale(walk.fake)
        assert sale.proofs[0].pin_attempt is not None
        assert sale.total_minor == 15960


async def test_nobody_is_asked_for_the_pin_of_a_card_that_has_none() -> None:
    """Twice: the way out is said again, and no sheet waits for six digits that there are not."""
    fake = FakeShop()
    fake.ledger.card_of(11).pin = None
    async with walking(fake) as walk:
        await walk.open_sale("TEA", MEMBER_CARD)
        await walk.press("f2", "f3")
        for _ in range(2):
            await walk.press("enter")
            assert walk.name == "PaymentScreen"
            assert walk.shows("此卡没有密码", "换付款方式")
        assert fake.ledger.of_kind(Kind.SALE) == []


async def test_a_pin_is_on_no_screen_and_in_no_document() -> None:
    async with walking() as walk:
        await walk.open_sale("TEA", MEMBER_CARD)
        await walk.press("f2", "f3", "enter")
        await walk.type(CARD_PIN, enter=False)
        assert CARD_PIN not in walk.text
        await walk.press("enter")
        assert CARD_PIN not in repr(only_sale(walk.fake).to_body())


async def test_split_over_stored_bank_and_cash() -> None:
    async with walking() as walk:
        await walk.open_sale("RICE", MEMBER_CARD)
        await walk.press("f2")
        await walk.type("20", enter=False)
        await walk.press("f3")
        await walk.type("30", enter=False)
        await walk.press("f4")
        await walk.type("A12345")
        assert walk.shows("还差", "¥16.31", "A12345")
        await walk.type("20")
        tenders = [(t.kind, t.amount_minor, t.reference) for t in only_sale(walk.fake).tenders]
        assert tenders == [("stored", 2000, None), ("bank_card", 3000, "A12345"), ("cash", 1631, None)]
        assert walk.shows("找零 ¥3.69")


async def test_a_tender_can_be_taken_back() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2", "f3", "f8")
        assert walk.shows("尚未收款", "¥12.26")
        await walk.press("escape")
        assert walk.name == "SaleScreen"
        assert walk.shows("纯牛奶")


async def test_a_bank_card_without_reference_is_not_taken() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK")
        await walk.press("f2", "f4")
        await walk.type("  ")
        assert walk.shows("需要凭证号")
        assert walk.fake.ledger.of_kind(Kind.SALE) == []


async def test_a_price_that_changed_goes_back_to_the_basket_with_the_new_one() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f2")
        old = walk.fake.ledger.products[1]
        walk.fake.ledger.products[1] = Product(
            old.id, old.code, old.name, old.kind, old.base_unit, old.tax_code, old.tax_rate_bp, 400
        )
        await walk.press("enter")
        assert walk.shows("第 1 行现价为 ¥4.00。没有入账。按 F5 采用新价格。")
        await walk.press("f5")
        assert walk.name == "SaleScreen"
        assert walk.shows("合计  ¥4.00")
        await walk.press("f2", "enter")
        assert only_sale(walk.fake).total_minor == 400


async def test_enter_thirty_times_a_second_books_once() -> None:
    fake = FakeShop(slow_ms=120)
    async with walking(fake) as walk:
        await walk.open_sale("COLA")
        await walk.press("f2")
        for _ in range(30):
            await walk.pilot.press("enter")
            await asyncio.sleep(0.033)
        await walk.settle()
        await walk.pilot.pause(0.7)
        await walk.press("enter")
        assert only_sale(fake).total_minor == 350
        assert fake.door.posts == 1
        assert walk.name == "SaleScreen"


@pytest.mark.parametrize("guarded", [True, False])
async def test_an_enter_that_waits_behind_the_answer_sends_nothing_again(
    guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key lies in the screen's queue when the answer is taken out of it. Control: the screen that forgets
    what stands asks the door once more."""
    end_write = PaymentScreen.end_write

    def with_a_key_behind(screen: PaymentScreen) -> None:
        end_write(screen)
        if fake.door.posts == 1:
            field = screen.query(Input).first()
            screen.post_message(Input.Submitted(field, field.value))

    monkeypatch.setattr(PaymentScreen, "end_write", with_a_key_behind)
    if not guarded:
        monkeypatch.setattr(
            PaymentScreen, "stands", property(lambda _: None, lambda _, __: None), raising=False
        )
    fake = FakeShop()
    async with walking(fake) as walk:
        await walk.open_sale("COLA")
        await walk.press("f2", "enter")
        await walk.settle()
        assert fake.door.posts == (1 if guarded else 2)
        assert only_sale(fake).total_minor == 350


async def test_the_same_hammering_without_the_guard_books_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the id alone keeps the ledger right, but the door is asked more than once."""
    from huiyuan.screens.asking import AskingScreen

    monkeypatch.setattr(AskingScreen, "begin_write", lambda _self: None)
    fake = FakeShop(slow_ms=600)  # long enough for a machine that has other things to do
    async with walking(fake) as walk:
        await walk.open_sale("COLA")
        await walk.press("f2")
        for _ in range(6):
            await walk.pilot.press("enter")
            await asyncio.sleep(0.033)
        await walk.settle()
        assert fake.door.posts > 1
        assert only_sale(fake).total_minor == 350


async def test_hostile_names_are_shown_literally_and_move_nothing() -> None:
    async with walking() as walk:
        await walk.open_sale("HOSTILE", "88000004")
        assert walk.shows("[/x] [red]^[[2J<202E>abc")
        assert HOSTILE not in walk.text
        assert walk.fits()
        await walk.press("f2", "enter")
        assert walk.fits()
        assert all("\x1b" not in line for line in walk.fake.printer.receipts[0].lines)


async def test_escape_asks_before_a_basket_is_lost() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("escape")
        assert walk.shows("要离开并丢弃购物篮吗？还没有入账。")
        await walk.press("escape")
        assert walk.shows("可口可乐")
        await walk.press("escape", "enter")
        assert walk.name == "HomeScreen"


async def test_weighed_goods_are_sold_by_thousandths_and_pieces_are_not() -> None:
    async with walking() as walk:
        await walk.open_sale("1.235*APPLE", "1.5*COLA")
        assert walk.shows("1.235 kg", "15.81", "按件销售", "1 行")
        await walk.press("f3")
        await walk.type("0.4")
        assert walk.shows("0.4 kg", "合计  ¥5.12")
        await walk.type("COLA")
        await walk.press("f3")
        await walk.type("0.5")
        assert walk.name == "Entry"
        assert walk.shows("按件销售")


async def test_goods_without_a_price_ask_for_one_and_the_scans_behind_them_wait() -> None:
    async with walking() as walk:
        await walk.open_sale()
        walk.send(*"WRAP", "enter", *"COLA", "enter")
        await walk.settle()
        assert walk.name == "Entry"
        assert walk.shows("输入价格", "礼品包装")
        await walk.press(*["backspace"] * 5)
        await walk.type("5")
        if walk.name == "Entry":
            await walk.press("escape")
        await walk.type("COLA")
        assert walk.shows("*5.00", "可口可乐", "合计  ¥8.50")
        await walk.press("f2", "enter")
        lines = only_sale(walk.fake).lines
        assert [(line.to_row().get("open"), line.to_row()["price_minor"]) for line in lines] == [
            (True, 500), (None, 350),
        ]  # fmt: skip


async def test_a_typed_price_is_lifted_by_the_lists_own() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f6")
        assert walk.shows("第二人批准")
        await walk.type("2")
        assert walk.shows("*2.00", "合计  ¥2.00")
        await walk.press("f6")
        await walk.type("3.50")
        assert walk.shows("合计  ¥3.50")
        assert "*3.50" not in walk.text


async def test_a_price_below_the_list_is_approved_by_a_second_person_at_the_payment() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f6")
        await walk.type("2")
        await walk.press("f2", "enter")
        assert walk.shows("超出你可偏离标价的幅度")


async def test_a_price_for_members_is_shown_as_what_it_saves() -> None:
    async with walking() as walk:
        await walk.open_sale("NUTS", MEMBER_CARD)
        assert walk.shows("30.00", "-4.00", "合计  ¥26.00", "积分 1,230 (¥12.30)")
        await walk.press("f2", "enter")
        assert [(a.source, a.list, a.amount_minor) for a in only_sale(walk.fake).adjustments] == [
            ("list", "member", 400)
        ]


async def test_a_member_found_by_name_has_prices_and_points_but_pays_with_nothing() -> None:
    async with walking() as walk:
        await walk.open_sale("2*MILK")
        await walk.type("ln", enter=False)
        await walk.press("f7")
        assert walk.name == "MemberPicker"
        await walk.press("enter")
        assert walk.name == "SaleScreen"
        assert walk.shows("李娜 金卡", "未出示卡", "合计  ¥24.51")
        await walk.press("f2")
        assert "F3" not in walk.text
        assert "F7" not in walk.text
        await walk.press("enter")
        sale = only_sale(walk.fake)
        assert (sale.wallet, sale.proofs, sale.grants[0].amount) == (11, (), 24)


async def test_the_last_four_of_a_phone_open_the_box_and_a_card_takes_the_place_of_a_name() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", "5678")
        assert walk.name == "MemberPicker"
        await walk.press("escape")
        await walk.type(MEMBER_CARD)
        assert walk.shows("储值 ¥370.00")


async def test_an_emptied_basket_is_told_nothing_of_the_one_before() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", "NOSUCHCODE")
        assert walk.shows("没有找到 NOSUCHCODE")
        await walk.press("f9", "enter")
        assert walk.shows("请扫商品或会员卡")
        assert "NOSUCHCODE" not in walk.text
