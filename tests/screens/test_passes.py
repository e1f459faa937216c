"""Passes at the counter, the desk where card types and passes are proposed, blank cards, cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from huiyuan.domain.model.document import Kind
from tests.screens.fake_shop import CARD_PIN, FakeShop
from tests.screens.walk import Walk, walking


async def open_passes(walk: Walk, number: str = "88000001") -> None:
    await walk.sign_in("2001")
    await walk.press("f6", "f9")
    await walk.type(number)
    await walk.press("ctrl+y", "p")


async def test_enter_uses_a_pass_once_and_several_ask_how_many() -> None:
    async with walking(FakeShop()) as walk:
        await open_passes(walk)
        assert walk.shows("洗车十次", "7")
        await walk.press("enter")
        assert walk.name == "Confirm"
        assert walk.shows("洗车十次", "用 1 次", "剩 6")
        assert not walk.fake.ledger.of_kind(Kind.PASS_USE)
        await walk.press("enter")
        assert walk.shows("洗车十次：已用 1 次")
        await walk.press("f2")
        await walk.type("0")
        assert walk.shows("1 到 1000 次")
        await walk.type("8")
        assert walk.shows("剩余次数不足")
        await walk.press("f2")
        await walk.type("2")
        used = walk.fake.ledger.of_kind(Kind.PASS_USE)
        assert [(each.passes[0].rule, each.passes[0].count) for each in used] == [(6, 1), (6, 2)]
        assert all(each.proofs[0].wallet == 11 and each.proofs[0].pin_attempt is None for each in used)


async def test_an_enter_behind_the_last_use_of_a_pass_uses_no_other_one() -> None:
    fake = FakeShop()
    card = fake.ledger.card_of(11)
    (first, *_), other = card.passes, replace(card.passes[0], rule=8, name="桑拿")
    card.passes = (replace(first, left=1), other)
    async with walking(fake) as walk:
        await open_passes(walk)
        await walk.press("enter", "enter")
        assert walk.shows("已用 1 次", "洗车十次", "桑拿")
        await walk.press("enter")
        assert walk.name == "PassesScreen"
        assert walk.shows("洗车十次 已用完", "F3")
        assert "F2" not in walk.text.splitlines()[-1]
        assert [each.passes[0].rule for each in fake.ledger.of_kind(Kind.PASS_USE)] == [6]
        await walk.press("down", "enter")
        assert walk.shows("桑拿", "用 1 次")


async def test_a_pass_shows_the_last_day_that_it_may_be_used() -> None:
    fake = FakeShop()
    card = fake.ledger.card_of(11)
    ends = datetime(2026, 12, 24, tzinfo=ZoneInfo("Asia/Shanghai"))
    card.passes = (replace(card.passes[0], expires_at=ends), *card.passes[1:])
    async with walking(fake) as walk:
        await open_passes(walk)
        assert "2026-12-23" in walk.text
        assert "2026-12-24" not in walk.text


async def test_the_next_card_is_scanned_while_the_passes_of_the_one_before_have_the_focus() -> None:
    """A scanner types and ends with Enter: that reads the card, and uses nobody's pass."""
    async with walking(FakeShop()) as walk:
        await open_passes(walk)
        assert walk.shows("洗车十次")
        walk.send(*"88000005", "enter")
        await walk.settle()
        assert not walk.fake.ledger.of_kind(Kind.PASS_USE)
        assert walk.shows("88000005")
        assert "洗车十次" not in walk.text
        await walk.press("escape", "ctrl+y", "p")
        walk.send(*"88000001", "enter")
        await walk.settle()
        await walk.press("enter")
        assert walk.name == "Confirm"
        await walk.press("enter")
        (used,) = walk.fake.ledger.of_kind(Kind.PASS_USE)
        assert used.proofs[0].wallet == 11


async def test_above_the_floor_the_holder_types_the_pin() -> None:
    async with walking(FakeShop()) as walk:
        await open_passes(walk)
        await walk.press("f2")
        await walk.type("4")
        assert walk.name == "CardPin"
        await walk.type(CARD_PIN)
        (used,) = walk.fake.ledger.of_kind(Kind.PASS_USE)
        assert used.proofs[0].pin_attempt is not None


async def test_a_pass_is_sold_whole_at_its_price() -> None:
    async with walking(FakeShop()) as walk:
        await open_passes(walk)
        await walk.press("f3", "1")
        assert walk.shows("洗车十次", "¥300.00", "17")
        await walk.press("enter")
        await walk.type("")
        (sold,) = walk.fake.ledger.of_kind(Kind.PASS_SALE)
        assert (sold.total_minor, [(each.rule, each.amount) for each in sold.grants]) == (30000, [(6, 10)])


async def test_what_the_law_says_of_a_pass_stands_there_while_it_is_typed() -> None:
    async with walking(FakeShop()) as walk:
        await open_passes(walk)
        walk.fake.law.unseen.add(11)
        await walk.press("f3", "1")
        assert walk.shows("身份证件", "§ 3")
        await walk.press("f2")
        assert walk.name == "PassSaleScreen"
        assert walk.shows("出示")
        walk.fake.law.unseen.clear()
        await walk.press("escape", "f3", "1")
        assert "§" not in walk.text
        await walk.press("backspace", *"17")
        assert walk.shows("§ 1", "¥5,100.00")
        await walk.press("f2")
        assert walk.name == "PassSaleScreen"
        await walk.press("backspace", "6", "f2")
        assert walk.name == "Entry"
        assert walk.fake.ledger.of_kind(Kind.PASS_SALE) == []


async def test_a_pass_is_paid_by_the_card_itself_with_its_pin() -> None:
    async with walking(FakeShop()) as walk:
        await open_passes(walk)
        await walk.press("f3", "1", "f3")
        assert walk.name == "CardPin"
        assert walk.fake.ledger.of_kind(Kind.PASS_SALE) == []
        await walk.type(CARD_PIN)
        (sold,) = walk.fake.ledger.of_kind(Kind.PASS_SALE)
        (paid,) = sold.tenders
        assert (paid.kind, paid.amount_minor, paid.wallet) == ("stored", 30000, 11)
        assert sold.proofs[0].pin_attempt is not None
        assert walk.name == "ResultScreen"


async def test_a_type_is_proposed_field_by_field() -> None:
    async with walking(FakeShop()) as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9", "f8", "f2")
        assert walk.shows("礼品卡", "不记名")
        await walk.press("f2")
        for text in ("福利卡", "welfare", "9", *[""] * 10):
            await walk.type(text)
        assert walk.shows("发放对象", "无法识别")
        await walk.press("backspace")
        for text in ("1", "34", "50", "", "500", "", "24", "1", "", "", ""):
            await walk.type(text)
        ((rule, name, terms),) = walk.fake.promotions.proposed
        may = ["stored", "passes"]
        body = {"type": "welfare", "who": "personal", "functions": may, "sale_max_minor": 5000}
        body |= {"balance_max_minor": 50000, "valid_months": 24, "by_application": True}
        assert (rule, name, terms) == (None, "福利卡", {"body": body})
        await walk.press("f8")
        assert walk.shows("洗车十次", "10 次")


async def open_custody(walk: Walk) -> None:
    await walk.sign_in("2001")
    await walk.press("f6", "f9", "f8", "f3")


async def test_a_range_is_handed_over_and_another_received() -> None:
    async with walking(FakeShop()) as walk:
        await open_custody(walk)
        assert walk.shows("70000001", "70000120", "在途", "-1")
        await walk.press("f3", "enter", "1")
        await walk.press("down", "f2", "enter")
        ledger = walk.fake.ledger
        (sent,), (taken,) = ledger.of_kind(Kind.CARD_HAND_OVER), ledger.of_kind(Kind.CARD_RECEIVE)
        assert (sent.ranges[0].unit, sent.ranges[0].count) == (2, 120)
        assert (taken.ranges[0].first, taken.ranges[0].unit) == ("80000001", None)


async def test_a_batch_is_issued_part_by_part_and_ends_by_itself() -> None:
    fake = FakeShop()
    fake.card_book.batches = [("70000001",) * 3, ("70000004",) * 2, ()]
    async with walking(fake) as walk:
        await open_custody(walk)
        await walk.press("f7", "enter")
        assert walk.shows("¥30.00")
        await walk.press("enter")
        assert walk.shows("已发 5 张")
        parts = [len(each.cards) for each in walk.fake.ledger.of_kind(Kind.CARD_ISSUE)]
        assert parts == [3, 2]
        listed = "\n".join(fake.printer.receipts[-1].lines)
        assert "批量发卡清单" in listed
        assert "70000004" in listed
        assert "50.00" in listed
        assert len(fake.printer.receipts) == 1


async def test_a_case_goes_from_report_to_closing() -> None:
    async with walking(FakeShop()) as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9", "f8", "f4", "f2")
        await walk.type("88000001")
        await walk.press("1")
        for text in ("两笔消费不是本人", "李娜", "13800138000"):
            await walk.type(text)
        assert walk.shows("88000001", "两笔消费不是本人", "已登记")
        assert "13800138000" not in walk.text
        await walk.press("f7")
        assert walk.shows("李娜", "13800138000")
        await walk.press("f6")
        await walk.type("已冻结")
        assert walk.shows("尚未核实")
        await walk.press("f3", "1", "f6")
        await walk.type("已冻结并补卡")
        assert walk.shows("已结案。")
        assert "已注销" not in walk.text, "the case is closed, the card is not"
        await walk.press("enter")
        assert walk.shows("查验证件, 已结案, 已冻结并补")


async def test_new_cards_are_written_down_by_their_numbers() -> None:
    async with walking(FakeShop(), "en") as walk:
        await open_custody(walk)
        await walk.press("f8", "1")
        for wrong in ("", "12 11", "70000001 70000003 2"):
            await walk.type(wrong)
            assert walk.name == "Entry", wrong
            await walk.press(*["backspace"] * len(wrong))
        await walk.type("0099 0101")
        assert walk.shows("3 new cards are written down")
        assert walk.fake.card_book.stocked[0][1:] == ("0099", "0100", "0101")
        assert walk.shows("Receive"), "the mark went onto them"
        await walk.press("f8", "1")
        await walk.type("70000001")
        assert len(walk.fake.card_book.stocked) == 1, "a number that is there already"
        assert walk.shows("70000001")


async def test_an_abnormal_card_is_reported_from_its_page_without_typing_its_number_again() -> None:
    async with walking(FakeShop(), "en") as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000001")
        await walk.press("f8", "f4", "f2")
        assert walk.name == "Entry"
        assert walk.shows("Card number", "88000001")
        await walk.press("enter")
        assert walk.shows("used by somebody else")
