"""Devices on the screen: how they stand, which line reads correctly, care, the report; the customer."""

from __future__ import annotations

import pytest

from huiyuan.config.i18n import translate
from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.devices import AttachedDevice
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.model.printing import PrinterState
from huiyuan.domain.model.scan_timing import ScannerHabits
from huiyuan.screens.device_words import advice_text
from huiyuan.screens.widgets.fields import ShopInput
from huiyuan.screens.wording import Wording
from tests.screens.walk import Walk, walking


async def to_devices(walk: Walk) -> None:
    """From the sign-in."""
    await walk.sign_in()
    await walk.press("ctrl+y", "e")
    assert walk.name == "DevicesScreen"


async def test_what_is_attached_and_what_was_said_can_be_read_out() -> None:
    async with walking() as walk:
        await to_devices(walk)
        assert walk.shows("打印机", "192.168.1.50", "正常", "钱箱", "读卡器", "未插上")
        assert walk.shows("10 04 01", "< 12", "缺纸", "每行字符格数：32")
        await walk.press("f5")
        assert walk.shows("已询问所有设备")
        assert walk.fake.devices.checks == 1


async def test_bytes_are_of_the_marked_device_and_it_is_asked_again_and_again() -> None:
    async with walking() as walk:
        await to_devices(walk)
        assert walk.shows("打印机收发的字节", "10 04 01")
        await walk.press("f3")
        assert walk.shows("打印机：20 次询问全部应答", "12 毫秒")
        walk.fake.devices.lost = 3
        await walk.press("f3")
        assert walk.shows("只应答 17 次", "请检查插头和连线")
        await walk.press("down", "down")
        assert walk.shows("读卡器收发的字节", "ff ca 00 00 00")
        assert "10 04 01" not in walk.text
        await walk.press("f3")
        assert walk.shows("读卡器上没有卡")


async def test_a_device_in_trouble_says_what_to_do_and_home_goes_on_naming_its_reader() -> None:
    async with walking() as walk:
        await to_devices(walk)
        await walk.press("down", "down")
        assert walk.shows("读卡器没有插上")
        walk.fake.devices.reader = "no_service"
        lost = DeviceState("card_reader", Condition.NO_SERVICE, driver="ctypes")
        walk.app.device_stands(lost)
        await walk.settle()
        assert walk.shows("服务未运行", "请启动 pcscd")


def test_words_for_trouble_of_every_device() -> None:
    for lang in ("zh_CN", "en"):
        say = Wording(translate(lang), lang)
        for kind, state in (
            ("printer", "no_paper"), ("printer", "paper_low"), ("printer", "unreachable"),
            ("scale", "silent"), ("scale", "unreachable"), ("scale", "garbled"), ("display", "unreachable"),
            ("reader", "seized"), ("reader", "held"), ("scanner", "absent"), ("scanner", "not_allowed"),
        ):  # fmt: skip
            assert advice_text(say, AttachedDevice(kind, "", "", state)), (kind, state)
        for kind in ("printer", "scale", "display", "reader", "scanner", "drawer"):
            assert advice_text(say, AttachedDevice(kind, "", "", "ready")) == ""


async def test_trouble_of_the_printer_is_said_between_two_customers() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f2")
        walk.fake.printer.stands = PrinterState.NO_PAPER
        walk.app.printer_state(PrinterState.NO_PAPER)
        await walk.settle()
        assert walk.shows("打印机：缺纸。请装纸")
        await walk.type("COLA")
        walk.fake.printer.stands = PrinterState.COVER_OPEN
        walk.app.printer_state(PrinterState.COVER_OPEN)
        await walk.settle()
        assert "机盖未关" not in walk.text  # somebody is served
        await walk.press("f2", "enter")
        await walk.past_result()
        assert walk.shows("上一笔", "机盖未关", "请关好机盖")
        walk.fake.printer.stands = PrinterState.READY
        walk.app.printer_state(PrinterState.READY)
        await walk.settle()
        assert "机盖未关" not in walk.text


async def test_the_line_that_reads_correctly_is_the_printer_s_encoding() -> None:
    async with walking() as walk:
        await to_devices(walk)
        await walk.press("f6")
        assert walk.shows("哪一行显示正确", "gb18030", "gbk", "gb2312", "utf-8", "raster", "都不对")
        await walk.press("2")
        assert walk.shows("第 5 行也显示正确吗")
        await walk.press("1")
        assert (walk.fake.devices.encoding, walk.fake.devices.draws) == ("gbk", True)
        assert walk.shows("从现在起小票用 gbk 编码打印")
        await walk.press("f6", "6")
        assert walk.shows("没有合适的中文字库")
        assert walk.fake.devices.encoding == "gbk"


async def test_a_printer_without_chinese_characters_draws_every_line() -> None:
    async with walking() as walk:
        await to_devices(walk)
        await walk.press("f6", "1", "2")
        assert (walk.fake.devices.encoding, walk.fake.devices.draws) == ("gb18030", False)
        await walk.press("f6", "5")
        assert (walk.fake.devices.encoding, walk.fake.devices.draws) == ("raster", True)


@pytest.mark.parametrize(
    ("outcome", "words"), [("no_paper", "没有打出来：缺纸"), ("cut", "没有打出来：打印中途连接断开")]
)
async def test_without_a_page_nothing_is_asked(outcome: str, words: str) -> None:
    async with walking() as walk:
        await to_devices(walk)
        walk.fake.devices.outcome = outcome
        await walk.press("f6")
        assert walk.name == "DevicesScreen"
        assert walk.shows(words)


async def test_care_is_noted_with_a_name_and_the_report_says_where_it_lies() -> None:
    async with walking() as walk:
        await to_devices(walk)
        assert walk.shows("还没有保养记录")
        await walk.press("f4")
        await walk.type("打印头已清洁")
        assert walk.shows("2026-03-01 打印头已清洁")
        (note,) = walk.fake.devices.notes()
        assert (note.by, note.kind) == ("1001", "printer")
        assert walk.shows("查看于")
        await walk.press("down", "down")
        assert walk.shows("保养：还没有保养记录", "请擦拭读卡器")
        assert "打印头已清洁" not in walk.text
        await walk.press("f4")
        assert walk.shows("读卡器")
        await walk.type("已擦拭")
        assert walk.shows("已擦拭")
        await walk.press("f7")
        assert walk.shows("devices-1.txt", "/home/0123456789")
        walk.fake.devices.full = True
        await walk.press("f7")
        assert walk.shows("ENOSPC")


async def test_figures_for_the_customer() -> None:
    async with walking() as walk:
        await to_devices(walk)
        await walk.press("f8")
        assert walk.shows("888.88")
        walk.fake.devices.display_well = False
        await walk.press("f8")
        assert walk.shows("没有顾客显示屏")


async def test_the_customer_sees_the_total_and_then_the_change() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f2")
        await walk.type("COLA")
        await walk.press("f2")
        assert set(walk.fake.display.shown) == {("3.50",)}
        await walk.type("10")
        assert walk.fake.display.shown[-1] == ("3.50", "6.50")


async def test_a_scanner_is_looked_at_and_what_is_proposed_is_kept() -> None:
    before = ShopInput.scanner
    try:
        async with walking() as walk:
            await to_devices(walk)
            await walk.press("f9")
            assert walk.name == "ScanTest"
            walk.send("f12", *"100234", "tab")
            await walk.pilot.pause(0.8)
            await walk.settle()
            assert walk.shows("扫码枪正常", "<f12>", "tab")
            assert "100234" not in walk.text
            await walk.press("f2")
            assert walk.name == "DevicesScreen"
            assert walk.shows("扫码枪的设置已保存", "打印机 缺纸", "保养")
            assert walk.fake.devices.habits == ScannerHabits(prefix="<f12>", suffix="tab", shortest=6)
            assert ShopInput.scanner == walk.fake.devices.habits
            await walk.press("f9", "escape")
            assert walk.name == "DevicesScreen"
    finally:
        ShopInput.scanner = before


async def test_a_card_on_the_reader_is_told_in_words_and_masked() -> None:
    async with walking() as walk:
        await to_devices(walk)
        walk.app.card_laid(PresentedCard((("ndef", "8800012345"), ("uid", "04A1B2C3D4")), "ntag"))
        await walk.settle()
        assert walk.shows("此卡可读（NTAG）", "******2345", "******C3D4")
        assert "8800012345" not in walk.text
        await walk.press("f2")
        assert walk.shows("读卡器")
        assert walk.fake.devices.tests == ["card_good", "no_card_reader"]
