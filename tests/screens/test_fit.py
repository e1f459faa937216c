"""Every screen fits 80x24 to the cell, speaks one language (in turn; in the soak in both), survives any size.

Each place is reached by the keys a person would press; a screen that is missing here is found by a test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import pytest
from textual.app import App
from textual.widgets import Input

from huiyuan.config.i18n import LANGUAGES
from huiyuan.domain.model.basket import Basket, KeptBasket
from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.journal import ParkedDocument
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.settings import SettingsScreen
from huiyuan.screens.widgets.rows import RowList
from tests.house.test_commands import screen_classes
from tests.screens.fake_ledger import HOSTILE, NOON
from tests.screens.fake_shop import CARD_PIN, FakeShop
from tests.screens.test_approvals import waiting
from tests.screens.walk import Walk, home_again, money_stands_right, past_both_ends, rows_of, walking

# Name of the screen on top -> keys from home; "type:" types and presses Enter, "put:" only types.
PLACES: Final[dict[str, tuple[str, ...]]] = {
    "HomeScreen": (),
    "HelpPage": ("ctrl+g",),
    "Palette": ("f2", "ctrl+l"),
    "LetterMenu": ("f2", "type:HOSTILE", "ctrl+y"),
    "MemberPicker": ("f5", "type:88000003", "type:w"),
    "SaleScreen": ("f2", "type:HOSTILE", "type:88000004", "type:3*TEA"),
    "ExplainSheet": ("f2", "type:HOSTILE", "type:88000004", "ctrl+y", "y"),
    "CouponSheet": ("f2", "type:HOSTILE", "type:88000004", "ctrl+y", "u"),
    "WhatIfSheet": ("f2", "type:HOSTILE", "type:88000004", "ctrl+y", "o"),
    "PromotionScreen": ("ctrl+y", "u"),
    "CasesScreen": ("f6", "f9", "f8", "f4"),
    "CustodyScreen": ("f6", "f9", "f8", "f3"),
    "CardRulesScreen": ("f6", "f9", "f8", "f2"),
    "CardRuleForm": ("f6", "f9", "f8", "f2", "f2"),
    "PassesScreen": ("f6", "f9", "type:88000001", "ctrl+y", "p"),
    "PassSaleScreen": ("f6", "f9", "type:88000001", "ctrl+y", "p", "f3", "1"),
    "PromotionForm": ("ctrl+y", "u", "f2", "8"),
    "CouponDeskScreen": ("ctrl+y", "q"),
    "CouponForm": ("ctrl+y", "q", "f2", "2"),
    "Picks": ("ctrl+y", "q", "f2", "2", "type:V10", "f4"),
    "GroupOrdersScreen": ("ctrl+y", "4"),
    "GroupNewScreen": ("ctrl+y", "4", "f2", "type:TEA", "escape", "f4", "enter", "type:5"),
    "GroupOrderScreen": (
        *("ctrl+y", "4", "f2", "type:TEA", "type:88000004", "enter", "enter", "type:2", "f4", "enter"),
        *("type:20", "f2", "f2", "type:88000004", "enter"),
    ),
    "GiveOutScreen": ("ctrl+y", "q", "down", "f8"),
    "CouponFindScreen": ("ctrl+y", "q", "f9"),
    "PaymentScreen": ("f2", "type:TEA", "type:88000001", "f2", "put:20", "f3"),
    "CardPin": ("f2", "type:TEA", "type:88000001", "f2", "f3", "enter"),
    "Entry": ("f2", "type:HOSTILE", "f3"),
    "Confirm": ("f2", "type:HOSTILE", "escape"),
    "ResultScreen": ("f2", "type:HOSTILE", "type:88000004", "f2", "enter"),
    "DepositScreen": ("f3", "f6", "type:88000004", "put:500"),
    "DepositBackScreen": ("f3", "f6", "f8", "type:88000004", "put:500"),
    "DebtScreen": ("f3", "f7", "type:88000004", "put:500"),
    "TopUpScreen": ("f3", "type:88000004", "put:500"),
    "SecondPerson": ("f3", "type:88000001", "type:600", "enter"),
    "ShiftScreen": ("f4",),
    "CountSheet": ("f4", "f4", "type:3"),
    "ClosingSheet": ("unsettled:", "f4", "f4"),
    "OldShiftsScreen": ("f4", "f8"),
    "CardIssueScreen": ("f5", "type:88000003", "type:88000004"),
    "ActivationScreen": ("f6", "type:88000004"),
    "NewPin": ("f6", "type:88000004", "f3"),
    "ChangedCardPin": ("f6", "type:88000001", "f3"),
    "ReturnScreen": ("f7", "type:S01-1-000001", "f3"),
    "FindSalesScreen": ("f7", "f4"),
    "BlindReturnScreen": ("f7", "f5", "type:HOSTILE", "type:2*TEA"),
    "ExchangeScreen": ("f7", "type:S01-1-000001", "f3", "f6", "type:TEA"),
    "ExchangePayment": ("f7", "type:S01-1-000001", "f3", "f6", "type:TEA", "f2", "type:xx"),
    "HeldScreen": ("ctrl+y", "d"),
    "OutboxScreen": (
        "f2",
        "type:TEA",
        "type:88000004",
        "ctrl+y",
        "l",
        "f2",
        "enter",
        "escape",
        "escape",
        "ctrl+y",
        "l",
    ),
    "PutAsideSheet": ("f2", "type:TEA", "ctrl+y", "h"),
    "ItemInfoScreen": ("ctrl+y", "m", "type:TEA"),
    "VoidScreen": ("f8",),
    "LabelScreen": ("ctrl+y", "8", "type:HOSTILE", "type:24*COLA"),
    "ReceivingScreen": ("f9", "type:HOSTILE", "type:24*COLA"),
    "UnsettledScreen": ("ctrl+o",),
    "PrinterScreen": ("ctrl+o", "f6"),
    "DevicesScreen": ("ctrl+y", "e"),
    "ScanTest": ("ctrl+y", "e", "f9"),
    "ChargesScreen": ("ctrl+o", "f7"),
    "ChargingSheet": ("f2", "type:TEA", "f2", "type:134512345678901234"),
    "ApprovalsScreen": ("ctrl+y", "1"),
    "WaitingSheet": ("f3", "type:88000001", "type:600", "enter", "f3"),
    "SettingsScreen": ("ctrl+y", "0"),
    "SettingEntry": ("ctrl+y", "0", "enter"),
    "BlindRuleForm": ("ctrl+y", "0", "setting:blind_return", "enter"),
    "HolidaysForm": ("ctrl+y", "0", "setting:holidays.2026", "enter"),
    "QuickSheet": ("f2", "ctrl+y", "g"),
    "StaffScreen": ("ctrl+t",),
    "NewPerson": ("ctrl+t", "f2"),
    "OwnPin": ("ctrl+p",),
    "SwitchSheet": ("f2", "type:HOSTILE", "ctrl+y", "w"),
    "ReportsScreen": ("ctrl+r",),
    "TurnoverScreen": ("ctrl+r", "enter", "f8"),
    "SpanSheet": ("ctrl+r", "enter", "f6"),
    "StockScreen": ("ctrl+k", "f3"),
    "LawScreen": ("ctrl+r", "down", "down", "down", "enter"),
    "FilingScreen": ("ctrl+r", "down", "down", "down", "down", "enter"),
    "ClearingScreen": ("ctrl+r", *("down",) * 5, "enter"),
    "ClearingSlipsScreen": ("ctrl+r", *("down",) * 5, "enter", "f7", "enter"),
    "MomentScreen": ("type:李娜", "enter", "ctrl+y", "w", "type:10:00"),
    "ValueReportScreen": ("ctrl+r", *("down",) * 6, "enter"),
    "ValueSlipsScreen": ("ctrl+r", *("down",) * 6, "enter", "enter"),
    "WalletStatementScreen": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "q"),
    "DaysSheet": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "q", "f4"),
    "HoldersScreen": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "l"),
    "LimitSheet": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "l", "down", "down", "f3", "put:5"),
    "UsesScreen": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "l", "down", "enter"),
    "LawForm": ("ctrl+r", "down", "down", "down", "enter", "down", "f2"),
    "TillEventsScreen": ("ctrl+r", "down", "enter"),
    "StockMovesScreen": ("ctrl+k", "put:P00003", "enter", "enter"),
    "DocumentPage": ("ctrl+k", "put:P00003", "enter", "enter", "enter"),
    "Choice": ("ctrl+r", "enter", "f7"),
    "CardScreen": ("f6", "f9", "type:88000004"),
    "CardTypesScreen": ("f6", "f9", "f8"),
    "PoppedNotes": ("f6", "f9", "type:88000001", "f7"),
    "MemberScreen": ("f6", "f9", "type:88000004", "f7"),
    "MemberEditScreen": ("f6", "f9", "type:88000001", "f7", "enter", "f4", *("tab",) * 8, "put:2"),
    "StatementScreen": ("f6", "f9", "type:88000001", "f7", "enter", "enter"),
    "PurchasesScreen": ("f6", "f9", "type:88000001", "f7", "enter", "tab", "enter"),
    "MemberCouponsScreen": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "u"),
    "HistoryScreen": ("f6", "f9", "type:88000004", "f7", "f9"),
    "VerifyScreen": ("f6", "f9", "type:88000004", "f7", "ctrl+t"),
    "CardLifeScreen": ("ctrl+y", "y", "type:88000004"),
    "CardMoveScreen": ("ctrl+y", "y", "type:88000001", "down", "down", "enter"),
    "DebtsDueScreen": ("ctrl+y", "y", "f8", "f3"),
    "FeesDueScreen": ("ctrl+y", "y", "f8"),
    "ValueTransferScreen": ("f6", "f9", "type:88000001", "ctrl+y", "v", "type:88000004", "put:5"),
    "SettlementScreen": ("f6", "f9", "type:88000004", "ctrl+y", "b"),
    "MergeScreen": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "j", "type:李娜"),
    "BonusDueScreen": ("ctrl+y", "2"),
    "ValueRulesScreen": ("ctrl+y", "3"),
    "ValueForm": ("ctrl+y", "3", "f2", "4"),
    "InvoicesScreen": ("ctrl+y", "5"),
    "InvoiceFormScreen": ("ctrl+y", "5", "f2", "type:S01-1-000001", "type:HOSTILE", "put:5"),
    "InvoiceSheet": ("ctrl+y", "5", "f2", "type:S01-1-000001", "type:TEA", "enter", "f2", "enter"),
    "MemberMoveScreen": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "k", "enter"),
    "MemberLifeScreen": ("f6", "f9", "type:88000004", "f7", "ctrl+y", "k"),
    "ProposalSheet": ("proposal:", "ctrl+y", "1", "enter"),
    "BasketBack": ("basket:", "f2"),
}
SIZES: Final = ((132, 43), (60, 18), (59, 18), (60, 17), (40, 10), (20, 5), (10, 2), (3, 1), (1, 1))

# Names of keys, of this trade and of the fake shop's goods; the rest of a Chinese screen is Chinese.
LATIN: Final = re.compile(
    r"Enter|Esc|PgUp|PgDn|Up|Down|PIN|DEMO|English"
    r"|CNY|COLA|MILK|TEA|HOSTILE|vat\d+|V\d+|S01[-\d]*|ml|kg|CODE|VISA|\bgift\b"
    r"|\bX\b|\bZ\b|\bCN\b"
    r"|[0-9a-f]{8,}|gb\d+|F\d|\^[A-Z]|x\d+|\b[a-z]\b|\b[a-z_]+\.[a-z_]+\b|<202E>abc|\?abc"
    r"|\[red\]|\[r(?:ed?)?\b|\[/x\]|\^\[\[2J|80x24|60x18"
)


async def go(walk: Walk, place: str) -> None:
    """From the sign-in or from home to `place`."""
    if walk.name == "SignInScreen":
        await walk.sign_in("2001")
    for key in PLACES[place]:
        if key.startswith("type:"):
            await walk.type(key.removeprefix("type:"))
        elif key.startswith("put:"):
            await walk.type(key.removeprefix("put:"), enter=False)
        elif key.startswith("setting:"):
            shown = walk.app.screen
            assert isinstance(shown, SettingsScreen)
            keys = [each.key for each in shown.rows]
            await walk.press(*["down"] * keys.index(key.removeprefix("setting:")))
        elif key == "unsettled:":
            held = walk.fake.door.parked_documents[0].document
            walk.fake.door.unsent[held.id] = held
        elif key == "proposal:":
            walk.fake.sign_in.listed = [waiting()]
        elif key == "basket:":
            walk.fake.baskets.keep(KeptBasket(Basket(tenders=(Tender("cash", 500),)), "1001", NOON))
        else:
            await walk.press(key)
    assert walk.name == place, walk.text


def prepared() -> FakeShop:
    """One sale of a hostile product stands, one document is open, top-ups above 500 need a second person."""
    fake = FakeShop()
    fake.open_shift()
    fake.ledger.limits["top_up"] = 50000
    fake.gateway.configured = True
    fake.ledger.denominations = (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1)
    fake.desk.hold(
        UUID(int=7), basket={"lines": []}, total_minor=123456, line_count=3, member=None, note=HOSTILE
    )
    return fake


async def with_history(walk: Walk) -> None:
    """A sale that can be returned, and one that was refused when it was sent again."""
    await walk.sign_in("2001")
    await walk.press("f2")
    await walk.type("HOSTILE")
    await walk.press("f2", "enter")
    await walk.past_result()
    await walk.type("COLA")
    walk.fake.door.silent = True
    await walk.press("f2", "enter", "escape", "enter", "escape")
    door = walk.fake.door
    parked = ParkedDocument(door.unsettled()[0], "card_not_active", {"state": "frozen", "wallet": 11}, NOON)
    door.unsent.clear()
    door.silent, door.parked_documents = False, [parked]


def test_every_screen_of_the_app_is_walked_to() -> None:
    concrete = {
        each.__name__
        for each in screen_classes()
        if (not each.__subclasses__() or each.__name__ in PLACES)
        and each.__module__ != "huiyuan.screens.asking"
    }
    tests_own = {"Listening"}
    assert concrete - tests_own == set(PLACES) | {"SignInScreen"}


@pytest.mark.parametrize(
    ("lang", "places", "drawn"),
    [
        # Terminals beside each other cost more than all else: one language, half of the screens.
        *((lang, tuple(PLACES)[turn :: len(LANGUAGES)], not turn) for turn, lang in enumerate(LANGUAGES)),
        *(
            pytest.param(lang, tuple(PLACES), True, marks=pytest.mark.soak, id=f"{lang}-all")
            for lang in LANGUAGES
        ),
    ],
)
async def test_every_screen_fits_speaks_one_language_and_is_drawn_alike(
    lang: str, places: Sequence[str], drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "256")
    faults: list[str] = []
    async with walking(prepared(), lang, shift=False, tape=drawn) as walk:
        await with_history(walk)
        for place in places:
            await go(walk, place)
            walk.fits()
            if drawn:
                walk.drawn_alike()
                walk.caret_fits()
            for rows in walk.app.screen.query(RowList):
                money_stands_right(rows)
            text = walk.text
            assert HOSTILE not in text
            assert "\x1b" not in text
            faults += [f"{place}: {fault}" for fault in foreign(text, lang)]
            await past_both_ends(walk)
            walk.fake.door.unsent.clear()
            await home_again(walk)
        assert (walk.terminals is not None) == drawn
        if walk.terminals is not None:
            assert 0 < walk.terminals.first.bytes < walk.terminals.bytes_stock / 10
    assert faults == []


def foreign(text: str, lang: str) -> list[str]:
    """Words of the other language on a screen, names of people and goods aside."""
    if lang == "zh_CN":
        return re.findall(r"[A-Za-z]{2,}", LATIN.sub(" ", text))
    for name in ("旗舰店", "惠园百货", "王芳", "陈经理", "李娜", "金卡", "九五折", "可口可乐", "可口可",
                 "西湖龙井茶",
                 "收银员",
                 "店长", "不记名卡", "记名卡", "爱喝热豆浆", "上次少找了 5 元", "西湖店", "普通",
                 "李**", "王**",
                 "洗车十次", "礼品卡", "充500送50",
                 "元旦", "国庆节", "人民路店",
                 "五常大米", "纯牛奶", "苹果", "欢迎光临", "谢谢惠顾", "中文", "演示"):  # fmt: skip
        text = text.replace(name, "")
    return re.findall(r"[\u4e00-\u9fff]+", text)


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("收款 F2 Pay now", "zh_CN", ["Pay", "now"]),
        ("Pay 收款 王芳", "en", ["收款"]),
        (" Enter 加入 PIN COLA ", "zh_CN", []),
    ],
)
def test_a_word_of_the_other_language_is_found(text: str, lang: str, found: list[str]) -> None:
    assert foreign(text, lang) == found


async def test_every_size_down_to_one_cell_survives_and_small_ones_say_so() -> None:
    async with walking(prepared(), shift=False) as walk:
        await go(walk, "SaleScreen")
        for width, height in SIZES:
            await walk.pilot.resize_terminal(width, height)
            await walk.settle()
            screen = walk.app.screen
            assert isinstance(screen, ShopScreen)
            small = width < 60 or height < 18
            assert screen.has_class("too-small") == small
            walk.fits()
            if small and width >= 40:
                assert walk.shows("窗口太小")
                assert "合计" not in walk.text
        await walk.pilot.resize_terminal(80, 24)
        await walk.settle()
        assert walk.shows("合计")


def still(text: str) -> str:
    """A screen without the seconds that somebody is being waited for: they pass while it is pulled."""
    return re.sub(r"\d+ +秒 *", "秒", text)


@pytest.mark.parametrize(
    "places",
    [
        ("HomeScreen", "LetterMenu", "SaleScreen", "Entry", "OwnPin", "StaffScreen", "Choice"),
        pytest.param(tuple(PLACES), marks=pytest.mark.soak, id="all"),
    ],
)
async def test_a_screen_gives_way_to_a_sentence_and_comes_back_as_it_was(places: tuple[str, ...]) -> None:
    async with walking(prepared(), shift=False) as walk:
        await with_history(walk)
        for place in places:
            await go(walk, place)
            before, focused = still(walk.text), walk.app.screen.focused
            await walk.pilot.resize_terminal(59, 17)
            await walk.settle()
            walk.fits()
            assert walk.text.split()[:2] == ["窗口太小：至少需要", "60x18，最好"], walk.text
            walk.send("f2", "f4", "9", "enter", "escape", "ctrl+y")  # nobody sees what they would do
            await walk.settle()
            for width, height in ((1, 1), (200, 60), (3, 1), (80, 24)):
                await walk.pilot.resize_terminal(width, height)
            await walk.settle()
            assert walk.name == place
            assert still(walk.text) == before
            assert walk.app.screen.focused is focused
            await home_again(walk)


async def test_sheets_and_lists_survive_every_size() -> None:
    async with walking(prepared(), shift=False) as walk:
        for place in ("PaymentScreen", "Entry", "NewPerson", "ResultScreen", "ShiftScreen"):
            await go(walk, place)
            for size in (*SIZES, (80, 24)):
                await walk.pilot.resize_terminal(*size)
                await walk.settle()
                walk.fits()
            assert walk.name == place
            await home_again(walk)


async def test_a_wide_terminal_gains_a_column() -> None:
    async with walking(size=(132, 43)) as walk:
        await walk.open_sale("TEA")
        assert walk.shows("编码", "西湖龙井茶 250g")
        assert any("TEA" in row and "西湖" in row for row in rows_of(walk.app.screen))


async def test_nothing_animates_blinks_or_asks_the_mouse() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f2")
        app: App[None] = walk.app
        assert app.animation_level == "none"
        assert all(not field.cursor_blink for field in app.screen.query(Input))
        assert CARD_PIN not in walk.text
