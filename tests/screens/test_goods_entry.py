"""The one field on goods: no question for what is known here, names while typing, else the server."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.widgets import Input

from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.errors import Refused
from huiyuan.screens import goods_entry
from huiyuan.screens.goods_entry import name_typed, split_entry
from tests.screens.fake_ledger import HOSTILE
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking

MEMBER_CARD = "88000001"


async def suggested(walk: Walk, text: str) -> None:
    """Type and wait until the pause after the last character is over."""
    await walk.type(text, enter=False)
    await asyncio.sleep(goods_entry.TYPING_PAUSE_S + 0.03)
    await walk.settle()


def trips(fake: FakeShop) -> list[int]:
    """Counts questions of any kind from now on."""
    count = [0]
    travel = fake.travel

    def counted() -> None:
        count[0] += 1
        travel()

    fake.travel = counted  # type: ignore[method-assign]
    return count


async def test_a_scan_of_what_is_here_asks_nobody() -> None:
    async with walking() as walk:
        await walk.open_sale()
        count = trips(walk.fake)
        for code in ("COLA", "3*MILK", "COLA", "RICE"):
            await walk.type(code)
        assert walk.shows("可口可乐", "纯牛奶", "五常大米", "3 行 6 件")
        assert count == [0]


async def test_while_the_goods_are_not_here_the_server_is_asked_once_a_scan() -> None:
    async with walking(FakeShop(goods_here=False)) as walk:
        await walk.open_sale()
        count = trips(walk.fake)
        await walk.type("COLA")
        assert walk.shows("可口可乐")
        assert count == [1]
        await suggested(walk, "kele")
        assert walk.shows("商品资料正在下载")


async def test_a_card_is_asked_for_once_and_a_code_nobody_knows_is_said() -> None:
    async with walking() as walk:
        await walk.open_sale()
        count = trips(walk.fake)
        await walk.type(MEMBER_CARD)
        assert walk.shows("李娜")
        assert count == [1]
        await walk.type("NOSUCH")
        assert walk.shows("没有找到 NOSUCH")


async def test_a_barcode_with_a_wrong_last_digit_is_said() -> None:
    async with walking() as walk:
        await walk.open_sale()
        await walk.type("6901234567890")
        assert walk.shows("EAN-13", "末位应为 2")


async def test_pinyin_and_characters_offer_goods_and_enter_takes_the_first() -> None:
    offered = {"kkkl": "可口可乐", "纯牛": "纯牛奶", "xhlj": "西湖龙井", "dm": "五常大米"}
    async with walking() as walk:
        await walk.open_sale()
        count = trips(walk.fake)
        for lines, (typed, name) in enumerate(offered.items(), 1):
            assert name not in walk.text
            await suggested(walk, f"2*{typed}")
            assert walk.shows(name)
            assert walk.fits()
            await walk.press("enter")
            assert walk.shows(f"{lines} 行 {2 * lines} 件", name)
        assert count == [0]


async def test_the_arrows_choose_and_escape_drops() -> None:
    goods = [
        Product(n, f"T{n}", f"绿茶 {n}号", "goods", "piece", "V13", 1300, 100 * n) for n in range(20, 50)
    ]
    async with walking(FakeShop(products=goods)) as walk:
        await walk.open_sale()
        await suggested(walk, "lc")
        assert walk.shows("绿茶 20号", "绿茶 27号", "只显示前 20 个")
        assert walk.fits()
        await walk.press("down", "down", "enter")
        assert walk.shows("1 行 1 件", "绿茶 22号")
        await suggested(walk, "lc")
        await walk.press("escape")
        assert walk.name == "SaleScreen"
        assert "绿茶 20号" not in walk.text
        await walk.press("enter")
        assert walk.shows("1 行 1 件")


@pytest.mark.parametrize(("lang", "size"), [("en", (80, 24)), ("zh_CN", (60, 18)), ("en", (132, 43))])
async def test_what_is_offered_fits(lang: str, size: tuple[int, int]) -> None:
    goods = [
        Product(n, f"{n}" * 15, "绿茶" * 60, "goods", "piece", "V13", 1300, 10**11) for n in range(20, 50)
    ]
    hostile = Product(60, "LC[/x]", f"绿茶 {HOSTILE}", "goods", "piece", "V13", 1300, 0, open_price=True)
    async with walking(FakeShop(products=[hostile, *goods]), lang, size=size) as walk:
        await walk.open_sale()
        await suggested(walk, "lc")
        assert walk.shows("open price" if lang == "en" else "自定价", "[/x]")
        assert HOSTILE not in walk.text
        assert walk.fits()


async def test_a_code_that_is_one_is_taken_as_the_code_whatever_is_offered() -> None:
    goods = [Product(20, "LC", "礼盒", "goods", "piece", "V13", 1300, 5000),
             Product(19, "T19", "绿茶", "goods", "piece", "V13", 1300, 100)]  # fmt: skip
    async with walking(FakeShop(products=goods)) as walk:
        await walk.open_sale()
        await suggested(walk, "LC")
        await walk.press("enter")
        assert walk.shows("1 行 1 件", "礼盒")


async def test_a_quantity_that_is_none_takes_nothing_that_is_offered() -> None:
    async with walking() as walk:
        await walk.open_sale()
        for typed in ("0*kl", "-1*kl", "1e9*kl", "1.0005*kl", "NaN*kl", "0x10*kl", "1,000*kl", "٣*kl"):
            await suggested(walk, typed)
            assert isinstance(field := walk.app.screen.focused, Input)
            assert field.value == typed
            await walk.press("enter")
            assert not walk.app.screen.cart.lines, typed  # type: ignore[attr-defined]
            await walk.press("ctrl+u")


async def test_a_price_that_changed_meanwhile_has_the_copy_freshened_at_once() -> None:
    async with walking() as walk:
        was = list(walk.fake.ledger.products.values())
        walk.fake.catalogue.goods = lambda: was
        await walk.open_sale("COLA")
        cola = walk.fake.ledger.products[1]
        walk.fake.ledger.products[1] = replace(cola, price_minor=cola.price_minor + 10)
        await walk.press("f2", "enter")
        assert walk.fake.catalogue.freshened[-1] is True
        await walk.press("f5")
        assert walk.shows("合计  ¥3.60")


async def test_a_reader_that_sends_four_thousand_characters_adds_nothing_and_harms_nothing() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        walk.send("ctrl+right_square_bracket", *"]C101069012345678901726010110AB", *("9" * 4000))
        await walk.settle()
        await walk.press("enter")
        assert walk.shows("没有找到", "1 行 1 件", "可口可乐")
        assert walk.fits()
        await walk.type("MILK")
        assert walk.shows("2 行 2 件")


async def test_receiving_finds_goods_the_same_way() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("f9")
        count = trips(walk.fake)
        await suggested(walk, "24*cnn")
        await walk.press("enter")
        assert walk.shows("纯牛奶", "24")
        assert count == [0]
        await walk.type(MEMBER_CARD)
        assert walk.shows(f"没有找到 {MEMBER_CARD}")


async def test_the_start_the_sign_in_and_the_sale_have_the_copy_freshened_if_it_is_old() -> None:
    async with walking() as walk:
        await walk.settle()
        assert walk.fake.catalogue.freshened == [False]
        await walk.open_sale()
        assert walk.fake.catalogue.freshened == [False] * 3


async def test_what_only_the_server_knows_has_the_copy_freshened_at_once() -> None:
    async with walking() as walk:
        await walk.open_sale()
        fresh = Product(77, "FRESH", "今日新品", "goods", "piece", "V13", 1300, 100)
        walk.fake.ledger.products[77] = fresh
        walk.fake.catalogue.goods = tuple
        await walk.type("FRESH")
        assert walk.shows("今日新品")
        assert walk.fake.catalogue.freshened[-1] is True


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("6901", ""),
        ("3*kl", "kl"),
        ("3 * 可", "可"),
        ("ｋｌ", "kl"),
        ("12.5", ""),
        ("a*b", ""),
        ("-1*kl", ""),
        ("1e9*kl", ""),
        ("  ", ""),
        ("-", ""),
    ],
)
def test_only_letters_are_the_beginning_of_a_name(text: str, name: str) -> None:
    assert name_typed(text) == name


@pytest.mark.parametrize(
    ("text", "code", "qty_milli"),
    [
        ("3*COLA", "COLA", 3000), ("COLA*3", "COLA", 3000), ("COLA * 1.5", "COLA", 1500),
        ("ＣＯＬＡ＊２", "COLA", 2000), ("12*6901234567892", "6901234567892", 12000),
        ("6901234567892*12", "6901234567892", 12000), ("2*5", "5", 2000), ("20123456*2", "20123456", 2000),
        ("6901234567892", "6901234567892", None), ("COLA", "COLA", None),
        ("3*6901234567892", "6901234567892", 3000),
    ],
)  # fmt: skip
def test_a_quantity_stands_on_either_side_and_a_barcode_is_none(
    text: str, code: str, qty_milli: int | None
) -> None:
    assert split_entry(text) == (code, qty_milli)


def test_two_barcodes_with_a_star_between_are_no_quantity() -> None:
    with pytest.raises(Refused) as refused:
        split_entry("6901234567892*6901234567892")
    assert refused.value.code == "out_of_range"


async def test_code_times_three_is_three() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA*3")
        assert walk.shows("10.50")
