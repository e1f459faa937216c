"""Promotions of the small chain: published without two people, with the bounds that the door makes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.small_chain import SmallChain

_PUBLISH: Final = """
with made as (insert into shop.rule(family, name) values (%(family)s, %(name)s) returning id)
insert into shop.rule_version
select (shop.with_bounds(jsonb_populate_record(null::shop.rule_version, %(terms)s::jsonb
  || jsonb_build_object('rule', made.id, 'version', 1, 'valid_from', now() + %(days_from)s * interval '1 day',
  'valid_to', now() + %(days_to)s * interval '1 day', 'published_at', now())), %(family)s)).* from made
returning rule
"""


def publish(
    chain: SmallChain,
    body: dict[str, Any],
    *,
    family: str = "promotion",
    name: str = "促销",
    days_from: float = -1,
    days_to: float | None = 9,
    **columns: Any,
) -> int:
    """Version 1 of a new rule, in force from `days_from` to `days_to` from now; answers the rule's id."""
    refused = chain.value(
        "select shop.promotion_unclear(null, %s, %s::jsonb)", family, json.dumps({"body": body, **columns})
    )
    assert refused is None or refused["facts"]["why"] in {"never_open", "holidays_unknown"}, refused
    terms = json.dumps({"min_minor": 0, "bounded": False, "body": body, **columns})
    given = {"family": family, "name": name, "terms": terms, "days_from": days_from, "days_to": days_to}
    row = chain.admin.execute(_PUBLISH.encode(), given).fetchone()
    assert row is not None
    return int(str(row[0]))


def local_now() -> datetime:
    """The wall clock of the small chain's stores."""
    return datetime.now(ZoneInfo("Asia/Shanghai"))


def window(given: dict[str, Any]) -> dict[str, Any]:
    """Keys of a body: `weekdays` today or others, `hours` as minutes from now, anything else as it is."""
    now = local_now()
    if "hours" in given:
        begin, end = (now + timedelta(minutes=minutes) for minutes in given["hours"])
        return {
            "from_minute": begin.hour * 60 + begin.minute,
            "to_minute": end.hour * 60 + end.minute or 1440,
        }
    if "weekdays" in given:
        today, yesterday = now.isoweekday(), (now - timedelta(minutes=15)).isoweekday()
        others = [day for day in range(1, 8) if day not in (today, yesterday)]
        return {"weekdays": [today] if given["weekdays"] == "today" else others}
    return given


@contextlib.contextmanager
def holidays(chain: SmallChain, today: str) -> Iterator[None]:
    """Today is a `holiday`, is `none`, or lies in a year that is `unknown`."""
    now = local_now()
    days = [now.date(), (now - timedelta(hours=1)).date()]
    was = chain.rows("select day, name from shop.holiday where day = any (%s)", days)
    chain.run("delete from shop.holiday where day = any (%s)", days)
    years = chain.rows("select year from shop.holiday_year")
    chain.run("delete from shop.holiday_year where year = any (%s)", [day.year for day in days])
    try:
        for day in set(days):
            if today == "holiday":
                chain.run("insert into shop.holiday values (%s, '节')", day)
            if today != "unknown":
                chain.run("insert into shop.holiday_year values (%s) on conflict do nothing", day.year)
        yield
    finally:
        chain.run("delete from shop.holiday where day = any (%s)", days)
        chain.run("delete from shop.holiday_year")
        for (year,) in years:
            chain.run("insert into shop.holiday_year values (%s)", year)
        for day, name in was:
            chain.run("insert into shop.holiday values (%s, %s)", day, name)


@contextlib.contextmanager
def described(chain: SmallChain, product: int, **columns: object) -> Iterator[None]:
    """A product with a brand or category for a while."""
    for name, value in columns.items():
        chain.run(f"update shop.product set {name} = %s where id = %s", value, product)
    try:
        yield
    finally:
        chain.run("update shop.product set brand = null, category = null where id = %s", product)
