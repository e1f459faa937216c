"""Coupons at the sale: scanned, listed, taken off, and named in the one document."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta

from huiyuan.domain.model.coupon import Coupon, code_from
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.screens.tendering import REPEAT_S
from tests.screens.fake_ledger import NOON
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import walking

CODE = code_from(123_456_789)


def ten_off(expires_at: datetime = NOON + timedelta(days=9)) -> Coupon:
    return Coupon(
        token="ab" * 32, last=CODE[-4:], rule=70, version=2, name="十元券", kind="off", state="open",
        expires_at=expires_at, off_minor=1000, min_minor=2000,
    )  # fmt: skip


def shop_with(*coupons: Coupon) -> FakeShop:
    fake = FakeShop()
    fake.coupons += coupons
    return fake


async def test_a_scanned_code_lowers_the_basket_and_stands_in_the_document() -> None:
    async with walking(shop_with(ten_off())) as walk:
        await walk.open_sale("MILK", CODE.lower())
        assert walk.shows("十元券", "还差 ¥7.10", "合计  ¥12.90")
        await walk.type("MILK")
        assert walk.shows("合计  ¥15.80")
        await walk.press("ctrl+y", "y")
        assert walk.shows("十元券", "-10.00")
        await walk.press("enter", "f2", "enter")
        (sale,) = walk.fake.ledger.of_kind(Kind.SALE)
        assert [(each.source, each.coupon, each.rule, each.version) for each in sale.adjustments] == [
            ("coupon", "ab" * 32, 70, 2)
        ]


async def test_what_is_no_open_coupon_is_said_and_not_taken() -> None:
    used = replace(ten_off(), state="used")
    async with walking(shop_with(used)) as walk:
        await walk.open_sale("2*MILK", CODE)
        assert walk.shows("已被使用", "合计  ¥25.80")
    async with walking(shop_with()) as walk:
        await walk.open_sale("2*MILK", CODE)
        assert walk.shows("没有发放过", "合计  ¥25.80")


async def test_the_list_takes_one_off_and_adds_it_again() -> None:
    async with walking(shop_with(ten_off())) as walk:
        await walk.open_sale("2*MILK", CODE)
        assert walk.shows("合计  ¥15.80")
        await walk.type(CODE)
        assert walk.shows("已在本单中", "合计  ¥15.80")
        await walk.press("ctrl+y", "u")
        assert walk.shows("十元券", "-10.00")
        assert walk.fits()
        await walk.press("enter")
        assert walk.shows("已取下", "合计  ¥25.80")


async def test_a_member_is_given_a_coupon_and_it_is_voided() -> None:
    async with walking(shop_with(replace(ten_off(), holder=1))) as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000001")
        await walk.press("f7", "enter", "ctrl+y", "u")
        screen = walk.app.screen
        walk.fake.coupons[:] = [replace(ten_off(), holder=screen.member)]  # type: ignore[attr-defined]
        await walk.press("f5")
        assert walk.shows("十元券", "可用")
        await walk.press("f2", "1")
        await walk.type("生日")
        (issued,) = walk.fake.ledger.of_kind(Kind.COUPON_ISSUE)
        (row,) = issued.coupons
        assert (issued.total_minor, issued.reason, row.rule, row.version) == (1000, "生日", 70, 2)
        assert len(row.token) == 64
        assert row.holder == screen.member  # type: ignore[attr-defined]
        await walk.press("f4")
        await walk.type("丢失")
        (void,) = walk.fake.ledger.of_kind(Kind.COUPON_VOID)
        assert void.coupons[0].token == "ab" * 32
        slips = {id: each.receipt.lines for id, each in walk.fake.print_jobs.jobs.items()}
        assert set(slips) == {issued.id, void.id}, "a slip that is not put is owed, and comes later unasked"
        assert any("发券单" in line for line in slips[issued.id])
        assert any("作废券单" in line for line in slips[void.id])


def earning() -> RuleVersion:
    """Five off for every ten."""
    body = {"kind": "off", "off_minor": 500, "earn_minor": 1_000, "per_sale": 2}
    return RuleVersion(71, 1, RuleFamily.COUPON, "五元券", term_days=30, body=body)


async def test_what_a_sale_earns_is_said_before_it_is_paid_and_printed_for_who_has_no_card() -> None:
    async with walking(shop_with()) as walk:
        walk.fake.rules.append(earning())
        await walk.open_sale("2*MILK")
        await walk.press("f2")
        assert walk.shows("本单送券", "五元券 x2")
        await walk.press("enter")
        assert walk.shows("2 张（纸券）")
        (sale,) = walk.fake.ledger.of_kind(Kind.SALE)
        assert [(row.rule, row.version, row.holder) for row in sale.coupons] == [(71, 1, None)] * 2
        slips = [each.receipt for each in walk.fake.print_jobs.jobs.values()]
        codes = [each.code for each in slips[:-1]]
        assert [walk.fake.reads.coupon_token(code) for code in codes] == [row.token for row in sale.coupons]
        assert all(row.last and any(row.last in line for line in slips[-1].lines) for row in sale.coupons)


async def test_what_a_members_sale_earns_is_the_members_and_needs_no_paper() -> None:
    async with walking(shop_with()) as walk:
        walk.fake.rules.append(earning())
        await walk.open_sale("2*MILK", "88000001")
        await walk.press("f2", "enter")
        assert walk.shows("2 张，见会员页")
        await walk.past_result()
        await walk.press("f8", "enter")
        assert walk.shows("本单所送的券：2 张", "一并作废")
        (sale,) = walk.fake.ledger.of_kind(Kind.SALE)
        assert sale.wallet is not None
        assert len(sale.coupons) == 2
        assert len(walk.fake.print_jobs.jobs) == 1


async def test_without_the_line_nothing_is_earned_and_no_coupon_is_taken() -> None:
    async with walking(shop_with(ten_off())) as walk:
        walk.fake.rules.append(earning())
        await walk.open_sale("2*MILK", CODE)
        await walk.press("f2")
        walk.fake.line_down = True
        await walk.press("enter")
        assert walk.shows("断网时不收券")
        assert list(walk.fake.door.unsettled()) == []
        await walk.press("escape", "ctrl+y", "u", "enter", "f2")
        await asyncio.sleep(REPEAT_S + 0.05)
        await walk.press("enter")
        (kept,) = walk.fake.door.unsettled()
        assert kept.offline_at is not None
        assert kept.coupons == ()


async def test_a_basket_put_aside_holds_nothing_that_pays_and_its_coupon_comes_back() -> None:
    marked = replace(ten_off(), mark="cd" * 32)
    async with walking(shop_with(marked)) as walk:
        await walk.open_sale("2*MILK", CODE)
        assert walk.shows("合计  ¥15.80")
        kept = walk.fake.baskets.kept()
        assert kept is not None
        assert marked.token not in json.dumps(kept.basket.to_json())
        await walk.press("ctrl+y", "h")
        await walk.type("")
        (held,) = walk.fake.desk.kept.values()
        assert marked.token not in json.dumps(held.basket)
        await walk.press("ctrl+y", "b", "enter")
        assert walk.shows("合计  ¥15.80")
        await walk.press("ctrl+y", "h")
        await walk.type("")
        walk.fake.coupons.clear()
        await walk.press("ctrl+y", "b", "enter")
        assert walk.shows("需要重新出示", CODE[-4:], "合计  ¥25.80")


async def test_what_goes_out_in_an_exchange_takes_and_earns_coupons_and_explains_its_price() -> None:
    async with walking(shop_with(ten_off()), "en") as walk:
        walk.fake.rules.append(earning())
        await walk.open_sale("2*MILK")
        await walk.press("f2", "enter")
        await walk.past_result()
        await walk.press("escape", "f7")
        await walk.type("RC-S01-1-000001")
        await walk.press("f3", "f6")
        assert walk.shows("Coupons earned", "2 void, unless used")
        await walk.type("3*MILK")
        await walk.type(CODE)
        assert walk.shows("-10.00", "Customer pays", "¥2.90")
        await walk.press("ctrl+y", "y")
        assert walk.shows("Where the price comes from", "十元券", "28.70")
        await walk.press("enter", "ctrl+y", "u")
        assert walk.shows("十元券", "-10.00")
        await walk.press("escape", "ctrl+y", "o", "escape", "f2")
        await walk.type("too small")
        assert walk.shows("Earns", "五元券 x2", "Still due", "¥2.90")
        await walk.press("enter")
        assert walk.shows("Coupons earned", "2 on paper")
        (swapped,) = walk.fake.ledger.of_kind(Kind.EXCHANGE)
        assert [each.coupon for each in swapped.adjustments] == ["ab" * 32]
        assert [(row.rule, row.version, row.holder) for row in swapped.coupons] == [(71, 1, None)] * 2
        codes = [each.receipt.code for each in walk.fake.print_jobs.jobs.values()]
        assert {row.token for row in swapped.coupons} <= {
            walk.fake.reads.coupon_token(each) for each in codes
        }


async def test_without_the_line_no_coupon_is_promised() -> None:
    async with walking(shop_with()) as walk:
        walk.fake.rules.append(earning())
        await walk.open_sale("2*MILK")
        walk.fake.line_down = True
        await walk.press("f2", "enter")
        assert walk.shows("已收款（离线）")
        await walk.press("enter")
        await walk.type("2*MILK")
        await walk.press("f2")
        assert walk.name == "PaymentScreen"
        assert "本单送券" not in walk.text
