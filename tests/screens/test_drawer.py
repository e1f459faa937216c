"""The drawer and what goes back over the counter: shifts, voids, returns, deliveries."""

from __future__ import annotations

from huiyuan.domain.model.document import Kind, ReturnLine
from tests.screens.walk import Walk, walking


async def sold(walk: Walk, *codes: str) -> None:
    """A cash sale, and back home."""
    await walk.open_sale(*codes)
    await walk.press("f2", "enter")
    await walk.past_result()
    await walk.press("escape")


async def test_a_shift_is_opened_read_printed_counted_and_closed() -> None:
    async with walking(shift=False) as walk:
        await walk.sign_in()
        await walk.press("f4")
        await walk.type("abc")
        assert walk.shows("不是数字")
        await walk.press("ctrl+u")
        await walk.type("200")
        assert walk.shows("开班：已入账")
        await walk.past_result()
        await walk.press("f4")
        assert walk.shows("备用金", "¥200.00", "应有现金", "王芳")
        await walk.press("f6")
        assert walk.shows("小票已打印")
        assert any("(X)" in line for line in walk.fake.printer.receipts[-1].lines)
        await walk.press("f4")
        await walk.type("195.50")
        assert walk.shows("已交班，短款 ¥4.50", "全店校验码")
        assert [d.counted_minor for d in walk.fake.ledger.of_kind(Kind.SHIFT_CLOSE)] == [19550]
        await walk.past_result()
        assert walk.shows("未开班")
        await walk.press("f4")
        await walk.type("200")
        assert walk.shows("第 2 班")


async def test_the_count_is_typed_before_the_difference_is_told() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f4", "f4")
        assert walk.shows("请清点钱箱里的全部现金")
        await walk.press("enter")
        assert walk.shows("不是数字")
        assert walk.fake.ledger.of_kind(Kind.SHIFT_CLOSE) == []


async def test_the_last_sale_is_voided_with_a_reason_and_only_once() -> None:
    async with walking() as walk:
        await sold(walk, "COLA")
        await walk.press("f8", "enter")
        await walk.type(" ")
        assert walk.shows("需要填写原因")
        await walk.type("扫错")
        assert walk.shows("作废", "S01-1-000002")
        await walk.past_result()
        assert walk.shows("已作废")
        await walk.press("enter")
        assert walk.shows("这张单据不能作废")
        assert len(walk.fake.ledger.of_kind(Kind.REVERSAL)) == 1


async def test_a_document_is_voided_by_its_receipt() -> None:
    """What belongs to no shift stands in no list of one."""
    async with walking() as walk:
        await sold(walk, "COLA")
        await walk.press("f8", "f4")
        await walk.type("S01-1-000099")
        assert walk.shows("核对小票号")
        await walk.press("f4")
        await walk.type("s01-1-000001")
        await walk.type("扫错")
        assert walk.shows("作废", "S01-1-000002")
        await walk.past_result()
        await walk.press("f4")
        await walk.type("S01-1-000002")
        assert walk.shows("这张单据不能作废")
        await walk.press("f4")
        await walk.type("S01-1-000001")
        await walk.type("又错")
        assert len(walk.fake.ledger.of_kind(Kind.REVERSAL)) == 1


async def test_lines_come_back_no_more_than_are_left() -> None:
    async with walking() as walk:
        await sold(walk, "3*MILK", "COLA")
        await walk.press("f7")
        await walk.type("s01-1-000001")
        assert walk.shows("纯牛奶 1L", "可口可乐")
        await walk.press("enter", "ctrl+u")
        await walk.type("4")
        assert walk.shows("第 1 行只剩 3 可退")
        await walk.press("ctrl+u")
        await walk.type("2")
        assert walk.shows("应退", "¥25.80")
        await walk.press("f2")
        await walk.type("质量问题")
        assert walk.shows("请付现金 ¥25.80")
        document = walk.fake.ledger.of_kind(Kind.RETURN)[0]
        assert document.lines == (ReturnLine(n=1, of=1, qty_milli=2000),)


async def test_everything_left_comes_back_with_one_key() -> None:
    async with walking() as walk:
        await sold(walk, "3*MILK", "COLA")
        await walk.press("f7")
        await walk.type("S01-1-000001")
        await walk.press("f3")
        assert walk.shows("¥42.20")


async def test_an_unknown_receipt_is_said() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f7")
        await walk.type("S01-1-999999")
        assert walk.shows("这里没有可退的这张单据")


async def test_a_delivery_is_scanned_and_booked_with_its_cost() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f9")
        await walk.type("24*COLA")
        await walk.type("MILK")
        await walk.type("COLA")
        await walk.press("up", "f6")
        await walk.type("1.80")
        assert walk.shows("25", "1.80")
        await walk.press("f2")
        assert walk.shows("收货：已入账")
        stock = walk.fake.ledger.of_kind(Kind.STOCK_RECEIPT)[0].stock
        assert {(row.product, row.qty_milli, row.cost_minor) for row in stock} == {
            (1, 25000, 180),
            (2, 1000, None),
        }


async def test_leaving_a_delivery_asks_first() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f9")
        await walk.type("COLA")
        await walk.press("escape")
        assert walk.shows("要离开并丢弃清单吗")
        await walk.press("escape")
        assert walk.shows("可口可乐")


async def test_a_jam_undoes_nothing_and_the_slip_is_printed_again_as_a_copy() -> None:
    async with walking() as walk:
        walk.fake.printer.broken = True
        await walk.open_sale("COLA")
        await walk.press("f2", "enter")
        assert walk.shows("已入账。小票待打（缺纸）")
        walk.fake.printer.broken = False
        await walk.press("f5")
        assert [slip.is_copy for slip in walk.fake.printer.receipts] == [False]
        await walk.press("f5")
        slip = walk.fake.printer.receipts[1]
        assert slip.is_copy
        assert not slip.opens_drawer
        assert "副本" in slip.lines[0]
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1


async def test_what_leaves_a_basket_unpaid_rides_on_the_next_document() -> None:
    async with walking() as walk:
        await walk.open_sale("3*MILK", "COLA")
        await walk.press("f4")
        await walk.press("f3", "ctrl+u")
        await walk.type("1")
        await walk.press("f2", "enter")
        removed = walk.fake.ledger.of_kind(Kind.SALE)[0].removed
        assert [(row.qty_milli, row.why) for row in removed] == [(1000, "line"), (2000, "quantity")]
        walk.fake.removals.forget(removed)
        await walk.past_result()
        await walk.type("COLA")
        await walk.press("f9", "enter")
        await walk.type("MILK")
        await walk.press("escape", "enter")
        assert [row.why for row in walk.fake.removals.waiting()] == ["basket", "left"]
        await walk.press("f4", "f4")
        await walk.type("200")
        closed = walk.fake.ledger.of_kind(Kind.SHIFT_CLOSE)[0]
        assert [row.why for row in closed.removed] == ["basket", "left"]


async def test_cash_beside_sales_asks_how_much_and_why() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("f4", "f2", "2")
        await walk.type("50")
        await walk.press("enter")
        assert walk.shows("需要填写原因")
        await walk.type("钱太多")
        assert walk.shows("缴款入柜", "¥50.00", "钱太多")
        assert walk.fake.printer.receipts[-1].opens_drawer
        await walk.past_result()
        await walk.press("f3")
        await walk.type("换零钱")
        assert walk.shows("空开钱箱")
        kinds = [entry.document.kind for entry in walk.fake.ledger.entries.values()]
        assert kinds == [Kind.CASH_DROP, Kind.NO_SALE]
        assert walk.fake.ledger.cash_minor == 15000


async def test_a_count_that_differs_is_counted_again_or_explained_and_a_second_person_signs() -> None:
    async with walking() as walk:
        walk.fake.ledger.denominations = (10000, 5000, 100)
        walk.fake.ledger.gap_free_minor = 100
        await walk.sign_in()
        await walk.press("f4", "f4")
        await walk.type("1")
        await walk.type("x")
        assert walk.shows("不是")
        await walk.press("ctrl+u")
        await walk.type("1")
        assert walk.shows("已点 ¥150.00")
        await walk.press("f2")
        assert walk.shows("实点与账面不符")
        await walk.press("1", "f3")
        await walk.type("190")
        await walk.press("2")
        await walk.type("少了十元")
        assert walk.shows("长短款超出您的权限")
        await walk.type("2001")
        await walk.type("2001")
        assert walk.shows("短款 ¥10.00")
        closed = walk.fake.ledger.of_kind(Kind.SHIFT_CLOSE)[0]
        assert (closed.counted_minor, closed.counts, closed.reason) == (19000, (), "少了十元")


async def test_an_old_z_is_found_and_printed_again_as_a_copy() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f4", "f4")
        await walk.type("200")
        await walk.past_result()
        await walk.press("f4", "f8")
        assert walk.shows("历史班次")
        await walk.type("99")
        assert walk.shows("没有这样的班次")
        await walk.type("2026-13-99")
        assert walk.shows("请输入 Z 单的班次号")
        await walk.type("1")
        await walk.press("enter")
        slip = walk.fake.printer.receipts[-1]
        assert slip.is_copy
        assert any("补打次数" in line for line in slip.lines)
