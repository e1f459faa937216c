"""The coupon desk: a series by its form, approved by another; codes on paper, to a member, found again."""

from __future__ import annotations

from dataclasses import replace

from huiyuan.domain.model.document import Kind
from tests.screens.fake_shop import FakeShop
from tests.screens.test_coupons import CODE, ten_off
from tests.screens.walk import walking


def shop() -> FakeShop:
    fake = FakeShop()
    fake.coupons.append(replace(ten_off(), mark="cd" * 32))
    return fake


async def test_a_series_is_proposed_by_its_form_and_another_one_is_approved() -> None:
    async with walking(shop()) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "q")
        assert walk.shows("券系列", "30.00", "12")
        await walk.press("f2", "1")
        await walk.type("新人券")
        await walk.type("", enter=False)
        await walk.press("f4", "enter")
        assert walk.shows("#C1")
        await walk.press("enter")
        await walk.type("15")
        await walk.type("100")
        await walk.type("30 2026-12-31")
        await walk.press("f2")
        assert walk.name == "CouponDeskScreen", walk.text
        ((rule, name, terms),) = walk.fake.promotions.proposed
        assert (rule, name) == (None, "新人券")
        assert terms == {
            "min_minor": 10_000,
            "term_days": 30,
            "body": {"kind": "off", "off_minor": 1_500, "categories": [3], "use_until": "2026-12-31"},
        }
        assert "批准" not in walk.text.splitlines()[-2], "the mark is on it, and nobody approves his own"
        await walk.press("up", "f3", "enter")
        assert walk.fake.promotions.decided == [("approve", 9)]


async def test_another_version_opens_with_what_stands() -> None:
    async with walking(shop()) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "q", "down", "f7")
        assert walk.name == "CouponForm"
        assert walk.shows("10.00", "20.00", "30")
        await walk.press("f2")
        ((rule, name, terms),) = walk.fake.promotions.proposed
        assert (rule, name) == (70, "V10")
        assert terms == {
            "min_minor": 2_000, "term_days": 30, "body": {"kind": "off", "off_minor": 1_000}
        }  # fmt: skip


async def test_codes_on_paper_have_a_slip_each_and_the_shop_keeps_one() -> None:
    async with walking(shop()) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "q", "down", "f8")
        assert walk.name == "GiveOutScreen"
        await walk.press("backspace")
        await walk.type("2")
        await walk.type("开业")
        (issued,) = walk.fake.ledger.of_kind(Kind.COUPON_ISSUE)
        assert (len(issued.coupons), issued.total_minor, issued.reason) == (2, 2_000, "开业")
        assert all(row.holder is None for row in issued.coupons)
        slips = [each.receipt for each in walk.fake.print_jobs.jobs.values()]
        codes = [each.code for each in slips if each.code.startswith("CP-")]
        assert [walk.fake.reads.coupon_token(code) for code in codes] == [row.token for row in issued.coupons]
        assert all(any(each.code in line for line in each.lines) for each in slips if each.code)
        for slip in slips[:-1]:
            text = "\n".join(slip.lines)
            assert all(part in text for part in ("V10", "抵扣", "10.00", "最低消费", "20.00", "有效期至"))
        own = slips[-1]
        assert not own.code.startswith("CP-")
        assert all(row.last and any(row.last in line for line in own.lines) for row in issued.coupons)
        await walk.press("f5")
        copies = [each.receipt for each in walk.fake.print_jobs.jobs.values()][3:]
        assert [each.code for each in copies if each.code.startswith("CP-")] == codes
        assert all(each.is_copy for each in copies)


async def test_a_code_is_found_by_its_last_four_and_voided_by_its_mark() -> None:
    async with walking(shop()) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "q", "f9")
        await walk.type("xx")
        assert walk.shows("不是券码")
        await walk.press("backspace", "backspace")
        await walk.type(CODE[-4:].lower())
        assert walk.shows("十元券", "可用", "凭券使用")
        await walk.press("f4")
        await walk.type("丢失")
        (void,) = walk.fake.ledger.of_kind(Kind.COUPON_VOID)
        assert [row.token for row in void.coupons] == ["cd" * 32]


async def test_a_code_is_passed_on_to_a_member() -> None:
    async with walking(shop()) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "q", "f9")
        await walk.type(CODE)
        await walk.press("f3")
        await walk.type("w")
        await walk.type("转赠")
        (passed,) = walk.fake.ledger.of_kind(Kind.COUPON_TRANSFER)
        assert passed.coupons[0].token == "cd" * 32
        assert passed.coupons[0].holder is not None
