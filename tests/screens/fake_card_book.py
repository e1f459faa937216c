"""The card desk of the fake shop: types and passes in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from huiyuan.domain.model.card import Rest
from huiyuan.domain.model.card_case import CardCase
from huiyuan.domain.model.custody import Batch, CardRange, Custody, CustodyMove
from huiyuan.domain.model.document import Fee
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.holders import CardHolder, CardUse, IssueTerms, WalletCards
from huiyuan.domain.model.promotion_desk import Campaign, Terms
from tests.screens.fake_ledger import HOSTILE, NOON
from tests.screens.pages import page


class FakeCardBook:
    """Fills the port; whoever asks is the person `me`."""

    def __init__(self) -> None:
        gift = {"type": "V5", "who": "bearer", "functions": ["stored"], "sale_max_minor": 5000}
        uses = {"count": 10, "price_minor": 30000}
        self.listed: list[CardCase] = []
        self.stocked: list[tuple[str, ...]] = []
        self.spans: list[tuple[object, ...]] = []
        self.limits: dict[int, tuple[int | None, int | None, tuple[int, ...]]] = {}
        self.issue_for = "personal"
        self.rests: dict[int, Rest] = {}
        self.contacts: dict[UUID, tuple[str, str]] = {}
        self.batches: list[tuple[str, ...]] = []
        self.campaigns = {
            "card_type": [
                Campaign(HOSTILE, Terms({"body": gift}), "王芳", proposal=7),
                Campaign("礼品卡", Terms({"body": gift}), "王芳", 1, 1, NOON, None, "陈经理"),
            ],
            "pass": [Campaign("洗车十次", Terms({"body": uses}), "王芳", 2, 1, NOON, None, "陈经理")],
        }

    def custody(self) -> Custody:
        ranges: tuple[CardRange, ...] = (
            CardRange("不记名卡", "70000001", "70000120", 120),
            CardRange("记名卡", "80000001", "80000050", 50, coming=True),
        )
        moves = (CustodyMove("card_count", "70000001", "70000121", 120, 121, "", NOON, "王芳"),)
        ranges += tuple(
            CardRange("记名卡", each[1], each[-1], len(each) - 1, uncounted=True) for each in self.stocked
        )
        return Custody((("不记名卡", 120, 0, 3, 1),), ranges, moves, ((2, "西湖店"),))

    def stock_in(self, card_type: str, numbers: Sequence[str]) -> int:
        if numbers[0] == "70000001":
            raise Refused("already_used", {"field": "number", "value": numbers[0]})
        self.stocked.append((card_type, *numbers))
        return len(numbers)

    def batch(self, first: str, last: str, most: int) -> Batch:
        left = self.batches.pop(0) if self.batches else ()
        return Batch(
            tuple(({"70000001": 3}.get(each, 5), each) for each in left[:most]),
            len(left),
            registered=first > last,
        )

    def cases(self, *, after: UUID | None, most: int) -> Sequence[CardCase]:
        return page(self.listed, lambda each: each.id, after, most)

    def open_case(
        self, case: UUID, card: int, *, kind: str, what: str, reporter: str, contact: str
    ) -> CardCase:
        assert card
        self.contacts[case] = (reporter, contact)
        made = CardCase(case, "88000001", "active", kind, what, "旗舰店", NOON, "王芳")
        self.listed.insert(0, made)
        return made

    def step_case(
        self, case: UUID, *, checked: str | None = None, act: bool = False, outcome: str | None = None
    ) -> CardCase:
        place = next(n for n, each in enumerate(self.listed) if each.id == case)
        found = self.listed[place]
        if outcome and not found.checked:
            raise Refused("case_refused", {"why": "check"})
        done = replace(found, checked=checked or found.checked, act="x" if act else "", outcome=outcome or "")
        self.listed[place] = done
        return done

    def case_contact(self, case: UUID) -> tuple[str, str]:
        return self.contacts[case]

    def wallet_cards(self, wallet: int, first: date | None, last: date | None) -> WalletCards:
        self.spans.append((wallet, first, last))
        sale, goods = (
            self.limits.get(3, (None, None, ()))[0],
            ((1, "TEA", "西湖龙井茶"), (2, "COLA", "可口可乐")),
        )
        cards = tuple(
            CardHolder(n, f"8800{n:04}", "active", "礼品卡" if n > 1 else "记名卡",
                       "supplementary" if n > 1 else "personal", HOSTILE if n == 2 else "王芳",
                       f"M{n:04}", sale if n == 3 else None, 50_000 if n > 1 else None, n == 3,
                       (2,) if n == 3 else (), n, 12_300 * n, n // 7)
            for n in range(1, 21)
        )  # fmt: skip
        return WalletCards(cards, goods, NOON.date())

    def card_uses(
        self, wallet: int, card: int | None, *, after: tuple[UUID, int] | None, most: int
    ) -> Sequence[CardUse]:
        self.spans.append((wallet, card, after))
        start = 30 if after is None else after[0].int
        return tuple(
            CardUse(UUID(int=n), 1, f"S01-1-{n:06}", "sale", NOON - timedelta(minutes=n), "旗舰店",
                    "88000003",
                    "王芳", "pass" if n % 5 == 0 else "value", "洗车十次" if n % 5 == 0 else "", n)
            for n in range(start - 1, max(start - 1 - most, 5), -1)
        )  # fmt: skip

    def put_limit(
        self, card: int, *, sale_max_minor: int | None, day_max_minor: int | None, categories: Sequence[int]
    ) -> None:
        self.limits[card] = (sale_max_minor, day_max_minor, tuple(categories))

    def issue_terms(self, card: int, *, holder: int | None, wallet: int | None) -> IssueTerms:
        self.spans.append((card, holder, wallet))
        rest = None if holder is None else self.rests.get(holder)
        return IssueTerms(self.issue_for, (Fee("card_issue", 4, 1, 1000),), rest)
