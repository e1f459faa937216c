"""Promotions of the fake shop: a desk in memory that two people share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from huiyuan.domain.model.card import Tier
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign, Tally, Terms
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.domain.model.rule_words import RuleChoices
from tests.screens.fake_ledger import HOSTILE, NOON

TIERS: Final = (Tier(1, "basic", "普通"), Tier(2, "gold", "金卡"))


def place_of(each: Campaign) -> Place:
    return each.place(NOON)


class FakePromotions:
    """Fills the port; whoever asks is the person `me`."""

    def __init__(self) -> None:
        percent = {"kind": "percent", "rate_bp": 1000}
        self.campaigns = [
            Campaign(HOSTILE, Terms({"body": percent}), "王芳", proposal=7, own=False),
            Campaign("V10", Terms({"body": percent}), "王芳", 1, 1, NOON, None, "陈经理"),
        ]
        off = Terms({"body": {"kind": "off", "off_minor": 1000}, "term_days": 30, "min_minor": 2000})
        self.series = [
            Campaign(HOSTILE, off, "王芳", proposal=9, own=False),
            Campaign(
                "V10", off, "王芳", 70, 2, NOON, None, "陈经理", tally=Tally(12, 3, 1, 0, 8, 3000, 12345)
            ),
        ]
        self.others: dict[str, list[Campaign]] = {}
        self.proposed: list[tuple[int | None, str, Mapping[str, Any]]] = []
        self.decided: list[tuple[str, int]] = []

    def tiers(self) -> Sequence[Tier]:
        return TIERS

    def desk(self, families: Sequence[str], *, after: Place | None, most: int) -> Desk[Campaign]:
        known = {"promotion": self.campaigns, "coupon": self.series, **self.others}
        rows = sorted((each for name in families for each in known.get(name, ())), key=place_of)
        return Desk(NOON, tuple(each for each in rows if after is None or place_of(each) > after)[:most])

    def choices(self, products: Sequence[int]) -> RuleChoices:
        return RuleChoices(
            TIERS, ((1, "S01", "旗舰店"), (2, "S02", HOSTILE)), ((3, "C1", HOSTILE),), ("V V",),
            dict.fromkeys(products, "TEA"),
        )  # fmt: skip

    def propose(
        self, *, rule: int | None, name: str, terms: Mapping[str, Any], family: str = "promotion"
    ) -> int:
        if family == "coupon":
            self.series.insert(0, Campaign(name, Terms(terms), "陈经理", rule, proposal=10, own=True))
            self.proposed.append((rule, name, terms))
            return 10
        if terms["body"].get("rate_bp") == 9_999:
            raise Refused("rule_unclear", {"why": "never_open"})
        self.proposed.append((rule, name, terms))
        self.campaigns.insert(0, Campaign(name, Terms(terms), "陈经理", rule, proposal=8, own=True))
        return 8

    def approve(self, proposal: int) -> None:
        found = next(each for each in (*self.campaigns, *self.series) if each.proposal == proposal)
        if found.own:
            raise Refused("own_proposal", {"proposal": proposal})
        self.decided.append(("approve", proposal))
        if found in self.series:
            self.series[self.series.index(found)] = replace(found, proposal=None, rule=9, version=1)
            return
        self.campaigns.remove(found)
        self.campaigns.append(replace(found, proposal=None, rule=9, version=1, valid_from=NOON))

    def decline(self, proposal: int) -> None:
        self.decided.append(("decline", proposal))
        self.campaigns = [each for each in self.campaigns if each.proposal != proposal]

    def end(self, rule: int) -> None:
        self.decided.append(("end", rule))
        self.campaigns = [
            replace(each, valid_to=NOON) if each.rule == rule else each for each in self.campaigns
        ]

    def lunar_days(self, month: int, day: int, *, first: date, last: date) -> Sequence[date]:
        del month, day
        return (first, last)
