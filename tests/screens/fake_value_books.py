"""The books of the fake shop: three stores that owe each other, a year, and one moment of a wallet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from huiyuan.domain.model.clearing import (
    Clearing,
    ClearingSlip,
    ClearingStore,
    Position,
    Story,
    StoryLot,
    StoryMove,
)
from huiyuan.domain.model.filing import Filing, FilingRow
from huiyuan.domain.model.moment import AccountThen, CardThen, LotThen, Moment, RuleThen
from huiyuan.domain.model.report import ReportScope
from huiyuan.domain.model.wallet_statement import Parts, StatementKind, StatementRow, WalletStatement
from tests.law_cases import rows
from tests.screens.fake_ledger import NOON

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop

STORES = (
    ClearingStore(1, "S01", "旗舰店"), ClearingStore(2, "S02", "西湖店"), ClearingStore(3, "S03", "西湖店"),
    ClearingStore(4, "S04", "西湖店"), ClearingStore(5, "S05", "西湖店"),
)  # fmt: skip
REVENUE: list[tuple[int, int, bool]] = []


class FakeValueBooks:
    """Fills the port."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.asked: list[Any] = []

    def clearing(self, *, first: date | None, last: date | None) -> Clearing:
        positions = (Position(1, 2, 12_345_678, 99, 4_200), Position(2, 1, 5_000, 0), Position(3, 1, -700, 0))
        return Clearing(STORES, positions, NOON, first, last)

    def clearing_slips(
        self,
        issuer: int,
        spender: int,
        *,
        first: date | None,
        last: date | None,
        after: UUID | None,
        most: int,
    ) -> Sequence[ClearingSlip]:
        self.asked.append((issuer, spender, first, last, after))
        start = 100 if after is None else after.int
        return tuple(
            ClearingSlip(UUID(int=n), "sale", f"S02-1-{n:06}", NOON - timedelta(minutes=200 - n), 350, 12)
            for n in range(start - 1, max(start - 1 - most, 85), -1)
        )

    def clearing_stories(self, *, first: date, last: date) -> Sequence[Story]:
        self.asked.append((first, last))
        lots = {1: StoryLot("principal", 1, 10_000, None), 2: StoryLot("bonus", 1, 1_000, None)}
        return (Story(7, lots, (StoryMove(UUID(int=9), "sale", 2, NOON, 1, "principal", 1, -4_000),)),)

    def filing(self, year: int, *, asked_by: str) -> Filing:
        found = [
            FilingRow(quarter, date(year, quarter * 3, 28), registered,
                      {"sold": 123_456_789, "granted": 10_000, "consumed": -98_765_432, "refunded": -5_000},
                      24_696_357, 10_000)
            for quarter in (1, 2) for registered in (True, False)
        ]  # fmt: skip
        revenue = next((amount for when, amount, _ in reversed(REVENUE) if when == year - 1), 50_000_000)
        scope = ReportScope("惠园百货", "CNY", 2, "Asia/Shanghai", True, ("S01", "S02"), 2, asked_by,
                            date(year, 1, 1), NOON.date())  # fmt: skip
        law = tuple(row for row in rows() if row.rule.startswith("liability"))
        neutral = tuple(
            type(row)(id=row.id, rule=row.rule, jurisdiction="CN", article="§ 25", source="9/2012",
                      valid_from=row.valid_from, rate_bp=row.rate_bp)
            for row in law
        )  # fmt: skip
        return Filing(
            scope,
            year,
            tuple(found),
            24_696_357,
            10_000,
            24_706_357,
            60_000,
            year - 1,
            revenue,
            False,
            not REVENUE,
            neutral,
            NOON,
        )

    def put_revenue(self, year: int, amount_minor: int, *, services: bool) -> None:
        REVENUE.append((year, amount_minor, services))

    def as_of(self, wallet: int, at: datetime) -> Moment:
        self.asked.append((wallet, at))
        return Moment(
            at, wallet, "M0001", "李娜", "金卡", "active",
            (CardThen(1, "88000001", "active", "记名卡", NOON, "S01-1-000001"),),
            (AccountThen(11, "principal", wallet, 32_000, 7), AccountThen(12, "bonus", wallet, 5_000, 2)),
            (LotThen(5, "principal", 40_000, 32_000, "旗舰店", "S01-1-000002", NOON),),
            (RuleThen("points", "V10", 2, NOON), RuleThen("law", "bearer_cap", 0, NOON, None, "§ 18")),
        )  # fmt: skip

    def statement(
        self, wallet: int, *, first: date | None, last: date | None, after: UUID | None, most: int
    ) -> WalletStatement:
        self.asked.append(("statement", wallet, first, last, after, most))
        start = 1 if after is None else after.int + 1
        rows = tuple(
            StatementRow(UUID(int=n), NOON + timedelta(minutes=n), "S01", "top_up", f"S01-1-{n:06}",
                         Parts(1_000, 100, 7), 50_000 + n * 1_100, 20 + n * 7)
            for n in range(start, min(start + most, 31))
        )  # fmt: skip
        return WalletStatement(
            wallet, first or NOON.date().replace(day=1), last or NOON.date(), NOON.date(), NOON, "M0001",
            "李娜", ("88000001",), Parts(45_000, 5_000, 20), Parts(75_000, 8_000, 230), Parts(0, 500, 3),
            (StatementKind("top_up", 30, Parts(30_000, 3_000, 210)),), rows, start + most < 31,
        )  # fmt: skip
