"""A card on the reader, a code from a scanner: it goes where cards and codes go, whatever has the focus."""

from __future__ import annotations

import asyncio

import pytest

from huiyuan.config.i18n import translate
from huiyuan.devices.cards.no_reader import NoCardReader
from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.presented import PresentedCard, Scanned, WrittenCard
from huiyuan.screens.card_issue import CardIssueScreen
from huiyuan.screens.reader_words import WORDS, condition_word
from huiyuan.screens.wording import Wording
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking

NUMBER = "88000001"
KNOWN = PresentedCard((("ndef", "nobody"), ("number", NUMBER), ("uid", "04A1B2C3")), "ntag")
UNKNOWN = PresentedCard((("uid", "04A1B2C3"),))


async def lay(walk: Walk, card: PresentedCard = KNOWN) -> None:
    walk.app.card_laid(card)
    await walk.settle()


async def test_at_the_sale_it_attaches_its_member_and_what_is_typed_stays() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.type("MI", enter=False)
        await lay(walk)
        assert walk.shows("储值 ¥370.00", "MI")


async def test_at_home_it_opens_its_member() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await lay(walk)
        assert [type(each).__name__ for each in walk.app.screen_stack][-2:] == ["MemberScreen", "PoppedNotes"]


async def test_a_card_that_nobody_knows_is_said_to_be_unknown() -> None:
    async with walking() as walk:
        await walk.open_sale()
        await lay(walk, UNKNOWN)
        assert walk.shows("没有这张卡")
        await walk.type("COLA")
        assert walk.shows("可口可乐")


async def test_while_an_amount_is_typed_it_goes_into_the_card_s_field() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f3")
        await lay(walk)
        assert walk.shows(NUMBER)
        await walk.type("100", enter=False)
        await lay(walk)
        assert walk.shows(NUMBER, "100")


async def test_a_question_over_the_sale_takes_none_and_says_so() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f3")
        assert walk.name == "Entry"
        await lay(walk)
        assert walk.shows("读卡器上有一张卡")
        assert NUMBER not in walk.text


async def test_no_card_reaches_the_sign_in_or_a_pin() -> None:
    async with walking() as walk:
        await walk.settle()
        await lay(walk)
        assert walk.shows("读卡器上有一张卡")
        assert NUMBER not in walk.text


async def test_a_code_from_a_line_of_its_own_is_a_line_of_the_basket_whatever_is_typed() -> None:
    async with walking() as walk:
        await walk.open_sale()
        await walk.type("MI", enter=False)
        walk.app.code_scanned(Scanned("COLA", "serial"))
        await walk.settle()
        assert walk.shows("可口可乐", "MI")


def test_neither_shows_in_a_repr() -> None:
    assert NUMBER not in repr(KNOWN) + repr(Scanned(NUMBER, "serial"))


class WritingReader(NoCardReader):
    """A reader with a card that takes a number, or is taken away."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.pulled = False

    def state(self) -> DeviceState:
        return DeviceState("card_reader", Condition.READY, ("Reader",), "ctypes", occupied=True)

    def write(self, number: str) -> WrittenCard:
        if self.pulled:
            raise Refused("card_write_unsure")
        self.written.append(number)
        return WrittenCard(number, "ntag")


@pytest.mark.parametrize("pulled", [False, True])
async def test_a_blank_card_s_number_is_written_after_a_question(pulled: bool) -> None:
    fake, reader = FakeShop(), WritingReader()
    reader.pulled = pulled
    fake.cards = reader
    async with walking(fake) as walk:
        await walk.sign_in("2001")
        walk.app.push_screen(CardIssueScreen(walk.app.screen.shop))  # type: ignore[attr-defined]
        await walk.settle()
        await walk.type("88000003")
        await walk.app.screen.run_action("write")
        await walk.settle()
        assert walk.name == "Confirm"
        assert reader.written == []
        await walk.press("enter")
        assert walk.shows("不知道写上了没有" if pulled else "已写入 88000003")
        assert reader.written == ([] if pulled else ["88000003"])


async def test_a_reader_that_is_lost_is_told_once_and_stands_at_home() -> None:
    fake = FakeShop()
    fake.cards = WritingReader()
    async with walking(fake) as walk:
        await walk.sign_in()
        assert walk.shows("读卡器         正常")
        walk.app.device_stands(fake.cards.state())
        walk.app.device_stands(DeviceState("card_reader", Condition.ABSENT))
        await walk.settle()
        assert walk.shows("读卡器没有插上")


@pytest.mark.parametrize("condition", list(Condition))
@pytest.mark.parametrize("kind", ["card_reader", "serial_scanner"])
def test_every_state_has_a_word(kind: str, condition: Condition) -> None:
    say = Wording(translate("zh_CN"), "zh_CN")
    assert condition_word(say, DeviceState(kind, condition)) != WORDS[condition]


async def test_a_keyboard_scan_into_an_amount_goes_to_the_card_s_field_and_leaves_the_amount() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f3")
        await walk.type("88000004")
        await walk.type("50", enter=False)
        await asyncio.sleep(0.05)
        walk.send(*NUMBER, "enter")
        await walk.settle()
        assert walk.shows(NUMBER, "  50 ")
        assert walk.name == "TopUpScreen"


@pytest.mark.parametrize("where", ["quantity", "payment"])
async def test_a_keyboard_scan_into_a_quantity_or_at_the_payment_is_not_used_and_said(where: str) -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f3" if where == "quantity" else "f2")
        name = walk.name
        walk.send(*"6901234567892", "enter")
        await walk.settle()
        assert walk.name == name
        assert walk.shows("扫到一个码")
        assert "69012345" not in walk.text


async def test_what_is_typed_by_hand_into_an_amount_is_one_however_long() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f3")
        for key in "00000012":
            walk.send(key)
            await asyncio.sleep(0.03)
        await walk.press("enter")
        assert walk.name == "SaleScreen"
        assert walk.shows("42.00")


@pytest.mark.parametrize(
    "swipe", [f"%B{NUMBER}^LI/NA^2512?", f";{NUMBER}=2512?", f"+{NUMBER}=2512?", f"%{NUMBER}?"]
)
async def test_a_swipe_attaches_its_member_at_the_sale(swipe: str) -> None:
    async with walking() as walk:
        await walk.open_sale()
        walk.send(*swipe, "enter")
        await walk.settle()
        assert walk.shows("储值 ¥370.00")


async def test_the_second_track_of_a_swipe_reaches_nothing() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        walk.send(*f"%{NUMBER}?", "enter", *f";{NUMBER}=2512?", "enter", *f"+{NUMBER}=1?", "enter")
        await walk.settle()
        assert walk.shows("储值 ¥370.00")
        assert "没有" not in walk.text
        await asyncio.sleep(0.25)
        await walk.type("MILK")
        assert walk.shows("纯牛奶")


@pytest.mark.parametrize(
    ("readings", "kind", "source"),
    [
        ((("uid", "04A1B2C3"),), "uid", "chip"),
        ((("ndef", "8800"), ("number", "8800"), ("uid", "04A1B2C3")), "number", "tag"),
        ((("number", "8800"), ("magstripe", "8800")), "number", "stripe"),
        ((("number", "8800"), ("magstripe", "8800")), "magstripe", "stripe"),
    ],
)  # fmt: skip
def test_a_card_says_how_it_was_read(readings: tuple[tuple[str, str], ...], kind: str, source: str) -> None:
    assert PresentedCard(readings).source(kind) == source
