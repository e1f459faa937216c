"""What the law says at its edges, as a table: a purchase, refund or term a row, with verdict and article.

The same rows are asked of the domain and of the door, so both have to agree with what is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from huiyuan.domain.model.law import LawRule

AT: Final = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SOURCE: Final = "商务部令2012年第9号 单用途商业预付卡管理办法（试行）"
SINCE: Final = datetime(2012, 10, 31, 16, 0, tzinfo=UTC)

ROWS: Final[tuple[tuple[str, str, int | None, int | None, int | None, int | None], ...]] = (
    ("registered_cap", "第十八条", 500_000, None, None, None),
    ("bearer_cap", "第十八条", 100_000, None, None, None),
    ("identity_registered", "第十五条", 0, None, None, None),
    ("identity_bearer", "第十五条", 1_000_000, None, None, 1440),
    ("identity_unnamed", "第十五条", 1_000_000, None, None, 30),
    ("transfer_company", "第十七条", 500_000, None, None, 1440),
    ("transfer_person", "第十七条", 5_000_000, None, None, 1440),
    ("registered_validity", "第十九条", None, None, 0, None),
    ("bearer_validity", "第十九条", None, None, 36, None),
    ("refund_cash", "第二十一条", 10_000, None, None, None),
    ("retention", "第十六条", None, None, 60, None),
    ("liability_retail", "第二十五条", None, 4_000, None, None),
    ("liability_services", "第二十五条", None, 10_000, None, None),
)
"""Rule, article, amount, rate, months, minutes: the rows that a chain begins with."""


@dataclass(frozen=True, slots=True)
class Buy:
    """A purchase: `bought` is what the buyer (or, for nobody, the till) bought before, `ago` minutes ago.

    `verdict` is the code and the rule that are answered; empty: it is taken.
    """

    name: str
    amount: int
    cash: int | None = None
    registered: bool = True
    held: int = 0
    bonus: int = 0
    bought: int = 0
    ago: int = 5
    company: bool = False
    unknown: bool = False
    named: bool = True
    verdict: tuple[str, str] = ("", "")

    @property
    def code(self) -> str:
        return self.verdict[0]

    @property
    def rule(self) -> str:
        return self.verdict[1]


_REG: Final = ("balance_cap", "registered_cap")
_BEA: Final = ("balance_cap", "bearer_cap")
_ID: Final = ("identity_needed", "identity_registered")
_IDB: Final = ("identity_needed", "identity_bearer")
_IDU: Final = ("identity_needed", "identity_unnamed")
_TC: Final = ("transfer_needed", "transfer_company")
_TP: Final = ("transfer_needed", "transfer_person")

BUYS: Final = (
    # Article 18: what a registered card may hold
    Buy("registered 4,999.99", 499_999),
    Buy("registered 5,000.00", 500_000),
    Buy("registered 5,000.01", 500_001, verdict=_REG),
    Buy("registered 0.01", 1),
    Buy("registered 0.01 onto 4,999.99", 1, held=499_999),
    Buy("registered 0.02 onto 4,999.99", 2, held=499_999, verdict=_REG),
    Buy("registered 0.01 onto 5,000.00", 1, held=500_000, verdict=_REG),
    Buy("registered 4,699.99 with a bonus of 300.00", 469_999, bonus=30_000),
    Buy("registered 4,700.00 with a bonus of 300.00", 470_000, bonus=30_000),
    Buy("registered 4,700.01 with a bonus of 300.00", 470_001, bonus=30_000, verdict=_REG),
    Buy("registered 2,500.00 onto 2,500.00", 250_000, held=250_000),
    Buy("registered 2,500.01 onto 2,500.00", 250_001, held=250_000, verdict=_REG),
    Buy("registered 5,000.01 by transfer", 500_001, cash=0, verdict=_REG),
    # Article 18: what a bearer card may hold
    Buy("bearer 999.99", 99_999, registered=False),
    Buy("bearer 1,000.00", 100_000, registered=False),
    Buy("bearer 1,000.01", 100_001, registered=False, verdict=_BEA),
    Buy("bearer 0.01 onto 999.99", 1, registered=False, held=99_999),
    Buy("bearer 0.01 onto 1,000.00", 1, registered=False, held=100_000, verdict=_BEA),
    Buy("bearer 900.00 with a bonus of 90.00", 90_000, registered=False, bonus=9_000),
    Buy("bearer 950.00 with a bonus of 50.01", 95_000, registered=False, bonus=5_001, verdict=_BEA),
    Buy("bearer 5,000.00", 500_000, registered=False, verdict=_BEA),
    Buy("bearer 1,000.01 of nobody", 100_001, registered=False, named=False, verdict=_BEA),
    # Article 15: nobody tops up a registered card unseen, however little
    Buy("unseen 0.01", 1, unknown=True, verdict=_ID),
    Buy("unseen 100.00", 10_000, unknown=True, verdict=_ID),
    Buy("unseen 5,000.00", 500_000, unknown=True, verdict=_ID),
    Buy("unseen by transfer", 10_000, cash=0, unknown=True, verdict=_ID),
    Buy("unseen company 100.00", 10_000, unknown=True, company=True, verdict=_ID),
    Buy("unseen beyond the cap: the cap first", 500_001, unknown=True, verdict=_REG),
    # Article 15: bearer cards of a named buyer who was not seen, 10,000.00 and more
    Buy("unseen, bearer 1,000.00", 100_000, registered=False, unknown=True),
    Buy("unseen, bearer, 9,999.99 together", 99_999, registered=False, unknown=True, bought=900_000),
    Buy("unseen, bearer, 10,000.00 together", 100_000, registered=False, unknown=True, bought=900_000,
        verdict=_IDB),
    Buy("unseen, bearer, 10,000.01 together", 100_000, registered=False, unknown=True, bought=900_001,
        verdict=_IDB),
    Buy("unseen, bearer, 0.01 after 9,999.98", 1, registered=False, unknown=True, bought=999_998),
    Buy("unseen, bearer, 0.01 after 9,999.99", 1, registered=False, unknown=True, bought=999_999,
        verdict=_IDB),
    Buy("seen, bearer, 10,000.00 together", 100_000, registered=False, bought=900_000),
    Buy("seen, bearer, 20,000.00 together", 100_000, registered=False, bought=1_900_000),
    Buy("unseen, bearer, 23 h 59 apart", 100_000, registered=False, unknown=True, bought=900_000, ago=1439,
        verdict=_IDB),
    Buy("unseen, bearer, 24 h 1 apart", 100_000, registered=False, unknown=True, bought=900_000, ago=1441),
    # Article 15: bearer cards of nobody in particular, one after the other at one till
    Buy("nobody, 9,999.99 at the till", 99_999, registered=False, named=False, bought=900_000),
    Buy("nobody, 10,000.00 at the till", 100_000, registered=False, named=False, bought=900_000,
        verdict=_IDU),
    Buy("nobody, 10,000.00, 29 minutes apart", 100_000, registered=False, named=False, bought=900_000, ago=29,
        verdict=_IDU),
    Buy("nobody, 10,000.00, 31 minutes apart", 100_000, registered=False, named=False, bought=900_000,
        ago=31),
    Buy("nobody, 1,000.00 alone", 100_000, registered=False, named=False),
    # Article 17: companies, 5,000.00 and more not in cash
    Buy("company 4,999.99 in cash", 499_999, company=True),
    Buy("company 5,000.00 in cash", 500_000, company=True, verdict=_TC),
    Buy("company 5,000.00 by transfer", 500_000, cash=0, company=True),
    Buy("company 5,000.00, 0.01 of it in cash", 500_000, cash=1, company=True, verdict=_TC),
    Buy("company 4,999.99, half in cash", 499_999, cash=250_000, company=True),
    Buy("company 1,000.00 after 3,999.99", 100_000, company=True, bought=399_999),
    Buy("company 1,000.00 after 4,000.00", 100_000, company=True, bought=400_000, verdict=_TC),
    Buy("company 1,000.00 after 4,000.00, by transfer", 100_000, cash=0, company=True, bought=400_000),
    Buy("company 1,000.00 a day after 4,000.00", 100_000, company=True, bought=400_000, ago=1441),
    Buy("company 0.01 after 4,999.99", 1, company=True, bought=499_999, verdict=_TC),
    Buy("company, bearer card after 4,000.00", 100_000, registered=False, company=True, bought=400_000,
        verdict=_TC),
    # Article 17: persons, 50,000.00 and more not in cash
    Buy("person 5,000.00 in cash", 500_000),
    Buy("person 5,000.00 after 44,999.99", 500_000, bought=4_499_999),
    Buy("person 5,000.00 after 45,000.00", 500_000, bought=4_500_000, verdict=_TP),
    Buy("person 5,000.00 after 45,000.00, by transfer", 500_000, cash=0, bought=4_500_000),
    Buy("person 5,000.00 after 45,000.00, 1.00 in cash", 500_000, cash=100, bought=4_500_000, verdict=_TP),
    Buy("person 0.01 after 49,999.98", 1, bought=4_999_998),
    Buy("person 0.01 after 49,999.99", 1, bought=4_999_999, verdict=_TP),
    Buy("person 0.01 after 49,999.99, a day later", 1, bought=4_999_999, ago=1441),
    Buy("person, bearer card after 49,000.00", 100_000, registered=False, bought=4_900_000, verdict=_TP),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refund:
    """What is on a card, and what of it is asked for in cash."""

    held: int
    cash: int
    refused: bool


REFUNDS: Final = (
    Refund(1, 1, False),
    Refund(9_999, 9_999, False),
    Refund(10_000, 10_000, False),
    Refund(10_001, 10_001, True),
    Refund(10_001, 1, True),
    Refund(10_001, 0, False),
    Refund(500_000, 500_000, True),
    Refund(500_000, 0, False),
)


def rows(bought: int = 0, ago: int = 5) -> tuple[LawRule, ...]:
    """The rows of the first day; those with a time know what was bought `ago` minutes before."""
    return tuple(
        LawRule(
            id=n,
            rule=rule,
            jurisdiction="CN",
            article=article,
            source=SOURCE,
            valid_from=SINCE,
            amount_minor=amount,
            rate_bp=rate,
            months=months,
            window_minutes=minutes,
            bought_minor=bought if minutes is not None and ago < minutes else 0,
        )
        for n, (rule, article, amount, rate, months, minutes) in enumerate(ROWS, start=1)
    )


def article_of(rule: str) -> str:
    """Where a rule of the first day is written."""
    return next(row[1] for row in ROWS if row[0] == rule)


def dated(row: LawRule, days: int) -> LawRule:
    """The same row from some days after AT on."""
    return LawRule(
        id=row.id + 100, rule=row.rule, jurisdiction=row.jurisdiction, article=row.article, source=row.source,
        valid_from=AT + timedelta(days=days), amount_minor=(row.amount_minor or 0) // 2, months=row.months,
        rate_bp=row.rate_bp, window_minutes=row.window_minutes,
    )  # fmt: skip
