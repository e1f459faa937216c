"""Whose clock decides: the server's, in the store's zone and cut-over hour; the counter's is only shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest

from tests.cluster import Cluster
from tests.refusals import refuse
from tests.small_chain import (
    BREAD_LINE,
    NO_PIN,
    PENNY,
    SmallChain,
    cash,
    line,
    open_chain,
    pairs,
    proof,
    stored,
)  # fmt: skip

NAIVE: Final = "((at at time zone 'Europe/London') - make_interval(mins => %(cutover)s))::date"
TRUE: Final = "ledger.business_date_of(at, 'Europe/London', %(cutover)s)"
_DAYS: Final = ("2026-03-27", "2026-10-23")
"""Before the nights in which the clocks of London are put forward and back."""


@pytest.mark.parametrize("days", [-2, 2])
def test_a_counter_whose_clock_is_two_days_off(chain: SmallChain, days: int) -> None:
    seat = chain.open_seat()
    old = chain.value(
        "insert into shop.product(code, name, tax_code) select 'C' || count(*), '钟', 'T0' from shop.product"
        " returning id"
    )
    chain.run(
        "insert into shop.price(product, amount_minor, valid_from, valid_to) values"
        " (%s, 100, now() - interval '9 days', now() - interval '1 day'),"
        " (%s, 120, now() - interval '1 day', now() + interval '1 day'),"
        " (%s, 140, now() + interval '1 day', null)",
        old, old, old,
    )  # fmt: skip
    right = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    wrong_time = (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds")
    times = {"occurred_at": wrong_time, "priced_at": wrong_time}

    sold = seat.done("sale", **times, lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)

    assert sold["business_date"] == right["business_date"]
    posted = datetime.fromisoformat(sold["posted_at"]) - datetime.fromisoformat(right["posted_at"])
    assert timedelta() < posted < timedelta(minutes=1)
    for price in (100, 140):
        lines = [line(1, old, 1000, price, price)]
        body = seat.document("sale", **times, lines=lines, tenders=[cash(price)], total_minor=price)
        refuse(seat, body, "price_changed", now=120)
    seat.done("sale", **times, lines=[line(1, old, 1000, 120, 120)], tenders=[cash(120)], total_minor=120)


def dates(chain: SmallChain, formula: str, first: str, cutover: int) -> list[date]:
    """The business date of every minute of four days."""
    query = (
        f"select {formula} from generate_series(%(first)s::timestamptz, %(first)s::timestamptz"
        " + interval '4 days', interval '1 minute') at order by at"
    )
    rows = chain.admin.execute(query.encode(), {"first": first, "cutover": cutover}).fetchall()
    return [day for (day,) in rows if isinstance(day, date)]


@pytest.mark.parametrize("first", _DAYS)
@pytest.mark.parametrize("cutover", [0, 1, 30, 60, 90, 119, 120, 240, 720])
def test_a_business_date_begins_once_and_never_comes_back(
    chain: SmallChain, first: str, cutover: int
) -> None:
    days = dates(chain, TRUE, first, cutover)

    steps = {later - sooner for sooner, later in pairwise(days)}
    assert steps == {timedelta(0), timedelta(days=1)}
    lengths = sorted({days.count(day) for day in sorted(set(days))[1:-1]})
    assert lengths in ([1440], [1380, 1440], [1440, 1500])


def test_the_plain_formula_returns_to_yesterday_when_clocks_are_put_back(chain: SmallChain) -> None:
    """The control: the minutes of the hour that comes twice would lie in two business dates in turn."""
    days = dates(chain, NAIVE, _DAYS[1], 90)

    steps = {later - sooner for sooner, later in pairwise(days)}
    assert timedelta(days=-1) in steps


@pytest.fixture
def dated(cluster: Cluster) -> Iterator[SmallChain]:
    """A chain of its own whose door reads the time from a row; nothing else of the door is touched."""
    with cluster.small() as shop:
        chain = open_chain(shop)
        chain.run("create schema proof; create table proof.clock(ahead interval not null)")
        chain.run(
            "grant usage on schema proof to huiyuan_owner; grant select on proof.clock to huiyuan_owner"
        )
        chain.run("insert into proof.clock values ('0')")
        stamp = chain.value("select pg_get_functiondef('ledger.stamp(ledger.draft)'::regprocedure)")
        assert stamp.count("clock_timestamp()") == 1
        moved = "(clock_timestamp() + (select c.ahead from proof.clock c))"
        chain.admin.execute(stamp.replace("clock_timestamp()", moved).encode())
        yield chain


def go_to(chain: SmallChain, moment: str) -> None:
    """Let the door's clock show this moment."""
    chain.run("update proof.clock set ahead = %s::timestamptz - clock_timestamp()", moment)


def test_every_sale_of_a_night_lies_in_one_business_date(dated: SmallChain) -> None:
    dated.run("update shop.unit set time_zone = 'Europe/London' where id = 2")
    dated.run("update shop.price set valid_from = '2020-01-01'")
    go_to(dated, "2026-10-24T20:00:00Z")
    seat = dated.open_seat()
    nights = [
        ("2026-10-24T23:59:00Z", "2026-10-24"),  # 00:59 summer time, before the cut-over at 01:30
        ("2026-10-25T00:31:00Z", "2026-10-24"),  # 01:31 for the first time
        ("2026-10-25T01:29:00Z", "2026-10-24"),  # 01:29 for the second time
        ("2026-10-25T01:31:00Z", "2026-10-25"),  # 01:31 for the second time
        ("2026-10-26T01:29:00Z", "2026-10-25"),
        ("2026-10-26T01:31:00Z", "2026-10-26"),
    ]
    with dated.policy(cutover_minutes=90):
        for moment, day in nights:
            go_to(dated, moment)
            sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
            assert sold["business_date"] == day, moment

    counted = (
        "select business_date::text, count(*) from ledger.document where kind = 'sale' group by 1 order by 1"
    )
    assert dated.rows(counted) == [("2026-10-24", 3), ("2026-10-25", 2), ("2026-10-26", 1)]


def test_bonus_that_expired_meanwhile_comes_back_with_the_least_term(dated: SmallChain) -> None:
    seat = dated.open_seat()
    card = dated.card(seat, principal=20000, bonus=2000)
    sell: dict[str, Any] = {
        "lines": [line(1, PENNY, 1_500_000, 1, 1500)], "tenders": [stored(card, 1500)],
        "proofs": [proof(card)], "total_minor": 1500,
    }  # fmt: skip
    with dated.policy(spend_policy="bonus_first", **NO_PIN):
        sale = seat.done("sale", **sell)
        go_to(dated, (datetime.now(UTC) + timedelta(days=100)).isoformat())

        back = {"of": sale["id"], "reason": "broken", "lines": [{"n": 1, "of": 1, "qty_milli": 1_500_000}]}
        given = seat.done("return", **back, total_minor=1500)

        assert pairs(given) == [("revenue", "bonus", 1500)]
        lots = (
            "select l.remaining, round(extract(epoch from l.expires_at - clock_timestamp()) / 86400)::int"
            " from ledger.lot l where l.kind = 'bonus' order by l.id"
        )
        expired, fresh = dated.rows(lots)
        assert expired[0] == 500
        assert expired[1] in {90, 91}
        assert fresh == (1500, 130)
        usable = {row["wallet"]: row["bonus"] for row in given["balances"]}
        assert usable == {card.wallet: 1500}, "what lies in the expired lot does not count"
        seat.done("sale", **sell)
    assert dated.rows("select * from ledger.verify()") == []
