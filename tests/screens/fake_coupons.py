"""Coupons of the fake shop: whatever a test put into `coupons`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from huiyuan.domain.model.coupon import POSSIBLE, Coupon, CouponRecord, Series, code_from
from huiyuan.domain.model.errors import Refused
from tests.screens.fake_ledger import NOON

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop


class FakeCoupons:
    """A part of FakeReads."""

    fake: FakeShop

    def open_coupon(self, code: str) -> Coupon:
        self.fake.travel()
        if found := [each for each in self.fake.coupons if each.last == code[-4:]]:
            return found[0]
        raise Refused("unknown_coupon", {})

    def coupons_again(self, marks: Sequence[str]) -> Sequence[Coupon]:
        self.fake.travel()
        return [each for each in self.fake.coupons if each.mark in marks]

    def member_coupons(self, member: int) -> Sequence[Coupon]:
        return [each for each in self.fake.coupons if each.holder == member]

    def coupon_series(self) -> Sequence[Series]:
        return [Series(70, 2, "十元券", 1000)]

    def coupon_record(self, code: str) -> CouponRecord:
        return CouponRecord(self.open_coupon(code), NOON)

    def find_coupons(self, last: str) -> Sequence[CouponRecord]:
        return [CouponRecord(each, NOON) for each in self.fake.coupons if each.last == last]

    def coupons_of(self, document: UUID) -> Sequence[Series]:
        del document
        return self.coupon_series()

    def coupon_code(self, document: UUID, n: int) -> str:
        return code_from((document.int + n) % POSSIBLE)

    def coupon_token(self, code: str) -> str:
        return code.encode().hex().ljust(64, "0")
