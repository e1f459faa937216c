"""Turnover: spans out of the report's own keys, looking closer, comparing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.report import ReportScope
from huiyuan.domain.model.turnover import (
    By,
    Turnover,
    TurnoverRow,
    change_permille,
    narrowed,
    parse_by,
    span_of,
)


def report(*by: By, stores: tuple[str, ...] = ("S01", "S02")) -> Turnover:
    first, last = date(2026, 2, 10), date(2026, 4, 5)
    scope = ReportScope("链", "CNY", 2, "Asia/Shanghai", False, stores, 9, "王", first, last)
    total = TurnoverRow((), 0, 0, 0, 0)
    return Turnover(scope, by, (), total, 0, last, datetime(2026, 4, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("by", "key", "span"),
    [
        (By.DAY, "2026-02-28", ("2026-02-28", "2026-02-28")),
        (By.WEEK, "2026-W01", ("2025-12-29", "2026-01-04")),
        (By.WEEK, "2020-W53", ("2020-12-28", "2021-01-03")),
        (By.MONTH, "2024-02", ("2024-02-01", "2024-02-29")),
        (By.MONTH, "2026-12", ("2026-12-01", "2026-12-31")),
        (By.QUARTER, "2026-Q1", ("2026-01-01", "2026-03-31")),
        (By.QUARTER, "2026-Q4", ("2026-10-01", "2026-12-31")),
        (By.YEAR, "2026", ("2026-01-01", "2026-12-31")),
    ],
)
def test_a_key_is_the_span_it_names(by: By, key: str, span: tuple[str, str]) -> None:
    assert span_of(by, key) == (date.fromisoformat(span[0]), date.fromisoformat(span[1]))


def test_the_weeks_of_a_century_follow_each_other_without_a_gap() -> None:
    day = date(2000, 1, 3)
    while day.year < 2100:
        year, week, _ = day.isocalendar()
        assert span_of(By.WEEK, f"{year}-W{week:02}") == (day, day + timedelta(days=6))
        day += timedelta(days=7)


@pytest.mark.parametrize(
    ("by", "keys", "closer"),
    [
        ((By.STORE,), ("S02",), ("2026-02-10", "2026-04-05", ("S02",), By.DAY)),
        ((By.MONTH,), ("2026-02",), ("2026-02-10", "2026-02-28", ("S01", "S02"), By.DAY)),
        ((By.QUARTER,), ("2026-Q2",), ("2026-04-01", "2026-04-05", ("S01", "S02"), By.DAY)),
        ((By.DAY,), ("2026-03-01",), ("2026-03-01", "2026-03-01", ("S01", "S02"), By.STORE)),
        ((By.STORE, By.DAY), ("S01", "2026-03-01"), ("2026-03-01", "2026-03-01", ("S01",), By.TENDER)),
    ],
)
def test_a_row_opens_into_what_lies_below_it(
    by: tuple[By, ...], keys: tuple[str, ...], closer: tuple[str, str, tuple[str, ...], By]
) -> None:
    asked = narrowed(report(*by), TurnoverRow(keys, 1, 1, 1, 0))
    assert asked is not None
    assert (str(asked.first), str(asked.last), asked.stores, *asked.by) == closer


def test_a_way_of_paying_and_what_is_not_stated_open_into_nothing() -> None:
    for by, key in ((By.TENDER, "cash"), (By.CATEGORY, "饮料"), (By.MEMBER, "other"), (By.TENDER, None)):
        assert narrowed(report(by), TurnoverRow((key,), 1, 1, 1, 0)) is None


def test_splits_are_named_once_each() -> None:
    assert parse_by(["store", "day"]) == (By.STORE, By.DAY)
    assert parse_by([]) == ()
    for words in (["moon"], ["day", "store", "day"], ["tender", "category"]):
        with pytest.raises(Refused) as caught:
            parse_by(words)
        assert caught.value.code == "unknown_split"


def test_a_change_is_in_thousandths_of_what_was_before() -> None:
    assert [change_permille(now, 200) for now in (200, 300, 100, 0, -200)] == [0, 500, -500, -1000, -2000]
    assert change_permille(5, 0) is None


def test_what_was_returned_stands_apart_when_asked_for() -> None:
    table = report(By.STORE).table(apart=True)
    assert [column.name for column in table.columns] == [
        "store_id",
        "net_sales_cents",
        "baskets",
        "line_count",
        "sold_cents",
        "returned_cents",
    ]
    assert table.total == (None, 0, 0, 0, 0, 0)
