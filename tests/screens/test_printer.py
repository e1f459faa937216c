"""Paper on the screens: a jam is said and undoes nothing, a person decides, the home screen counts."""

from __future__ import annotations

import pytest

from huiyuan.config.i18n import LANGUAGES
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.printing import JobState
from tests.screens.walk import Walk, walking


async def sell(walk: Walk) -> None:
    """One cola in cash, from home."""
    await walk.press("f2")
    await walk.type("COLA")
    await walk.press("f2", "enter")


async def to_printer(walk: Walk) -> None:
    """From home."""
    await walk.press("ctrl+o", "f6")
    assert walk.name == "PrinterScreen"


async def test_a_slip_without_paper_waits_and_is_tried_again_from_the_printer_screen() -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.fake.printer.broken = True
        await sell(walk)
        assert walk.shows("已入账。小票待打（缺纸）")
        await walk.past_result()
        await walk.press("escape")
        assert walk.shows("缺纸", "1 张，按 ^O 查看")
        await to_printer(walk)
        assert walk.shows("打印机：缺纸", "S01-1-000001", "未打出，会自动再打", "请装纸")
        await walk.press("enter")
        assert walk.fake.printer.receipts == []
        walk.fake.printer.broken = False
        await walk.press("enter")
        assert walk.shows("没有待打的小票")
        assert [slip.is_copy for slip in walk.fake.printer.receipts] == [False]
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1


async def test_a_torn_slip_asks_and_comes_again_as_a_copy_only() -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.fake.printer.tearing = True
        await sell(walk)
        assert walk.shows("已入账。请看打印纸（打印中途连接断开）")
        walk.fake.printer.tearing = False
        await walk.press("f5")
        assert walk.shows("小票已打印")
        (copy,) = walk.fake.printer.receipts
        assert copy.is_copy
        assert "副本" in copy.lines[0]


async def test_a_person_says_that_it_is_on_paper_or_gives_it_up_with_a_reason() -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.fake.printer.tearing = True
        for _ in range(2):
            await sell(walk)
            await walk.past_result()
            await walk.press("escape")
        await to_printer(walk)
        first, second = walk.fake.print_jobs.waiting()
        await walk.press("f3")
        assert walk.fake.print_jobs.jobs[first.id].state is JobState.PRINTED
        await walk.press("f4")
        await walk.type(" ")
        assert walk.shows("需要填写原因")
        await walk.type("撕坏了")
        assert walk.fake.print_jobs.told == {first.id: "1001", second.id: "1001: 撕坏了"}
        assert walk.shows("没有待打的小票")
        assert walk.fake.printer.receipts == []


async def test_a_test_page_and_a_copy_of_an_old_receipt() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await sell(walk)
        await walk.past_result()
        await walk.press("escape")
        await to_printer(walk)
        await walk.press("f6", "f7")
        await walk.type("S01-1-000001")
        assert walk.shows("正在打印 S01-1-000001 的副本")
        _, page, copy = walk.fake.printer.receipts
        assert page.number == "TEST"
        assert (copy.number, copy.is_copy, copy.opens_drawer) == ("S01-1-000001", True, False)
        assert any("可口可乐" in line for line in copy.lines)
        await walk.press("f7")
        await walk.type("S01-1-000999")
        assert walk.name == "PrinterScreen"
        assert len(walk.fake.printer.receipts) == 3


async def test_a_disk_that_keeps_no_slip_is_said_and_the_sale_stands() -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.fake.print_jobs.full = True
        await sell(walk)
        assert walk.shows("小票无法保存待打", "SQLITE_FULL")
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1
        walk.fake.print_jobs.full = False
        await walk.press("f5")
        assert len(walk.fake.printer.receipts) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_home_says_how_the_counter_stands(lang: str) -> None:
    words = {
        "zh_CN": ("登录人", "王芳", "营业日期", "班次", "线路", "在线", "打印机", "正常", "待打小票",
                  "待处理", "上次备份", "20 小时前"),
        "en": ("Signed in", "王芳", "Business date", "Shift", "Line", "online", "Printer", "ready",
               "Slips waiting", "Open items", "Last backup", "20 h ago"),
    }  # fmt: skip
    async with walking(lang=lang) as walk:
        await walk.sign_in()
        assert walk.shows(*words[lang])
        walk.fits()
        await walk.pilot.resize_terminal(60, 24)
        await walk.settle()
        walk.fits()


async def test_a_slip_that_a_dead_counter_owes_is_printed_at_the_next_home_screen() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await sell(walk)
        await walk.past_result()
        fake = walk.fake
        fake.print_jobs.jobs.clear()
        fake.printer.receipts.clear()
        fake.print_jobs.owes = ["S01-1-000001"]
        await walk.press("escape")
        assert walk.shows("还有 1 张小票")
        (slip,) = fake.printer.receipts
        assert (slip.number, slip.is_copy, slip.opens_drawer) == ("S01-1-000001", False, False)
        assert any("可口可乐" in line for line in slip.lines)
